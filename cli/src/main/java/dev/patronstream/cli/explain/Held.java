package dev.patronstream.cli.explain;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.ledger.HeldPatrons;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the vendor holds of one person, by the receipts.
 *
 * @param row the row last delivered; empty when the vendor was never sent the person, or has forgotten
 * @param receipts the feed's receipts, the oldest first
 */
record Held(Optional<DeliveredRow> row, List<Delivery> receipts) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    Held {
        receipts = List.copyOf(receipts);
    }

    /** Says it in lines; {@code zone} is the clock of the district. */
    List<String> lines(Optional<List<String>> changedByNext, ZoneId zone) {
        List<String> lines = new ArrayList<>();
        if (row.isEmpty()) {
            lines.add("Never delivered: the vendor holds nothing of this person from us");
            return lines;
        }
        DeliveredRow held = row.get();
        Optional<Delivery> last = lastThatArrived(goneSince(held));
        lines.add("Last carried by " + last.map(Delivery::getId).orElse(held.getDeliveryId()) + " ("
                + time(last.map(Delivery::getStartedAt).orElse(held.getDeliveredAt()), zone) + "), site "
                + held.getSite() + ", status " + held.getStatus() + ", in this form since " + held.getDeliveryId());
        held.getLeftAt()
                .ifPresent(at -> lines.add("Has left the file; had no row of its own any more at " + time(at, zone)));
        changedByNext
                .filter(columns -> !columns.isEmpty())
                .ifPresent(columns -> lines.add("The next delivery changes: " + String.join(", ", columns)));
        changedByNext.filter(List::isEmpty).ifPresent(same -> lines.add("The vendor holds just this row"));
        return lines;
    }

    /** Since when the files have not had the person: who left is in them as long as the status says so. */
    private static Optional<Instant> goneSince(DeliveredRow held) {
        boolean sentAsInactive = held.getStatus().equals(HeldPatrons.INACTIVE);
        return held.getLeftAt().filter(at -> !sentAsInactive);
    }

    private Optional<Delivery> lastThatArrived(Optional<Instant> before) {
        return receipts.stream()
                .filter(receipt -> receipt.getResult() == DeliveryResult.DELIVERED
                        || receipt.getResult() == DeliveryResult.UNCHANGED)
                .filter(receipt ->
                        before.map(at -> receipt.getStartedAt().isBefore(at)).orElse(true))
                .reduce((one, later) -> later);
    }

    static String time(Instant instant, ZoneId zone) {
        return TIME.format(instant.atZone(zone)) + " " + zone.getId();
    }
}
