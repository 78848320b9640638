package assay.server.cli;

import static assay.server.cli.Option.API;
import static assay.server.cli.Option.CLIENT;
import static assay.server.cli.Option.CONCURRENCY;
import static assay.server.cli.Option.DATA;
import static assay.server.cli.Option.DRY_RUN;
import static assay.server.cli.Option.ENDPOINT;
import static assay.server.cli.Option.EXPERIMENT;
import static assay.server.cli.Option.FORMAT;
import static assay.server.cli.Option.HOST;
import static assay.server.cli.Option.IDEMPOTENCY_KEY;
import static assay.server.cli.Option.JUDGE;
import static assay.server.cli.Option.METRIC;
import static assay.server.cli.Option.MODEL;
import static assay.server.cli.Option.NO_HOOKS;
import static assay.server.cli.Option.PARAMS;
import static assay.server.cli.Option.PER_MINUTE;
import static assay.server.cli.Option.PORT;
import static assay.server.cli.Option.READ_ONLY;
import static assay.server.cli.Option.RECIPE;
import static assay.server.cli.Option.REQUEST_TIME;
import static assay.server.cli.Option.RETRIES;
import static assay.server.cli.Option.SANDBOX;
import static assay.server.cli.Option.SCRIPT_CALLS;
import static assay.server.cli.Option.SCRIPT_HEAP;
import static assay.server.cli.Option.SCRIPT_OUTPUT;
import static assay.server.cli.Option.SCRIPT_TIME;
import static assay.server.cli.Option.TENANT;
import static assay.server.cli.Option.URL;

import java.util.List;
import java.util.Locale;

/// One thing the program does.
public enum Verb {
    STDIO(
            "",
            "Serve one MCP client over standard input and output.",
            SANDBOX,
            SCRIPT_TIME,
            SCRIPT_HEAP,
            SCRIPT_CALLS,
            SCRIPT_OUTPUT),
    HTTP(
            "",
            "Serve MCP clients over HTTP.",
            HOST,
            PORT,
            SANDBOX,
            SCRIPT_TIME,
            SCRIPT_HEAP,
            SCRIPT_CALLS,
            SCRIPT_OUTPUT),
    DO(
            "FILE|-",
            "Run a script: from a file, from standard input, or a saved one.",
            DRY_RUN,
            IDEMPOTENCY_KEY,
            PARAMS,
            RECIPE,
            SANDBOX,
            SCRIPT_TIME,
            SCRIPT_HEAP,
            SCRIPT_CALLS,
            SCRIPT_OUTPUT),
    RUN(
            "ID",
            "Run a leased experiment on a model of your own, until all is recorded.",
            ENDPOINT,
            API,
            MODEL,
            CONCURRENCY,
            PER_MINUTE,
            RETRIES,
            REQUEST_TIME,
            JUDGE),
    DEMO("", "Play a prompt experiment from the plan to the conclusion, in some seconds."),
    SEARCH("JSON", "Call the tool search, for instance with '{\"type\": \"Experiment\"}'."),
    FETCH("JSON", "Call the tool fetch, for instance with '{\"type\": \"Schema\"}'."),
    NOUNS("", "List the nouns, how many fields each has, and its verbs."),
    BACKUP("FILE", "Copy the tenant's database to a new file while others use it."),
    VERIFY(
            "FILE|-",
            "Draw the conclusion of a decision certificate again from the events, and compare."),
    REPLAY(
            "FOLDER",
            "Run all recorded scripts again into a new folder, and compare.",
            SANDBOX,
            SCRIPT_TIME,
            SCRIPT_HEAP,
            SCRIPT_CALLS,
            SCRIPT_OUTPUT),
    IMPORT(
            "FILE|-",
            "Read events and exposures from a CSV or JSON lines file.",
            EXPERIMENT,
            METRIC,
            FORMAT),
    EXPORT("ID results|assignments|events", "Write the rows of an experiment.", FORMAT),
    CONFIG("", "Print the block that makes an MCP client start this Assay.", CLIENT),
    DOCTOR("", "Start the server as a client would, and say what works."),
    CALL("TOOL JSON", "Call a tool through an MCP client.", URL),
    /// Does what a client's first minute does, for the ahead-of-time cache. The launcher's own.
    TRAIN("core|do", "Exercise the program, with or without scripts, on a folder of its own.");

    private static final List<Option> EVERYWHERE = List.of(DATA, TENANT, READ_ONLY, NO_HOOKS);

    @SuppressWarnings("ImmutableEnumChecker") // List.of gives lists that cannot change.
    private final List<String> operands;

    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // As above.
    private final List<Option> own;

    Verb(String operands, String meaning, Option... own) {
        this.operands = operands.isEmpty() ? List.of() : List.of(operands.split(" ", -1));
        this.meaning = meaning;
        this.own = List.of(own);
    }

    /// The verb as users write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What must follow the verb, in order.
    public List<String> operands() {
        return operands;
    }

    /// One sentence.
    public String meaning() {
        return meaning;
    }

    /// The options of this verb alone.
    public List<Option> own() {
        return own;
    }

    /// The options of every verb.
    public static List<Option> everywhere() {
        return EVERYWHERE;
    }

    /// The options that this verb shares with the others: none where its folder is its own.
    List<Option> shared() {
        return this == TRAIN ? List.of() : EVERYWHERE;
    }

    boolean takes(Option option) {
        return own.contains(option) || shared().contains(option);
    }

    boolean isHidden() {
        return this == TRAIN;
    }

    /// How the verb is written, such as `assay do FILE|-`.
    String synopsis() {
        return operands.isEmpty()
                ? "assay " + word()
                : "assay " + word() + " " + String.join(" ", operands);
    }
}
