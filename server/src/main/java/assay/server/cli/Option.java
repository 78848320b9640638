package assay.server.cli;

import java.util.Locale;

/// One setting: the flag and the environment variable that carry it, and what it means.
///
/// The flag and the variable are spelled from the constant's name, so that knowing one is knowing
/// the other.
public enum Option {
    DATA("DIR", "the user's data folder", "Folder of the databases, one file per tenant."),
    TENANT("NAME", "default", "Whose database to use."),
    READ_ONLY("", "off", "Refuse every write."),
    NO_HOOKS("", "off", "Run no hooks."),
    HOST("ADDRESS", "127.0.0.1", "Address to listen on."),
    PORT("NUMBER", "8787", "Port to listen on; 0 takes any free one."),
    SANDBOX(
            "KIND",
            "process for http, else in-process",
            "Where scripts run: in-process, or process for a process of their own."),
    SCRIPT_TIME("TIME", "5s", "How long a script may run, such as 500ms, 5s or 2m."),
    SCRIPT_HEAP("SIZE", "64m", "How much memory a script may hold, such as 64m or 1g."),
    SCRIPT_CALLS("NUMBER", "10000", "How many functions of $ a script may call."),
    SCRIPT_OUTPUT(
            "SIZE",
            "100k",
            "How many characters a script may log; its result may have 40 times as many."),
    DRY_RUN("", "off", "Show what the script would change, and keep nothing."),
    IDEMPOTENCY_KEY("TEXT", "none", "Sent again with the same script: done once, same answer."),
    PARAMS("JSON", "none", "Value that the script sees as params."),
    RECIPE("NAME", "none", "Saved script to run instead of FILE."),
    EXPERIMENT("ID", "none", "Experiment that the events belong to."),
    METRIC("NAME", "the primary one", "Metric of events that name none."),
    FORMAT("NAME", "by the file's name, else json", "How rows are written: csv, jsonl or json."),
    CLIENT("NAME", "none", "One of claude-code, claude-desktop, cursor, vscode."),
    URL("URL", "none", "Endpoint of a running server; without it a server is started over stdio."),
    ENDPOINT(
            "URL", "none", "Base address of the model's API; nothing is sent anywhere without it."),
    API("NAME", "openai", "How the endpoint is spoken to: openai or anthropic."),
    MODEL("NAME", "none", "Model for prompts that name none."),
    CONCURRENCY("NUMBER", "4", "Requests under way at once."),
    PER_MINUTE("NUMBER", "no limit", "Requests sent in a minute at most."),
    RETRIES("NUMBER", "4", "How often a request is sent again that failed."),
    REQUEST_TIME("TIME", "2m", "How long an answer may take, such as 30s or 2m."),
    JUDGE("", "off", "Ask the model for judgements too, where the judge is one.");

    private final String placeholder;
    private final String fallback;
    private final String meaning;

    Option(String placeholder, String fallback, String meaning) {
        this.placeholder = placeholder;
        this.fallback = fallback;
        this.meaning = meaning;
    }

    /// The spelling on the command line, such as `--read-only`.
    public String flag() {
        return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The environment variable, such as `ASSAY_READ_ONLY`. The flag wins over it.
    public String variable() {
        return "ASSAY_" + name();
    }

    /// What stands for the value in help texts; empty for a switch, which takes none.
    public String placeholder() {
        return placeholder;
    }

    /// The value when nothing is given, in words.
    public String fallback() {
        return fallback;
    }

    /// One sentence.
    public String meaning() {
        return meaning;
    }

    boolean isSwitch() {
        return placeholder.isEmpty();
    }
}
