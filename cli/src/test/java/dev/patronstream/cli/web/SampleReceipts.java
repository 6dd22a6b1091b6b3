package dev.patronstream.cli.web;

import dev.patronstream.cli.web.SampleDistrict.Situation;
import dev.patronstream.schemas.DecisionKind;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.DifferenceGroup;
import dev.patronstream.schemas.Hold;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The receipts of a sample district, newest first. Immutable. */
record SampleReceipts(Instant now) {

    private static final String OF = SampleDistrict.FEED;

    List<Delivery> of(Situation situation) {
        return switch (situation) {
            case STARTING -> List.of();
            case FAILED_DELIVERY ->
                List.of(
                        receipt(
                                DeliveryResult.FAILED,
                                240,
                                "sftp.follett.example refused the login of eagle after 3 attempts; Destiny still has its"
                                        + " old file. Check the password under feeds.destiny.destination.",
                                1932),
                        receipt(DeliveryResult.DELIVERED, 43_000, null, 1931),
                        receipt(DeliveryResult.UNCHANGED, 79_000, null, 1929));
            case WRITTEN_ONLY -> List.of(receipt(DeliveryResult.WRITTEN, 240, null, 1932));
            case DELIVERING ->
                List.of(
                        receipt(DeliveryResult.SENDING, 20, null, 1932),
                        receipt(DeliveryResult.DELIVERED, 43_000, null, 1931));
            case HELD -> List.of(held(), receipt(DeliveryResult.DELIVERED, 43_000, null, 1932));
            case REJECTED -> List.of(rejected(), receipt(DeliveryResult.DELIVERED, 43_000, null, 1932));
            case UNCHANGED ->
                List.of(
                        receipt(DeliveryResult.UNCHANGED, 240, null, 1932),
                        receipt(DeliveryResult.DELIVERED, 43_000, null, 1932));
            case WELL,
                    STALLED,
                    STOPPED,
                    STOPPED_ELSEWHERE,
                    SPARE,
                    NOT_HEARD_OF,
                    BROKER_DOWN,
                    UNKNOWN,
                    CAPTURE_HELD,
                    PAUSED ->
                List.of(
                        receipt(DeliveryResult.DELIVERED, 240, null, 1932),
                        receipt(DeliveryResult.UNCHANGED, 43_000, null, 1929),
                        receipt(DeliveryResult.DELIVERED, 79_000, null, 1929));
        };
    }

    /** Those of a situation, and two a day before them. */
    List<Delivery> month(Situation situation) {
        List<Delivery> month = new ArrayList<>(of(situation));
        if (situation != Situation.STARTING) {
            IntStream.range(4, 58)
                    .mapToObj(half -> receipt(
                            half % 19 == 0
                                    ? DeliveryResult.FAILED
                                    : half % 23 == 0 ? DeliveryResult.HELD : DeliveryResult.DELIVERED,
                            half * Duration.ofHours(12).toSeconds(),
                            null,
                            1900 + half % 7))
                    .forEach(month::add);
        }
        return month;
    }

    private Delivery held() {
        return Delivery.newBuilder(receipt(
                        DeliveryResult.HELD,
                        240,
                        "452 of the 1932 patrons that the vendor holds would be removed (23.4 %, above 10 %)."
                                + " Look: patronstream deliveries show " + OF + "-20261124T041800000Z-19344",
                        1480))
                .setHolds(List.of(
                        Hold.newBuilder()
                                .setCheck("removed-above")
                                .setMessage("452 of the 1932 patrons that the vendor holds would be removed (23.4 %,"
                                        + " above 10 %)")
                                .build(),
                        Hold.newBuilder()
                                .setCheck("school-gone")
                                .setMessage("no student of EAGLEMS would be left, of 452")
                                .build()))
                .setDifference(difference(1932, 1480, 0, 452, 3))
                .build();
    }

    private Delivery rejected() {
        return Delivery.newBuilder(held())
                .setResult(DeliveryResult.REJECTED)
                .setMessage("Rejected by Maria Lopez (status page). The vendor holds what it held before.")
                .setDecision(DeliveryDecision.newBuilder()
                        .setKind(DecisionKind.REJECTED)
                        .setBy("Maria Lopez (status page)")
                        .setAt(now.minusSeconds(60).truncatedTo(ChronoUnit.MILLIS))
                        .setNote("The middle school is still there")
                        .build())
                .build();
    }

    Delivery receipt(DeliveryResult result, long secondsAgo, @Nullable String message, long rows) {
        Instant time = now.minusSeconds(secondsAgo).truncatedTo(ChronoUnit.MILLIS);
        return Delivery.newBuilder()
                .setId(OF + "-" + time.getEpochSecond() + "-19344")
                .setFeed(OF)
                .setResult(result)
                .setMessage(message)
                .setFileName("patrons.csv")
                .setBytes(rows * 71)
                .setRows(rows)
                .setProblems(3)
                .setBusinessDate(LocalDate.of(2026, 11, 24))
                .setStartedAt(time)
                .setDurationMillis(1412)
                .setAttempts(1)
                .setDifference(
                        result == DeliveryResult.UNCHANGED
                                ? difference(rows, rows, 0, 0, 0)
                                : difference(rows - 3, rows, 4, 1, 14))
                .setHolds(List.of())
                .build();
    }

    private static DeliveryDifference difference(long before, long after, long added, long removed, long changed) {
        return DeliveryDifference.newBuilder()
                .setSince(OF + "-before")
                .setBefore(before)
                .setAfter(after)
                .setAdded(added)
                .setRemoved(removed)
                .setTransferred(0)
                .setChanged(changed)
                .setGroups(List.of(
                        group("EAGLEHS", before - removed - 900, added, 0, changed),
                        group("EAGLEMS", removed, 0, removed, 0),
                        group("OAKELEM", 900, 0, 0, 0)))
                .setSamples(
                        removed == 0
                                ? Map.of()
                                : Map.of(
                                        "removed", List.of("student/99400007", "student/99400012", "student/99400031")))
                .build();
    }

    private static DifferenceGroup group(String site, long before, long added, long removed, long changed) {
        return DifferenceGroup.newBuilder()
                .setSite(site)
                .setStatus("Active")
                .setBefore(before)
                .setAfter(before + added - removed)
                .setAdded(added)
                .setRemoved(removed)
                .setChanged(changed)
                .build();
    }
}
