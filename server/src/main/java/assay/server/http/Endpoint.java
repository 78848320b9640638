package assay.server.http;

import assay.domain.Caller;
import assay.domain.Refused;
import assay.server.mcp.Channel;
import assay.server.mcp.Dispatcher;
import assay.server.mcp.Envelope;
import assay.server.mcp.Era;
import assay.server.mcp.Message;
import assay.server.mcp.Peer;
import assay.server.mcp.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// MCP over Streamable HTTP, both eras at `/mcp` and `/~{tenant}/mcp`. Runs on virtual threads, so
/// it simply blocks.
final class Endpoint extends Handler.Abstract {
    /// The longest body that is read, in bytes.
    static final int LONGEST_BODY = 16 * 1024 * 1024;

    private static final int USUAL_BODY = 64 * 1024;
    private static final String SESSION = "Mcp-Session-Id";
    private static final String METHODS = "POST, GET, DELETE";

    private final Dispatcher dispatcher;
    private final Caller caller;
    private final Sessions sessions;
    private final Pulse pulse;
    private volatile boolean stopping;

    Endpoint(Dispatcher dispatcher, Caller caller, Sessions sessions, Pulse pulse) {
        this.dispatcher = dispatcher;
        this.caller = caller;
        this.sessions = sessions;
        this.pulse = pulse;
    }

