package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.DecisionKind;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.Incarnations;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.ledger.ArchivedRows;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.safety.check.Checks;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a person decides about the deliveries of a feed.
 *
 * <p>Whatever is sent comes from the archive, byte for byte the file that was decided about, so these orders need the
 * machine that has the archive; they need no process to be running. One order at a time.
 */
public final class DeliveryOrders {

    private static final Logger LOGGER = LoggerFactory.getLogger(DeliveryOrders.class);
    private static final int MOST_TRIES = 3;
    private static final String APPROVAL_STAYS =
            ". The approval of this file stays: approve it again when the reason is"
                    + " gone, or let the next delivery of the same file do it";
    private static final String ORDER_ENDS = ". The order ends with this; give it again when the reason is gone";

    private final DeliveryContext context;
    private final FeedSettings feed;
    private final Archive archive;

    public DeliveryOrders(DeliveryContext context) {
        this.context = context;
        this.feed = context.feed();
        this.archive = context.archive();
    }

    /** Sends the file that a delivery names, whatever the checks say. */
    public Delivery approve(String id, Decider by) {
        return insisting(ledger -> {
            FeedMemory memory = memory(ledger);
            Delivery waiting = find(memory.receipts(), id);
            requireApprovable(waiting, memory.receipts());
            requireFiles(waiting);
            Attempt attempt = Attempt.toGoOn(context, ledger, waiting);
            attempt.receipt().setDecision(decision(DecisionKind.APPROVED, by));
            return send(attempt, memory, context.archivedRows(id), false, APPROVAL_STAYS);
        });
    }

    /**
     * A scheduled attempt that begins in the same moment takes the feed over; a person's order takes it back. No
     * other process changes what is read after the ledger is open.
     */
    private Delivery insisting(Function<DeliveryLedger, Delivery> order) {
        for (int tries = 1; ; tries++) {
            try (DeliveryLedger ledger = context.openLedger()) {
                return order.apply(ledger);
            } catch (DeliveryLedger.FencedException e) {
                if (tries == MOST_TRIES) {
                    throw e;
                }
                LOGGER.atInfo()
                        .addKeyValue("feed", feed.feed())
                        .log("An order was taken over, and is carried out again");
            }
        }
    }

    private FeedMemory memory(DeliveryLedger ledger) {
        return new FeedMemory(context, Optional.of(ledger), context.clock().instant());
    }

    /** Sends the file of an earlier delivery once more, under a receipt of its own. */
    public Delivery resend(String id, Decider by) {
        return insisting(ledger -> {
            FeedMemory memory = memory(ledger);
            List<Delivery> all = memory.receipts();
            Delivery earlier = find(all, id);
            if (!Receipts.hasArrived(earlier.getResult())) {
                throw refused(earlier, "the vendor never got its file; only a file that it had is sent again");
            }
            requireSameColumns(earlier, memory.state());
            requireConfiguredDatabase(earlier);
            Delivery kept = archive.original(feed.feed(), earlier, all).orElse(earlier);
            requireFiles(kept);
            Attempt attempt = Attempt.toSendAgain(context, ledger, earlier);
            attempt.receipt().setDecision(decision(DecisionKind.APPROVED, by));
            try {
                archive.copy(feed.feed(), kept.getId(), attempt.id());
            } catch (IOException e) {
                throw new DecisionRefusedException(FeedDelivery.localFailure(archive.folder(), e));
            }
            ArchivedRows.Source rows = context.archivedRows(attempt.id());
            return send(attempt, memory, sink -> onlyOfTheFile(rows, sink), true, ORDER_ENDS);
        });
    }

    /** Refuses a file that waits, or that was approved and did not arrive; what was refused is never approved. */
    public Delivery reject(String id, Decider by) {
        return insisting(ledger -> {
            Delivery refused = find(context.receipts().of(feed.feed()), id);
            boolean waits = refused.getResult() == DeliveryResult.HELD;
            if (!waits && Receipts.approval(refused).isEmpty()) {
                throw refused(refused, "only a file that waits, or was approved and did not arrive, can be rejected");
            }
            Delivery rejected = Delivery.newBuilder(refused)
                    .setResult(DeliveryResult.REJECTED)
                    .setDecision(decision(DecisionKind.REJECTED, by))
                    .setMessage("Rejected by " + by.name() + ". "
                            + (waits
                                    ? "The vendor holds what it held before. It was held because: "
                                            + refused.getMessage().orElse("no reason given")
                                    : "The approval is withdrawn: no delivery sends this file because of it"))
                    .build();
            ledger.write(rejected);
            return Attempt.logged(rejected);
        });
    }

    public Delivery confirm(String id, long recordsRead) {
        Delivery delivered = find(context.receipts().of(feed.feed()), id);
        if (!Receipts.hasArrived(delivered.getResult())) {
            throw refused(delivered, "the vendor cannot have read its file");
        }
        Delivery confirmed =
                Delivery.newBuilder(delivered).setRecordsRead(recordsRead).build();
        context.receipts().amend(confirmed);
        return confirmed;
    }

    private Delivery send(
            Attempt attempt, FeedMemory memory, ArchivedRows.Source rows, boolean evenIfUnchanged, String whenFailed) {
        if (feed.destination().isEmpty()) {
            throw new DecisionRefusedException(
                    "The feed '" + feed.feed() + "' has no destination, so nothing of it can be sent");
        }
        return attempt.finish(
                () -> attempt.send(memory, memory.held(Optional.empty()), rows, evenIfUnchanged, Retries.NONE),
                whenFailed);
    }

