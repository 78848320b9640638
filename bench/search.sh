# Sourced after npm.sh by the benchmarks of a search: the TypeScript SDK as peer, a folder of experiments, a warm start.

# Installs the SDK and copies the programs of bench/js beside it, where they find it.
install_peer() {
    install @modelcontextprotocol/sdk@1.32.2
    cp "$here"/js/* "$SCRATCH/"
}

# Makes a data folder with so many experiments, and the peer's database with the same ones.
fill() { # FOLDER COUNT
    rm -rf "$1"
    mkdir -p "$1"
    "$root/assay" do "$here/js/experiments.js" --params "{\"count\": $2}" --data "$1" > "$SCRATCH/filled" || {
        cat "$SCRATCH/filled" >&2
        return 1
    }
    "$NODE" --no-warnings "$SCRATCH/peer-fill.mjs" "$1/peer.sqlite" "$root/assay" --data "$1"
}

# Starts Assay once and waits until the ahead-of-time cache is made. CACHE is then its file, JAVA the JDK's folder.
await_cache() {
    local settings
    settings=$(ASSAY_JAVA_OPTS=-XshowSettings:properties "$root/assay" search '{}' --data "$SCRATCH/none" 2>&1)
    JAVA=$(sed -n 's/^ *java\.home = //p' <<< "$settings")
    CACHE=$(sed -n 's/^ *assay\.cache = //p' <<< "$settings")
    for _ in $(seq 600); do
        [ ! -f "$CACHE" ] || return 0
        sleep 0.2
    done
    echo "No ahead-of-time cache was made." >&2
    return 1
}
