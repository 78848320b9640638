package assay.server.cli;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Everything that can be set, after flags and environment have been read. The components are those
/// of [Option]; an option that the verb does not take has its default.
///
/// @param data absolute and normal
/// @param hasDataFlag true when the flag named that folder, so that a command without it means
///   another
/// @param port 0 for any free one
/// @param params JSON text
public record Settings(
        Path data,
        boolean hasDataFlag,
        String tenant,
        boolean readOnly,
        boolean noHooks,
        String host,
        int port,
        Scripts scripts,
        boolean dryRun,
        Optional<String> idempotencyKey,
        Optional<String> params,
        Optional<String> recipe,
        Optional<String> experiment,
        Optional<String> metric,
        Optional<String> format,
        Optional<String> client,
        Optional<URI> url,
        ModelAccess model) {

    static Settings of(Verb verb, Map<Option, String> flags, Map<String, String> environment) {
        var given = new Given(new EnumMap<>(Option.class));
        for (var option : Option.values()) {
            if (verb.takes(option)) {
                given.take(option, flags.get(option), environment.get(option.variable()));
            }
        }
        given.checkThatUrlStandsAlone(flags);
        return new Settings(
                given.folder(environment),
                Given.isSet(flags.getOrDefault(Option.DATA, "")),
                given.text(Option.TENANT).orElse("default"),
                given.flag(Option.READ_ONLY),
                given.flag(Option.NO_HOOKS),
                given.text(Option.HOST).orElse("127.0.0.1"),
                given.port(),
                given.scripts(verb == Verb.HTTP),
                given.flag(Option.DRY_RUN),
                given.text(Option.IDEMPOTENCY_KEY),
                given.text(Option.PARAMS),
                given.text(Option.RECIPE),
                given.text(Option.EXPERIMENT),
                given.text(Option.METRIC),
                given.text(Option.FORMAT),
                given.text(Option.CLIENT),
                given.url(),
                given.model(environment));
    }

    /// The folder for what can be made again.
    public static Path cacheFolder(Map<String, String> environment) {
        var cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        var home = environment.getOrDefault("HOME", System.getProperty("user.home", ""));
        return cache.startsWith("/") ? Path.of(cache, "assay") : Path.of(home, ".cache", "assay");
    }

    /// The folder that holds a user's data when nobody names one.
    ///
    /// @param system the name of the operating system, as Java gives it
    static Path usualFolder(Map<String, String> environment, String home, String system) {
        var shared = environment.getOrDefault("XDG_DATA_HOME", "");
        if (system.startsWith("Mac")) {
            return Path.of(home, "Library", "Application Support", "assay");
        }
        // A relative path in an XDG variable must be ignored, says that specification.
        return shared.startsWith("/")
                ? Path.of(shared, "assay")
                : Path.of(home, ".local", "share", "assay");
    }

    /// The values that were given, each as its writer wrote it.
    private record Given(Map<Option, String> values) {
        void take(Option option, @Nullable String flag, @Nullable String variable) {
            if (flag != null && isSet(flag)) {
                values.put(option, flag);
            } else if (variable != null && isSet(variable)) {
                values.put(option, variable);
            }
        }

        /// Clients that do not know a variable pass its placeholder on as it stands.
        private static boolean isSet(String value) {
            return !value.isBlank() && !(value.startsWith("${") && value.endsWith("}"));
        }

        Optional<String> text(Option option) {
            return Optional.ofNullable(values.get(option));
        }

        boolean flag(Option option) {
            var value = text(option).orElse("false").toLowerCase(Locale.ROOT);
            if (List.of("true", "1", "yes", "on").contains(value)) {
                return true;
            }
            if (List.of("false", "0", "no", "off").contains(value)) {
                return false;
            }
            throw wrong(option, "neither true nor false", "Write true or false.");
        }

        int port() {
            var value = text(Option.PORT).orElse("8787");
            try {
                int port = Integer.parseInt(value);
                if (port >= 0 && port <= 65_535) {
                    return port;
                }
            } catch (NumberFormatException _) {
                // Refused below, like a number out of range.
            }
            throw wrong(Option.PORT, "not a port", "Write a number from 0 to 65535.");
        }

        Scripts scripts(boolean apart) {
            var time =
                    amount(
                            Option.SCRIPT_TIME,
                            Amount::milliseconds,
                            10,
                            600_000,
                            "not a time from 10ms to 10m",
                            "Write a number and a unit, such as 500ms, 5s or 2m.");
            var heap =
                    amount(
                            Option.SCRIPT_HEAP,
                            Amount::size,
                            8L << 20,
                            16L << 30,
                            "not a size from 8m to 16g",
                            "Write a number and a unit, such as 64m or 1g.");
            var calls =
                    amount(
                            Option.SCRIPT_CALLS,
                            Amount::number,
                            1,
                            1_000_000_000,
                            "not a number from 1 to 1000000000",
                            "Write how many calls a script may make, such as 10000.");
            var output =
                    amount(
                            Option.SCRIPT_OUTPUT,
                            Amount::size,
                            1L << 10,
                            16L << 20,
                            "not a size from 1k to 16m",
                            "Write a number and a unit, such as 100k or 1m.");
            var usual = Scripts.DEFAULT;
            return new Scripts(
                    inProcess(!apart),
                    Duration.ofMillis(time.orElse(usual.time().toMillis())),
                    heap.orElse(usual.heapBytes()),
                    (int) calls.orElse(usual.calls()),
                    (int) output.orElse(usual.outputCharacters()));
        }

        ModelAccess model(Map<String, String> environment) {
            var usual = ModelAccess.NONE;
            var key = environment.getOrDefault(ModelAccess.KEY, "").strip();
            if (isSet(key) && !key.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new Usage(
                        ModelAccess.KEY + " has characters that no key has.",
                        "Set it to the key alone, without blanks and line ends.");
            }
            return new ModelAccess(
                    endpoint(),
                    api(),
                    isSet(key) && values.containsKey(Option.ENDPOINT)
                            ? Optional.of(new ModelAccess.ApiKey(key))
                            : Optional.empty(),
                    text(Option.MODEL),
                    count(Option.CONCURRENCY, 1, 256).orElse(usual.concurrency()),
                    count(Option.PER_MINUTE, 1, 1_000_000),
                    count(Option.RETRIES, 0, 20).orElse(usual.retries()),
                    Duration.ofMillis(
                            amount(
                                            Option.REQUEST_TIME,
                                            Amount::milliseconds,
                                            10,
                                            3_600_000,
                                            "not a time from 10ms to 60m",
                                            "Write a number and a unit, such as 30s or 2m.")
                                    .orElse(usual.requestTime().toMillis())),
                    flag(Option.JUDGE));
        }

        private OptionalInt count(Option option, int least, int most) {
            var count =
                    amount(
                            option,
                            Amount::number,
                            least,
                            most,
                            "not a number from %d to %d".formatted(least, most),
                            "Write a whole number.");
            return count.isPresent()
                    ? OptionalInt.of((int) count.getAsLong())
                    : OptionalInt.empty();
        }

        private ModelAccess.Api api() {
            var name = text(Option.API).orElse("openai");
            for (var api : ModelAccess.Api.values()) {
                if (api.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return api;
                }
            }
            throw wrong(Option.API, "not an API", "Write openai or anthropic.");
        }

        private Optional<URI> endpoint() {
            try {
                var endpoint = text(Option.ENDPOINT).map(URI::create);
                var isPlain =
                        endpoint.filter(uri ->
                                        isOfServer(uri)
                                                && uri.getRawUserInfo() == null
                                                && uri.getRawQuery() == null
                                                && uri.getRawFragment() == null)
                                .isPresent();
                if (endpoint.isEmpty() || isPlain) {
                    return endpoint;
                }
            } catch (IllegalArgumentException _) {
                // Refused below, like another scheme.
            }
            throw new Usage(
                    "%s (%s) is not the base address of an API."
                            .formatted(Option.ENDPOINT.flag(), Option.ENDPOINT.variable()),
                    "Write it like http://127.0.0.1:11434/v1, with the key in %s alone."
                            .formatted(ModelAccess.KEY));
        }

        private boolean inProcess(boolean usual) {
            return switch (text(Option.SANDBOX).orElse("")) {
                case "" -> usual;
                case "in-process" -> true;
                case "process" -> false;
                default ->
                        throw wrong(
                                Option.SANDBOX, "not a sandbox", "Write in-process or process.");
            };
        }

        private OptionalLong amount(
                Option option,
                Function<String, OptionalLong> reading,
                long least,
                long most,
                String what,
                String repair) {
            var given = text(option);
            if (given.isEmpty()) {
                return OptionalLong.empty();
            }
            var amount = reading.apply(given.get());
            if (amount.isEmpty() || amount.getAsLong() < least || amount.getAsLong() > most) {
                throw wrong(option, what, repair);
            }
            return amount;
        }

        Path folder(Map<String, String> environment) {
            var home = environment.getOrDefault("HOME", System.getProperty("user.home", ""));
            var value = text(Option.DATA).orElse("");
            try {
                if (value.isEmpty()) {
                    return usualFolder(environment, home, System.getProperty("os.name", ""));
                }
                // No shell has been at the values in a client's configuration file.
                var path = value.startsWith("~/") ? home + value.substring(1) : value;
                return Path.of(path).toAbsolutePath().normalize();
            } catch (InvalidPathException _) {
                throw wrong(Option.DATA, "not a path", "Name a folder.");
            }
        }

        Optional<URI> url() {
            try {
                var url = text(Option.URL).map(URI::create);
                if (url.isEmpty() || isOfServer(url.get())) {
                    return url;
                }
            } catch (IllegalArgumentException _) {
                // Refused below, like another scheme.
            }
            throw wrong(
                    Option.URL,
                    "not the URL of a server",
                    "Write it like http://127.0.0.1:8787/mcp.");
        }

        private static boolean isOfServer(URI url) {
            var scheme = url.getScheme();
            return ("http".equals(scheme) || "https".equals(scheme))
                    && url.getRawAuthority() != null;
        }

        /// A server that runs has settings of its own: those given here would do nothing. A folder
        /// from the environment is let pass, as it is often set for all verbs.
        void checkThatUrlStandsAlone(Map<Option, String> flags) {
            var url = url();
            if (url.isEmpty()) {
                return;
            }
            if (values.containsKey(Option.TENANT)) {
                throw besideUrl(
                        Option.TENANT,
                        "Put the tenant into the URL: %s://%s/~%s/mcp."
                                .formatted(
                                        url.get().getScheme(),
                                        url.get().getRawAuthority(),
                                        values.get(Option.TENANT)));
            }
            if (flag(Option.READ_ONLY)) {
                throw besideUrl(Option.READ_ONLY, "Start that server with --read-only.");
            }
            if (flag(Option.NO_HOOKS)) {
                throw besideUrl(Option.NO_HOOKS, "Start that server with --no-hooks.");
            }
            if (flags.containsKey(Option.DATA)) {
                throw besideUrl(Option.DATA, "Leave it out: that server has a folder already.");
            }
        }

        private static Usage besideUrl(Option option, String repair) {
            return new Usage(
                    option.flag()
                            + " ("
                            + option.variable()
                            + ") does nothing at the running server of --url.",
                    repair);
        }

        private Usage wrong(Option option, String what, String repair) {
            var value = text(option).orElse("");
            var names = option.flag() + " (" + option.variable() + ")";
            return new Usage("'" + value + "' for " + names + " is " + what + ".", repair);
        }
    }
}
