package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.PendingDelivery;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.destination.Upload;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.file.StoredFile;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.ledger.DeliveredTable;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.FeedStates;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of a feed's deliveries when an attempt begins, each part held against the others before it is believed.
 *
 * <p>The state of the feed, the receipts and the rows that the vendor holds are written together, so any two that do not
 * fit say that a topic has lost records. So does a delivery in the archive that is newer than all of them. What is missing
 * is taken from the archive where it is there, the vendor's folder is asked which file it has, and nothing is believed to
 * be unchanged. For one attempt and one thread.
 */
final class FeedMemory {

    private static final Logger LOGGER = LoggerFactory.getLogger(FeedMemory.class);

    private final DeliveryContext context;
    private final Topics topics;
    private final FeedSettings feed;
    private final List<Delivery> receipts;
    private final List<String> doubts = new ArrayList<>();
    private final Optional<PendingDelivery> lost;
    private final boolean asksVendor;
    private final Instant at;
    private FeedState state;

    /** Reads what is known, to be written by the ledger; without one, to be looked at only. */
    FeedMemory(DeliveryContext context, Optional<DeliveryLedger> ledger, Instant at) {
        this.context = context;
        this.topics = context.settings().topics();
        this.feed = context.feed();
        this.asksVendor = ledger.isPresent();
        this.at = at;
        state = ledger.map(DeliveryLedger::state).orElseGet(context::state);
        receipts = context.receipts().of(feed.feed());
        compareWithReceipts();
        lost = newerInArchive();
        if (lost.isPresent() && state.getPending().isEmpty()) {
            // Each receipt carries it on until a file arrives, so that an attempt that fails does not forget it.
            state = FeedState.newBuilder(state).setPending(lost.get()).build();
        }
        ledger.ifPresent(open -> open.restate(state));
    }

    FeedState state() {
        return state;
    }

    List<Delivery> receipts() {
        return receipts;
    }

    /** Returns for people, a sentence each, what does not fit; then nothing counts as unchanged. */
    List<String> doubts() {
        return List.copyOf(doubts);
    }

    /** Returns the files that the vendor has, as far as that is beyond doubt. */
    Map<String, String> files() {
        return doubts.isEmpty() ? state.getFiles() : Map.of();
    }

    /** The newest receipts are not lost when the state is; what they say is repeated. */
    private void compareWithReceipts() {
        FeedState read = state;
        boolean isLost = false;
        for (Delivery receipt : receipts) {
            // Who is stopped before anything is placed writes a receipt alone.
            boolean isNewer = receipt.getSequence() > read.getSequence();
            if (isNewer || FeedStates.isAnswered(state, receipt)) {
                state = FeedStates.after(state, receipt);
                isLost |= isNewer && (receipt.getResult() != DeliveryResult.SENDING || FeedStates.mayArrive(receipt));
            }
        }
        if (isLost) {
            doubt("The topic " + topics.feedStates() + " has lost the state of the feed since delivery "
                    + read.getLastDelivery().orElse("none") + "; it was made again from the receipts");
        } else if (state.getLastDelivery().isPresent()
                && !hasReceipt(state.getLastDelivery().get())) {
            doubt("The topic " + topics.deliveries() + " has lost the receipt of "
                    + state.getLastDelivery().get());
        }
    }

    /** What came before the receipt of a file that arrived says that it was under way. */
    private boolean hasReceipt(String id) {
        boolean arrived = state.getLastResult().filter(Receipts::hasArrived).isPresent();
        return Receipts.find(receipts, id)
                .filter(receipt -> !arrived || receipt.getResult() != DeliveryResult.SENDING)
                .isPresent();
    }

