package assay.server.client;

import assay.domain.Reason;
import assay.domain.Refused;
import assay.server.cli.Installation;
import assay.server.cli.Settings;
import assay.tools.Reply;
import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import tools.jackson.databind.node.ObjectNode;

/// `assay call`: one tool call through an MCP client, over stdio to a server of its own or over
/// HTTP to one that is running.
public record CallVerb(Installation installation, Settings settings) {
    /// Calls the tool.
    ///
    /// @throws Refused if there is no server to speak with, or it has no such tool
    public Reply call(String tool, ObjectNode arguments) {
        try (var session = open()) {
            return session.call(tool, arguments);
        } catch (Refused refused) {
            throw refused;
        } catch (RuntimeException failure) {
            throw settings.url()
                    .map(url -> refusal(url, failure))
                    .orElseGet(() ->
                            new Refused(
                                    Reason.INVALID_REQUEST,
                                    "No session with the server: " + Doctor.words(failure),
                                    "Run assay doctor, which says what works."));
        }
    }

    private static Refused refusal(URI url, Throwable failure) {
        var deepest = failure;
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException) {
                return new Refused(
                        Reason.INVALID_REQUEST,
                        "Nothing answers at %s.".formatted(url),
                        "Start a server there with ./assay http, or correct the URL.");
            }
            deepest = cause;
        }
        return new Refused(
                Reason.INVALID_REQUEST,
                "No session with the server at %s: %s".formatted(url, Doctor.words(deepest)),
                "Write the URL like http://127.0.0.1:8787/mcp, or for the tenant acme like"
                        + " http://127.0.0.1:8787/~acme/mcp.");
    }

    private Session open() {
        if (settings.url().isPresent()) {
            return Session.overHttp(settings.url().get());
        }
        var command = new ArrayList<>(installation.command());
        command.addAll(ClientConfig.stdio(settings));
        return Session.overStdio(command, System.err::println);
    }
}