    /** An old file says nothing of those who came after it: the vendor still holds what it was sent of them. */
    private static void onlyOfTheFile(ArchivedRows.Source rows, ArchivedRows.Sink sink) throws IOException {
        rows.giveTo((key, row) -> {
            if (row.isPresent() && row.get().getDeliveryId().isEmpty()) {
                sink.take(key, row);
            }
        });
    }

    private void requireApprovable(Delivery waiting, List<Delivery> all) {
        if (waiting.getResendOf().isPresent()) {
            throw refused(
                    waiting,
                    "it was to send the file of " + waiting.getResendOf().get() + " again. Give that order again:"
                            + " patronstream deliveries resend "
                            + waiting.getResendOf().get());
        }
        if (waiting.getResult() == DeliveryResult.REJECTED) {
            throw refused(waiting, "what was rejected is never sent; the next delivery is the one to decide on");
        }
        if (waiting.getResult() != DeliveryResult.HELD
                && Receipts.approval(waiting).isEmpty()) {
            throw refused(waiting, "only a file that waits can be approved");
        }
        all.stream()
                .skip(all.indexOf(waiting) + 1L)
                .filter(later -> isNewerState(later, waiting))
                .reduce((earlier, later) -> later)
                .ifPresent(later -> {
                    throw new DecisionRefusedException("The delivery " + waiting.getId() + " is not the newest state: "
                            + later.getId() + " came after it ("
                            + later.getResult().name().toLowerCase(Locale.ROOT)
                            + "). An approval is for one file, so look at that one");
                });
        requireConfiguredDatabase(waiting);
        if (waiting.getHolds().stream().anyMatch(hold -> hold.getCheck().equals(Checks.EMPTY))) {
            throw refused(waiting, "an empty file is never sent: it would have Destiny know nobody");
        }
        if (waiting.getHolds().stream().anyMatch(hold -> hold.getCheck().equals(Checks.ROLL_OVER))) {
            throw refused(
                    waiting,
                    "it is of the database before the roll-over; the next delivery after it is the one to decide on");
        }
    }

    /** A file that was to be sent shows a newer state also when it did not arrive. */
    private static boolean isNewerState(Delivery later, Delivery waiting) {
        return switch (later.getResult()) {
            case HELD, DELIVERED, UNCHANGED -> true;
            case FAILED, SENDING -> !later.getFiles().isEmpty() && !Receipts.haveTheSameFiles(later, waiting);
            case REJECTED, WRITTEN, SUPERSEDED -> false;
        };
    }

    /** The vendor's job reads by the columns of the last file. */
    private void requireSameColumns(Delivery earlier, FeedState state) {
        List<String> now = state.getHeld().map(HeldDelivery::getColumns).orElse(List.of());
        if (!now.isEmpty() && !earlier.getColumns().equals(now)) {
            throw refused(
                    earlier,
                    "its file has other columns than the one that the vendor has, and the vendor's job would read them"
                            + " wrongly. T" + newSnapshot().substring(1));
        }
    }

    /** Last year's students would be in last year's grades. */
    private void requireConfiguredDatabase(Delivery delivery) {
        String of = delivery.getIncarnation().map(Incarnations::database).orElse("");
        Optional<String> other =
                context.settings().database().filter(now -> !of.isEmpty() && !of.equalsIgnoreCase(now));
        if (other.isPresent()) {
            throw refused(
                    delivery,
                    "its file is of the database " + of + ", and the configured one is " + other.get()
                            + ". Files from before a roll-over are not sent after it; the next delivery is the one to"
                            + " decide on");
        }
    }

    /** What was decided about is what is sent, to the byte. */
    private void requireFiles(Delivery delivery) {
        for (DeliveryFile file : delivery.getFiles()) {
            requireFile(delivery, file);
        }
    }

    private void requireFile(Delivery delivery, DeliveryFile file) {
        String found;
        try {
            found = archive.stored(feed.feed(), delivery.getId(), file.getName())
                    .sha256();
        } catch (IOException e) {
            throw new DecisionRefusedException(
                    "The file " + file.getName() + " of " + delivery.getId() + " is not in the archive of this"
                            + " machine (" + archive.folderOf(feed.feed(), delivery.getId())
                            + "). Give the order on the machine that made it, or " + newSnapshot());
        }
        if (!found.equals(file.getSha256())) {
            throw new DecisionRefusedException("The file " + file.getName() + " of " + delivery.getId()
                    + " in the archive is not the one of the receipt: its hash is " + found + ", not "
                    + file.getSha256()
                    + ". It was changed by somebody; " + newSnapshot());
        }
    }

    /** Also where the vendor should hold the file already: it may have lost it. */
    private String newSnapshot() {
        return "take a new snapshot: patronstream snapshot " + feed.feed() + " --again";
    }

    private static Delivery find(List<Delivery> all, String id) {
        return Receipts.find(all, id)
                .orElseThrow(() -> new DecisionRefusedException(
                        "There is no delivery " + id + "; `patronstream deliveries` lists them"));
    }

    private static DecisionRefusedException refused(Delivery delivery, String why) {
        return new DecisionRefusedException("The delivery " + delivery.getId() + " is "
                + delivery.getResult().name().toLowerCase(Locale.ROOT) + ": " + why);
    }

    private DeliveryDecision decision(DecisionKind kind, Decider by) {
        return DeliveryDecision.newBuilder()
                .setKind(kind)
                .setBy(by.name())
                .setNote(by.note().orElse(null))
                .setAt(context.clock().instant())
                .build();
    }
}
