package assay.server;

import assay.domain.noun.Noun;
import assay.domain.noun.Nouns;
import assay.domain.store.DataFolder;
import assay.domain.store.NativeLibrary;
import assay.scripting.Sandbox;
import assay.server.cli.Installation;
import assay.server.cli.Scripts;
import assay.tools.Do;
import assay.tools.Fetch;
import assay.tools.Schedule;
import assay.tools.Search;
import assay.tools.Tools;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What a data folder opens into: all that a verb or a transport needs of the inside.
record Engine(Tools tools, DataFolder folder, Sandbox sandbox) implements AutoCloseable {
    /// Opens a data folder, which need not exist yet.
    ///
    /// @param withHooks false when no hook is to run
    /// @param cache where things are kept that can be made again
    /// @param scripts where scripts run, and within which limits
    static Engine open(
            Path data, boolean readOnly, boolean withHooks, Path cache, Scripts scripts) {
        NativeLibrary.keepIn(cache);
        var nouns = Nouns.load(Optional.of(data.resolve("nouns")));
        var folder = new DataFolder(data, nouns, readOnly);
        var sandbox = scripts.open(Installation.current().scriptCache());
        var clock = InstantSource.system();
        var search = new Search(folder, clock);
        var fetch = new Fetch(folder, clock);
        var run = new Do(folder, sandbox, scripts.limits(), clock, search, fetch, withHooks);
        return new Engine(new Tools(List.of(search, fetch, run)), folder, sandbox);
    }

    List<Noun> nouns() {
        return folder.nouns().all();
    }

    /// What starts and concludes experiments when their time has come.
    Schedule schedule() {
        return new Schedule(folder, tools, InstantSource.system());
    }

    @Override
    public void close() {
        sandbox.close();
        try {
            folder.bookkeeper().finish();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            folder.close();
        }
    }
}
