package assay.server.cli;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/// The model that a run may call, and how hard.
///
/// @param endpoint the base address of the API; nothing is sent anywhere without it
/// @param key what the API knows the caller by; an endpoint of one's own may need none
/// @param model for prompts that name none
/// @param concurrency requests under way at once
/// @param perMinute requests sent in a minute, if that is limited
/// @param retries of one request
/// @param requestTime how long an answer may take
/// @param judges whether judgements are asked for too
public record ModelAccess(
        Optional<URI> endpoint,
        Api api,
        Optional<ApiKey> key,
        Optional<String> model,
        int concurrency,
        OptionalInt perMinute,
        int retries,
        Duration requestTime,
        boolean judges) {
    /// The variable that holds the key. There is no flag: flags can be read by other users.
    public static final String KEY = "ASSAY_API_KEY";

    /// None.
    public static final ModelAccess NONE =
            new ModelAccess(
                    Optional.empty(),
                    Api.OPENAI,
                    Optional.empty(),
                    Optional.empty(),
                    4,
                    OptionalInt.empty(),
                    4,
                    Duration.ofMinutes(2),
                    false);

    /// How an endpoint is spoken to.
    public enum Api {
        /// `POST …/chat/completions`, as OpenAI has it and many others do.
        OPENAI,
        /// `POST …/v1/messages`, as Anthropic has it.
        ANTHROPIC
    }

    /// A key, which no text of ours shows.
    public record ApiKey(String secret) {
        /// The text without the key, if that stands in it.
        public String struckFrom(String text) {
            return text.replace(secret, "…");
        }

        @Override
        public String toString() {
            return "…";
        }
    }
}
