package dev.patronstream.cli.web;

import dev.patronstream.cli.web.SampleDistrict.Situation;
import dev.patronstream.schemas.DecisionKind;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.delivery.Decider;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ConflictResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Remembers what it was ordered to do, and does it to the receipts of a sample district in name only. Thread-safe. */
final class SampleOrders implements DistrictOrders {

    final AtomicReference<SnapshotOptions> asked = new AtomicReference<>();
    final List<String> given = new CopyOnWriteArrayList<>();
    private final Situation situation;
    private final SampleReceipts receipts;

    SampleOrders(Situation situation, SampleReceipts receipts) {
        this.situation = situation;
        this.receipts = receipts;
    }

    @Override
    public Delivery snapshot(String feed, SnapshotOptions request) {
        if (situation == Situation.STOPPED) {
            throw new ConflictResponse("A snapshot of destiny is under way already");
        }
        asked.set(request);
        return receipts.receipt(DeliveryResult.DELIVERED, 0, null, 1932);
    }

    @Override
    public Delivery decide(String id, OnDelivery order, Decider who) {
        Delivery receipt = receipts.of(situation).stream()
                .filter(candidate -> candidate.getId().equals(id))
                .findFirst()
                .orElseThrow(() -> new ConflictResponse("There is no delivery " + id));
        given.add(order + " by " + who.name()
                + who.note().map(note -> ": " + note).orElse(""));
        return Delivery.newBuilder(receipt)
                .setResult(order == OnDelivery.REJECT ? DeliveryResult.REJECTED : DeliveryResult.DELIVERED)
                .setDecision(DeliveryDecision.newBuilder()
                        .setKind(order == OnDelivery.REJECT ? DecisionKind.REJECTED : DecisionKind.APPROVED)
                        .setBy(who.name())
                        .setAt(receipt.getStartedAt())
                        .setNote(who.note().orElse(null))
                        .build())
                .build();
    }

    @Override
    public Instant pause(String feed, String until, String by) {
        if (!until.startsWith("20")) {
            throw new BadRequestResponse("The end of the pause: " + until + " is not a time");
        }
        given.add("PAUSE " + feed + " until " + until + " by " + by);
        return Instant.parse("2026-12-01T08:00:00Z");
    }

    @Override
    public void resume(String feed) {
        given.add("RESUME " + feed);
    }

    @Override
    public void decideCapture(String hold, HoldDecision decision, Decider who) {
        if (!hold.equals(SampleDistrict.HOLD)) {
            throw new ConflictResponse("The connector does not hold " + hold + " any more");
        }
        given.add(decision + " " + hold + " by " + who.name());
    }
}