    /** A power failure may take the newest records of every topic, but not the files on this machine. */
    private Optional<PendingDelivery> newerInArchive() {
        String file = feed.rowFiles().get(feed.rowFiles().size() - 1);
        try {
            Optional<PendingDelivery> newest = Optional.empty();
            for (String id : context.archive().after(feed.feed(), state.getSequence(), file)) {
                StoredFile stored = context.archive().stored(feed.feed(), id, file);
                PendingDelivery delivery = new PendingDelivery(id, file, stored.sha256(), stored.bytes());
                newest = newest.or(() -> Optional.of(delivery));
                // Attempts that failed or wait have copies as well: the vendor says which one it has.
                if (!asksVendor || !isThere(delivery).equals(Optional.of(false))) {
                    return feed.destination().map(any -> delivery);
                }
            }
            if (newest.isPresent()
                    && state.getSequence() < 0
                    && feed.destination().isPresent()) {
                doubt("The topics of the feed's deliveries are new, and the vendor has no file that the archive of this"
                        + " machine has, so anyone who left since may be missing in the file. " + compare());
            }
            return feed.destination().isPresent() ? newest : Optional.empty();
        } catch (IOException e) {
            LOGGER.atInfo().addKeyValue("feed", feed.feed()).setCause(e).log("The archive could not be looked through");
            return Optional.empty();
        }
    }

    /**
     * Reads what the vendor holds of each person, and puts it right where that is known.
     *
     * @param compared headers of the columns to compare with a new file; empty for all
     */
    DeliveredTable held(Optional<Set<String>> compared) throws IOException {
        Optional<PendingDelivery> pending = state.getPending();
        DeliveredTable table = new DeliveredTable(
                topics,
                feed.feed(),
                context.settings().kafka(),
                context.serdes(),
                compared,
                feed.layout().layout().identifiers(),
                pending.map(PendingDelivery::getDeliveryId));
        Optional<String> last = state.getHeld().map(HeldDelivery::getDeliveryId);
        boolean isKnown = !state.getRows().isEmpty();
        if ((isKnown || last.isPresent()) && !state.getRows().equals(table.digest())) {
            boolean isBack = last.isPresent() && replay(last.get(), table, false);
            if (isKnown || !isBack) {
                doubt("The topic " + topics.delivered(feed.feed())
                        + (isKnown ? " has lost rows, or has some that no delivery wrote; " : " may have lost rows; ")
                        + (isBack
                                ? "what the archive has of the last delivery was put in their place"
                                : "the archive of this machine has no copy of the last delivery, so anyone who left since may"
                                        + " be missing in the file. " + compare()));
            }
        }
        if (pending.isPresent() && !pending.equals(lost) && asksVendor) {
            Optional<Boolean> arrived = isThere(pending.get());
            if (arrived.equals(Optional.of(false))) {
                table.takeBackDoubtful();
                // What compaction has taken from the topic of those who came back may be in the archive.
                if (last.isPresent()) {
                    replay(last.get(), table, true);
                }
            } else {
                replay(pending.get().getDeliveryId(), table, arrived.isEmpty());
            }
        }
        if (lost.isPresent() && asksVendor) {
            Optional<Boolean> arrived = isThere(lost.get());
            if (arrived.equals(Optional.of(true))) {
                doubt("The vendor has the file of " + lost.get().getDeliveryId()
                        + ", and the topics have lost what was written of it");
            }
            if (!arrived.equals(Optional.of(false))) {
                replay(lost.get().getDeliveryId(), table, arrived.isEmpty());
            }
        }
        return table;
    }

    private Optional<Boolean> isThere(PendingDelivery delivery) {
        return feed.destination()
                .flatMap(there -> Upload.isThere(
                        there, feed.destinationPath(), delivery.getFile(), delivery.getSha256(), delivery.getBytes()));
    }

    /** False where this machine has no copy of the delivery. */
    private boolean replay(String id, DeliveredTable table, boolean onlyNew) throws IOException {
        boolean exists = Files.exists(context.rowsFile(id));
        if (exists) {
            table.replay(context.archivedRows(id), id, at, onlyNew);
        }
        return exists;
    }

    private String compare() {
        return "Compare with what the vendor has"
                + (feed.layout() instanceof DestinyLayoutSettings
                        ? ": patronstream reconcile " + feed.feed() + " --destiny-export FILE"
                        : "");
    }

    private void doubt(String what) {
        doubts.add(
                what + ". The file is sent again, also if it is unchanged; look whether a disk or a broker was lost");
        LOGGER.atWarn()
                .addKeyValue("feed", feed.feed())
                .addKeyValue("what", what)
                .log("What is known of a feed's deliveries does not fit together");
    }
}
