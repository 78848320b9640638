package assay.server.run;

import assay.domain.JsonTree;
import assay.domain.Quoted;
import assay.server.cli.ModelAccess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The model's API: sends one request, and says what came of it. No message that leaves it has the
/// key, and no answer has one of 8 or more characters.
final class Endpoint implements AutoCloseable {
    static final String INPUT = "inputTokens";
    static final String OUTPUT = "outputTokens";
    static final String COST = "costUsd";

    private static final long LARGEST_ANSWER = 16L << 20;
    private static final int SHORTEST_KEY = 8;
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    /// Answers that say that nothing would be answered: the key, the rights, the address, the
    /// model.
    private static final Set<Integer> MISCONFIGURED = Set.of(401, 402, 403, 404, 405, 421);

    private static final int TOO_MANY = 429;
    private static final int OVERLOADED = 529;
    private static final Set<Integer> WORTH_A_RETRY = Set.of(408, 409, 425, 500, 502, 503, 504);

    private final ModelAccess access;
    private final String base;
    private final Dialect dialect;
    private final Time time;
    private final HttpClient client;

    /// @param access one that names an endpoint
    Endpoint(ModelAccess access, Time time) {
        this.access = access;
        this.base = access.endpoint().orElseThrow().toString().replaceAll("/+$", "");
        this.dialect = Dialect.of(access.api());
        this.time = time;
        this.client =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(access.requestTime())
                        .build();
    }

    Reply ask(Question question) throws InterruptedException {
        var request =
                HttpRequest.newBuilder(dialect.address(base))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .timeout(access.requestTime())
                        .POST(
                                BodyPublishers.ofByteArray(
                                        JsonTree.text(dialect.body(question))
                                                .getBytes(StandardCharsets.UTF_8)));
        dialect.headers(access.key()).forEach(request::header);
        var began = System.nanoTime();
        var sent =
                client.sendAsync(
                        request.build(),
                        BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_ANSWER));
        try {
            // The request's own timeout ends with the headers.
            var response = sent.get(access.requestTime().toMillis(), TimeUnit.MILLISECONDS);
            return read(response, Duration.ofNanos(System.nanoTime() - began));
        } catch (TimeoutException late) {
            return tooLate();
        } catch (ExecutionException failed) {
            return failed(failed.getCause());
        } finally {
            sent.cancel(true);
        }
    }

    private Reply tooLate() {
        return new Reply.Unavailable(
                "no answer within %d ms".formatted(access.requestTime().toMillis()),
                false,
                true,
                Optional.empty());
    }

    private Reply failed(@Nullable Throwable cause) {
        if (cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnknownHostException
                || (cause != null && cause.getCause() instanceof UnresolvedAddressException)) {
            return new Reply.Unavailable(
                    "%s cannot be reached".formatted(base), false, false, Optional.empty());
        }
        if (cause instanceof HttpTimeoutException) {
            return tooLate();
        }
        if (cause instanceof IOException) {
            return new Reply.Unavailable(
                    told("the connection broke", String.valueOf(cause.getMessage())),
                    false,
                    true,
                    Optional.empty());
        }
        throw new IllegalStateException(cause);
    }

    private Reply read(HttpResponse<byte[]> response, Duration latency) {
        var status = response.statusCode();
        var body = new String(response.body(), StandardCharsets.UTF_8);
        if (status == 200) {
            return answer(body, latency);
        }
        var why = told("HTTP " + status, body);
        if (status == TOO_MANY || status == OVERLOADED) {
            return new Reply.Unavailable(why, true, false, retryAfter(response));
        }
        if (WORTH_A_RETRY.contains(status)) {
            return new Reply.Unavailable(why, false, true, retryAfter(response));
        }
        return MISCONFIGURED.contains(status) || status < 400
                ? new Reply.Misconfigured(why)
                : new Reply.Rejected(why);
    }

    private Reply answer(String body, Duration latency) {
        JsonNode json;
        try {
            json = JsonTree.read(body);
        } catch (JacksonException malformed) {
            return new Reply.Failed(told("the answer is not JSON", body));
        }
        var text = dialect.text(json);
        if (text.isEmpty()) {
            return new Reply.Failed(told("the answer holds no text", body));
        }
        var usage = dialect.usage(json);
        return new Reply.Said(
                answered(text.get()),
                whole(usage.get(INPUT)),
                whole(usage.get(OUTPUT)),
                cost(usage.get(COST)),
                latency);
    }

    private static OptionalLong whole(@Nullable JsonNode number) {
        return number != null && number.isIntegralNumber() && number.longValue() >= 0
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    private static OptionalDouble cost(@Nullable JsonNode number) {
        return number != null && number.isNumber() && number.doubleValue() >= 0
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    /// A number of seconds, or a date.
    private Optional<Duration> retryAfter(HttpResponse<byte[]> response) {
        var given = response.headers().firstValue("retry-after").map(String::strip).orElse("");
        try {
            var wait =
                    given.matches("\\d{1,9}(\\.\\d+)?")
                            ? Duration.ofMillis(Math.round(1000 * Double.parseDouble(given)))
                            : Duration.between(
                                    time.now(),
                                    ZonedDateTime.parse(
                                            given, DateTimeFormatter.RFC_1123_DATE_TIME));
            return Optional.of(wait)
                    .filter(Duration::isPositive)
                    .map(one -> one.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : one);
        } catch (DateTimeException neither) {
            return Optional.empty();
        }
    }

    /// What an endpoint says is somebody else's text: quoted, cut, and without the key, which some
    /// repeat.
    private String told(String what, String text) {
        var shown = struck(text).strip();
        // In JSON the key may be written with escapes, and is only found once they are read.
        return shown.isEmpty() ? what : what + ": " + Quoted.of(struck(message(shown)));
    }

    private String struck(String text) {
        return access.key().map(key -> key.struckFrom(text)).orElse(text);
    }

    /// An answer without the key. One of three characters is none, and stands in many words.
    private String answered(String text) {
        return access.key().filter(key -> key.secret().length() >= SHORTEST_KEY).isPresent()
                ? struck(text)
                : text;
    }

    /// The message within an error record, as both kinds of endpoints have it.
    private static String message(String text) {
        try {
            var error = JsonTree.read(text).path("error");
            return error.path("message").asString(error.isString() ? error.stringValue() : text);
        } catch (JacksonException notJson) {
            return text;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
