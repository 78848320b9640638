package assay.server.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.UUID;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/// The sessions of handshake-era clients, least recently used first.
final class Sessions {
    private final SequencedMap<String, Session> byId = new LinkedHashMap<>(16, 0.75f, true);
    private final int most;
    private final Duration idle;

    Sessions(int most, Duration idle) {
        this.most = most;
        this.idle = idle;
    }

    /// Keeps a session; when there are too many, the one that nobody has used for longest makes
    /// room.
    ///
    /// @return its id, which cannot be guessed
    /// @throws HttpRefusal if all others are at work
    String open(Session session) {
        var id = UUID.randomUUID().toString();
        Session leaving = null;
        synchronized (this) {
            if (byId.size() >= most) {
                leaving = removeUnused();
            }
            byId.put(id, session);
        }
        if (leaving != null) {
            leaving.close();
        }
        return id;
    }

    private Session removeUnused() {
        for (var all = byId.values().iterator(); all.hasNext(); ) {
            var session = all.next();
            if (!session.isBusy()) {
                all.remove();
                return session;
            }
        }
        throw new HttpRefusal(
                HttpStatus.SERVICE_UNAVAILABLE_503,
                "All " + most + " sessions of this server are at work. Try again in a minute.");
    }

    synchronized @Nullable Session find(String id) {
        var session = byId.get(id);
        if (session != null) {
            session.touch();
        }
        return session;
    }

    void close(String id) {
        Session session;
        synchronized (this) {
            session = byId.remove(id);
        }
        if (session != null) {
            session.close();
        }
    }

    /// Closes what nobody has used for too long.
    void expire() {
        var leaving = new ArrayList<Session>();
        synchronized (this) {
            byId.values()
                    .removeIf(session -> {
                        var expired = session.isIdleFor(idle.toNanos());
                        return expired && leaving.add(session);
                    });
        }
        leaving.forEach(Session::close);
    }

    synchronized List<Session> all() {
        return List.copyOf(byId.values());
    }
}
