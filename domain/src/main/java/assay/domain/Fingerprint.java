package assay.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Short stand-ins for data, by SHA-256: the same data has the same one, other data another.
public final class Fingerprint {
    private Fingerprint() {}

    /// The fingerprint of a text, as 64 hexadecimal digits.
    public static String of(String text) {
        return HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /// The fingerprint of a name and numbers, as four numbers.
    public static long[] of(String name, long... numbers) {
        var digest = sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        for (var number : numbers) {
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        }
        var bytes = ByteBuffer.wrap(digest.digest());
        return new long[] {bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getLong()};
    }

    /// A digest of data too long for one piece.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
