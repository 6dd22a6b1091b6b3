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
    public void held(Delivery receipt) {
        board.raise(
                receipt.getFeed(),
                Occasion.HELD,
                condition(receipt),
                receipt.getMessage().orElse("The file waits for approval"),
                Optional.of(receipt.getId()));
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
    public void rejected(Delivery receipt) {
        board.end(receipt.getFeed(), Occasion.HELD);
    }

    @Override
    public void failed(Delivery receipt) {
        raise(receipt, Occasion.FAILED, receipt.getMessage().orElse("The file was not delivered"));
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
    public void delivered(Delivery receipt) {
        if (receipt.getResult() == DeliveryResult.DELIVERED) {
            // What the vendor has read of an earlier file is over with it, and says nothing of this one.
            board.endOfOthers(receipt.getFeed(), Occasion.INCOMPLETE, receipt.getId());
        }
        board.recovered(
                receipt.getFeed(),
                "The vendor holds the current file, with " + receipt.getRows() + " rows",
                Optional.of(receipt.getId()));
    }

    @Override
    public void readIncompletely(Delivery receipt) {
        raise(
                receipt,
                Occasion.INCOMPLETE,
                "The vendor's job has read "
                        + receipt.getRecordsRead().map(String::valueOf).orElse("an unknown number of")
                        + " records, and the file has " + receipt.getRows()
                        + ". Look at the invalid records of its job summary");
    }

    @Override
    public void readInFull(Delivery receipt) {
        board.end(receipt.getFeed(), Occasion.INCOMPLETE);
    }

    private void raise(Delivery receipt, Occasion occasion, String text) {
        board.raise(receipt.getFeed(), occasion, text, Optional.of(receipt.getId()));
    }
}
