package assay.server.mcp;

import assay.domain.JsonTree;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.node.ObjectNode;

/// The answers of earlier rounds, which the client keeps for us: signed for one method, target and
/// arguments, with a key that lives as long as the process.
final class RequestState {
    private static final byte[] KEY = new byte[32];

    static {
        new SecureRandom().nextBytes(KEY);
    }

    private RequestState() {}

    static String write(Message.Request request, ObjectNode answers) {
        var body = Json.bytes(answers);
        var base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(body) + "." + base64.encodeToString(sign(request, body));
    }

    /// @throws Refusal if the state was issued for another request, or changed
    static ObjectNode read(Message.Request request, String state) {
        try {
            var dot = state.indexOf('.');
            var body = Base64.getUrlDecoder().decode(state.substring(0, Math.max(dot, 0)));
            var signature = Base64.getUrlDecoder().decode(state.substring(dot + 1));
            if (MessageDigest.isEqual(signature, sign(request, body))) {
                return (ObjectNode) JsonTree.read(body);
            }
        } catch (IllegalArgumentException e) {
            // Not base64, so not one of ours.
        }
        throw Refusal.invalidParams(
                "requestState was not issued for this request, or was changed.");
    }

    private static byte[] sign(Message.Request request, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            add(mac, request.method());
            add(mac, Optional.ofNullable(request.target()).orElse(""));
            add(mac, JsonTree.text(request.params().path("arguments")));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(Mac mac, String part) {
        mac.update((part + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
