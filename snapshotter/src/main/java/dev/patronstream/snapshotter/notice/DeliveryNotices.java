package dev.patronstream.snapshotter.notice;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Hold;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts what happens to deliveries on the board. As safe for threads as the board. */
public final class DeliveryNotices implements DeliveryListener {

    private final NoticeBoard board;

    public DeliveryNotices(NoticeBoard board) {
        this.board = board;
    }

    @Override
    public void ended(Delivery receipt) {
        String feed = receipt.getFeed();
        Optional<String> id = Optional.of(receipt.getId());
        Optional<String> message = receipt.getMessage();
        switch (receipt.getResult()) {
            case HELD ->
                board.raise(feed, Occasion.HELD, condition(receipt), message.orElse("The file waits for approval"), id);
            case REJECTED -> board.end(feed, Occasion.HELD);
            case FAILED -> board.raise(feed, Occasion.FAILED, message.orElse("The file was not delivered"), id);
            case DELIVERED, UNCHANGED -> {
                if (receipt.getResult() == DeliveryResult.DELIVERED) {
                    // What the vendor has read of an earlier file is over with it, and says nothing of this one.
                    board.endOfOthers(feed, Occasion.INCOMPLETE, receipt.getId());
                }
                board.recovered(feed, "The vendor holds the current file, with " + receipt.getRows() + " rows", id);
            }
            case WRITTEN, SENDING, SUPERSEDED -> {}
        }
    }

    /** Other reasons, or the same ones next to another file that the vendor has, are something else to look at. */
    private static String condition(Delivery receipt) {
        return receipt.getHolds().stream()
                        .map(Hold::getCheck)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(" "))
                + receipt.getDifference()
                        .flatMap(DeliveryDifference::getSince)
                        .map(since -> " since " + since)
                        .orElse("");
    }

    @Override
    public void late(String feed, Instant due, Optional<Delivery> lastDelivered) {
        board.raise(
                feed,
                Occasion.LATE,
                "The delivery that was due at " + due + " has not happened. "
                        + lastDelivered
                                .map(last -> "The vendor holds the file of " + last.getStartedAt() + ", with "
                                        + last.getRows() + " rows")
                                .orElse("The vendor was never sent a file")
                        + ". Look: patronstream status",
                lastDelivered.map(Delivery::getId));
    }

    @Override
    public void confirmed(Delivery receipt) {
        long read = receipt.getRecordsRead().orElseThrow();
        if (read == receipt.getRows()) {
            board.end(receipt.getFeed(), Occasion.INCOMPLETE);
        } else {
            board.raise(
                    receipt.getFeed(),
                    Occasion.INCOMPLETE,
                    "The vendor's job has read " + read + " records, and the file has " + receipt.getRows()
                            + ". Look at the invalid records of its job summary",
                    Optional.of(receipt.getId()));
        }
    }
}
