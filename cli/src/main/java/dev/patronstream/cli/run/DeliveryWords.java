package dev.patronstream.cli.run;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import java.util.Locale;
import java.util.Optional;

/** Says what became of a delivery. */
public final class DeliveryWords {

    private DeliveryWords() {}

    /** Whether the vendor holds the file of a delivery with this result. */
    public static boolean vendorHolds(DeliveryResult result) {
        return result == DeliveryResult.DELIVERED || result == DeliveryResult.UNCHANGED;
    }

    /** Returns why it did not succeed; empty when it did, or is under way. */
    public static Optional<String> failure(Delivery delivery) {
        return switch (delivery.getResult()) {
            case FAILED, HELD, REJECTED -> Optional.of(delivery.getMessage().orElse(word(delivery)));
            case DELIVERED, UNCHANGED, WRITTEN, SENDING, OVERTAKEN -> Optional.empty();
        };
    }

    /** Returns the result in one word. */
    public static String word(Delivery delivery) {
        return delivery.getResult().name().toLowerCase(Locale.ROOT);
    }

    /** Returns one line about it, counts only. */
    public static String line(Delivery delivery) {
        return word(delivery) + ": " + delivery.getRows() + " rows, " + delivery.getBytes() + " bytes"
                + delivery.getWatermark().map(lsn -> ", watermark " + lsn).orElse("")
                + (delivery.getLeavers() > 0 ? ", " + delivery.getLeavers() + " of them leavers" : "")
                + (delivery.getProblems() > 0 ? ", " + delivery.getProblems() + " in the problem report" : "");
    }
}
