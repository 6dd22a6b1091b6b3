package dev.patronstream.connector.capture;

import dev.patronstream.connector.epoch.StreamAssembly;
import dev.patronstream.connector.epoch.StreamAssembly.Unproven;
import dev.patronstream.schemas.Lsn;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proves the last transaction whole by counting its changes in the change tables. The change tables hold a commit in
 * full as soon as the engine can see it, so its count does not change and is asked once, and again only now and then in
 * case another capture instance has taken over. A transaction whose rest does not come for a long time is read again.
 */
final class TransactionCompleteness {

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final Duration GIVE_UP = Duration.ofMinutes(2);

    private final Session session;
    private @Nullable Lsn asked;
    private long expected;
    private long askedAt;
    private @Nullable Unproven incomplete;
    private long incompleteSince;

    TransactionCompleteness(Session session) {
        this.session = session;
    }

    /** Tells the assembly, where as many distinct changes have arrived as there are. */
    void prove(StreamAssembly assembly) throws SQLException {
        Optional<Unproven> last = assembly.unproven();
        if (last.isEmpty()) {
            return;
        }
        Unproven unproven = last.get();
        if (!unproven.lsn().equals(asked) || System.nanoTime() - askedAt > ASK_AGAIN.toNanos()) {
            expected = session.database()
                    .changesOf(unproven.lsn(), session.source().tracked());
            asked = unproven.lsn();
            askedAt = System.nanoTime();
        }
        if (unproven.arrived() == expected) {
            assembly.proven();
            incomplete = null;
        } else {
            requireProgress(unproven);
        }
    }

    private void requireProgress(Unproven unproven) {
        if (!unproven.equals(incomplete)) {
            incomplete = unproven;
            incompleteSince = System.nanoTime();
        } else if (System.nanoTime() - incompleteSince > GIVE_UP.toNanos()) {
            throw new IllegalStateException("Of commit " + unproven.lsn() + " " + unproven.arrived()
                    + " changes have arrived and the change tables hold " + expected
                    + "; nothing came for " + GIVE_UP.toSeconds() + " s, so it is read again");
        }
    }
}
