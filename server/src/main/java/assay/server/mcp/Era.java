package assay.server.mcp;

import java.util.List;

/// The two shapes of MCP: with a handshake and a session, or with everything in each request.
public enum Era {
    HANDSHAKE("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"),
    STATELESS("2026-07-28");

    @SuppressWarnings("ImmutableEnumChecker") // List.of gives an immutable one
    private final List<String> versions;

    Era(String... versions) {
        this.versions = List.of(versions);
    }

    /// The protocol versions of this era, oldest first.
    public List<String> versions() {
        return versions;
    }

    /// The version offered to a client that asks for one we do not know.
    public String newest() {
        return versions.getLast();
    }
}