    /// From now on every request is turned away, and streams end.
    void turnAway() {
        stopping = true;
        pulse.open().forEach(Exchange::leave);
        sessions.all().forEach(session -> session.peer().hangUp());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        try {
            var caller = caller(Request.getPathInContext(request));
            if (caller.isEmpty()) {
                return false;
            }
            if (stopping) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
                throw new HttpRefusal(
                        HttpStatus.SERVICE_UNAVAILABLE_503, "This server is stopping.");
            }
            switch (request.getMethod()) {
                case "POST" -> post(caller.get(), request, response, callback);
                case "GET" -> get(caller.get(), request, response, callback);
                case "DELETE" -> delete(caller.get(), request, response, callback);
                default -> {
                    response.getHeaders().put(HttpHeader.ALLOW, METHODS);
                    throw new HttpRefusal(
                            HttpStatus.METHOD_NOT_ALLOWED_405, "Use one of: " + METHODS + ".");
                }
            }
        } catch (HttpRefusal refusal) {
            Answers.json(refusal.status(), refusal.reply(), response, callback);
        } catch (Refusal refusal) {
            Answers.json(HttpStatus.BAD_REQUEST_400, refusal.reply(), response, callback);
        } catch (Refused refused) {
            Answers.refuse(
                    HttpStatus.BAD_REQUEST_400,
                    message(refused) + " " + refused.repair(),
                    response,
                    callback);
        }
        return true;
    }

    private static String message(RuntimeException e) {
        return Optional.ofNullable(e.getMessage()).orElse("");
    }

    /// On whose behalf requests to this path happen; nobody's when MCP is not served there.
    private Optional<Caller> caller(String path) {
        if (path.equals("/mcp")) {
            return Optional.of(caller);
        }
        if (!path.startsWith("/~")
                || path.indexOf('/', 1) != path.length() - 4
                || !path.endsWith("/mcp")) {
            return Optional.empty();
        }
        return Optional.of(
                new Caller(
                        path.substring(2, path.length() - 4), caller.actor(), caller.readOnly()));
    }

    private void post(Caller caller, Request request, Response response, Callback callback)
            throws IOException {
        var headers = request.getHeaders();
        if (!isJson(headers.get(HttpHeader.CONTENT_TYPE))) {
            throw new HttpRefusal(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
                    "Send the message with Content-Type: application/json.");
        }
        var accept = Accept.of(headers);
        if (!accept.json() && !accept.stream()) {
            throw new HttpRefusal(
                    HttpStatus.NOT_ACCEPTABLE_406,
                    "Send Accept: application/json, text/event-stream.");
        }
        var message = Message.read(body(request));
        if (message instanceof Message.Request call) {
            try {
                answer(caller, call, accept, request, response, callback);
            } catch (HttpRefusal refusal) {
                throw refusal.about(call.id());
            }
            return;
        }
        if (message instanceof Message.Response answer) {
            session(caller, headers).peer().answered(answer);
        } else if (message instanceof Message.Notification notification
                && headers.contains(SESSION)) {
            dispatcher.accept(session(caller, headers).peer(), notification);
        }
        Answers.empty(HttpStatus.ACCEPTED_202, response, callback);
    }

    private static boolean isJson(@Nullable String type) {
        if (type == null) {
            return false;
        }
        var semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon))
                .strip()
                .equalsIgnoreCase("application/json");
    }

    private static byte[] body(Request request) throws IOException {
        if (request.getLength() > LONGEST_BODY) {
            throw tooLarge();
        }
        try (var in = Content.Source.asInputStream(request)) {
            var length = request.getLength();
            if (length >= 0 && length <= USUAL_BODY) {
                return readExactly(in, (int) length);
            }
            var body = in.readNBytes(LONGEST_BODY + 1);
            if (body.length > LONGEST_BODY) {
                throw tooLarge();
            }
            return body;
        }
    }

    private static byte[] readExactly(InputStream in, int length) throws IOException {
        var body = new byte[length];
        in.readNBytes(body, 0, length);
        // The end has to be seen: an exchange reads ahead on the connection.
        if (in.read() >= 0) {
            throw new HttpRefusal(HttpStatus.BAD_REQUEST_400, "The body is longer than announced.");
        }
        return body;
    }

    private static HttpRefusal tooLarge() {
        return new HttpRefusal(
                HttpStatus.PAYLOAD_TOO_LARGE_413,
                "A message may be " + LONGEST_BODY + " bytes long.");
    }

    private void answer(
            Caller caller,
            Message.Request call,
            Accept accept,
            Request request,
            Response response,
            Callback callback) {
        var headers = request.getHeaders();
        if (Envelope.isStateless(call)
                || Era.STATELESS.newest().equals(headers.get(RequestHeaders.VERSION))) {
            RequestHeaders.check(headers, call);
            var envelope = Envelope.stateless(call);
            var peer = new Peer(caller, Channel.NOWHERE);
            var exchange = new Exchange(request, response, callback, accept, pulse, peer);
            var answer = run(peer, call, envelope, exchange);
            exchange.end(answer, answer == null ? HttpStatus.OK_200 : status(answer));
        } else if (call.method().equals("initialize")) {
            initialize(caller, call, accept, request, response, callback);
        } else {
            var session =
                    call.method().equals("ping") && !headers.contains(SESSION)
                            ? new Session(caller)
                            : session(caller, headers);
            var envelope = Envelope.handshake(call, session.peer());
            var exchange = new Exchange(request, response, callback, accept, pulse, null);
            var answer = run(session.peer(), call, envelope, exchange);
            session.touch();
            exchange.end(answer, HttpStatus.OK_200);
        }
    }

    private void initialize(
            Caller caller,
            Message.Request call,
            Accept accept,
            Request request,
            Response response,
            Callback callback) {
        if (request.getHeaders().contains(SESSION)) {
            throw Refusal.invalidRequest(
                            "This session is initialized already. Send initialize without the header "
                                    + SESSION
                                    + ".")
                    .about(call.id());
        }
        var session = new Session(caller);
        var envelope = Envelope.handshake(call, session.peer());
        var id = sessions.open(session);
        var exchange = new Exchange(request, response, callback, accept, pulse, null);
        var answer = run(session.peer(), call, envelope, exchange);
        if (session.peer().introduced()) {
            response.getHeaders().put(SESSION, id);
        } else {
            sessions.close(id);
        }
        exchange.end(answer, HttpStatus.OK_200);
    }

    private @Nullable ObjectNode run(
            Peer peer, Message.Request call, Envelope envelope, Exchange exchange) {
        try {
            return dispatcher.run(dispatcher.open(peer, call, envelope, exchange));
        } catch (Refusal refusal) {
            return refusal.reply();
        }
    }

    private static int status(ObjectNode answer) {
        return switch (answer.path("error").path("code").asInt(0)) {
            case -32601 -> HttpStatus.NOT_FOUND_404;
            case -32021 -> HttpStatus.BAD_REQUEST_400;
            default -> HttpStatus.OK_200;
        };
    }

    /// The stream for what belongs to no request.
    private void get(Caller caller, Request request, Response response, Callback callback)
            throws InterruptedException {
        var headers = request.getHeaders();
        if (!Accept.of(headers).stream()) {
            throw new HttpRefusal(HttpStatus.NOT_ACCEPTABLE_406, "Send Accept: text/event-stream.");
        }
        if (!headers.contains(SESSION)) {
            response.getHeaders().put(HttpHeader.ALLOW, "POST");
            throw new HttpRefusal(
                    HttpStatus.METHOD_NOT_ALLOWED_405,
                    "Without a session there is no stream. Use POST.");
        }
        var session = session(caller, headers);
        var stream =
                new Exchange(request, response, callback, new Accept(false, true), pulse, null);
        session.listen(stream);
        try {
            stream.listen();
        } finally {
            session.unlisten(stream);
        }
    }

    private void delete(Caller caller, Request request, Response response, Callback callback) {
        session(caller, request.getHeaders());
        sessions.close(request.getHeaders().get(SESSION));
        Answers.empty(HttpStatus.NO_CONTENT_204, response, callback);
    }

    private Session session(Caller caller, HttpFields headers) {
        var version = headers.get(RequestHeaders.VERSION);
        if (version != null && !Era.HANDSHAKE.versions().contains(version)) {
            throw new HttpRefusal(
                    HttpStatus.BAD_REQUEST_400,
                    "Protocol version '" + version + "' is not supported.");
        }
        var id = headers.get(SESSION);
        if (id == null) {
            throw new HttpRefusal(
                    HttpStatus.BAD_REQUEST_400,
                    "The header " + SESSION + " is missing. Send initialize first.");
        }
        var session = sessions.find(id);
        if (session == null || !session.peer().caller().equals(caller)) {
            throw new HttpRefusal(
                    HttpStatus.NOT_FOUND_404,
                    "There is no such session. Send initialize to open another.");
        }
        return session;
    }
}
