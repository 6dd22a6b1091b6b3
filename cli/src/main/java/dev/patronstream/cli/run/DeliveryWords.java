package dev.patronstream.cli.run;

import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

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
            case DELIVERED, UNCHANGED, WRITTEN, SENDING, SUPERSEDED -> Optional.empty();
        };
    }

    /** Returns the result in one word. */
    public static String word(Delivery delivery) {
        return AvroJson.word(delivery.getResult());
    }

    /** Returns where to, and under which names; empty when it was not meant for a vendor. */
    public static Optional<String> destination(Delivery delivery) {
        return delivery.getDestination()
                .map(where -> "to " + where + " as "
                        + delivery.getFiles().stream()
                                .map(DeliveryFile::getName)
                                .collect(Collectors.joining(", ")));
    }

    /** Returns what the vendor holds of each file after an attempt that ended on the way; none when nothing changed. */
    public static List<String> filesOfBrokenAttempt(Delivery delivery) {
        List<DeliveryFile> files = delivery.getFiles();
        boolean over = vendorHolds(delivery.getResult());
        if (over || files.stream().allMatch(file -> file.getState() == DeliveryFileState.OLD)) {
            return List.of();
        }
        return files.stream()
                .map(file -> file.getName() + ": the vendor holds "
                        + switch (file.getState()) {
                            case OLD -> "the old one";
                            case NEW -> "this one";
                            case UNKNOWN ->
                                "the old one or this one, whole (or none, where non-atomic renames are" + " allowed)";
                        })
                .toList();
    }

    /** Returns one line about it, counts only. */
    public static String line(Delivery delivery) {
        return word(delivery) + ": " + delivery.getRows() + " rows, " + delivery.getBytes() + " bytes"
                + delivery.getWatermark().map(lsn -> ", watermark " + lsn).orElse("")
                + (delivery.getLeavers() > 0 ? ", " + delivery.getLeavers() + " of them leavers" : "")
                + (delivery.getProblems() > 0 ? ", " + delivery.getProblems() + " in the problem report" : "");
    }
}
