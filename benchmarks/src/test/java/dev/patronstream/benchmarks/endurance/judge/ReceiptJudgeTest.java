package dev.patronstream.benchmarks.endurance.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.benchmarks.endurance.judge.FileJudge.Arrival;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.serde.AvroSerdes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a receipt and the watch at the vendor say of whether a file has arrived. */
class ReceiptJudgeTest {

    static {
        // Avro makes contract records only once the serdes have declared them.
        new AvroSerdes(Map.of("schema.registry.url", "http://127.0.0.1:1"));
    }

    private static final Instant FIRST = Instant.parse("2026-11-24T09:00:00Z");

    @Test
    void onlyWhatWasSeenBeforeTheNextAttemptWasBroughtByThisOne() {
        ReceiptJudge judge = judge(
                Map.of("b", at(2).plusSeconds(5), "c", at(1), "d", at(5).plusSeconds(5)),
                receipt(1, DeliveryResult.DELIVERED, "a", DeliveryFileState.NEW),
                receipt(2, DeliveryResult.SENDING, "b", DeliveryFileState.UNKNOWN),
                receipt(3, DeliveryResult.SENDING, "c", DeliveryFileState.UNKNOWN),
                receipt(4, DeliveryResult.FAILED, "d", DeliveryFileState.UNKNOWN),
                receipt(5, DeliveryResult.FAILED, "d", DeliveryFileState.OLD),
                receipt(6, DeliveryResult.HELD, "d", DeliveryFileState.OLD));
        assertEquals(
                List.of(
                        Arrival.ARRIVED,
                        Arrival.SEEN,
                        Arrival.UNKNOWN,
                        Arrival.UNKNOWN,
                        Arrival.NOT,
                        Arrival.NOT,
                        Arrival.NOT),
                List.of(1, 2, 3, 4, 5, 6, 7).stream()
                        .map(number -> judge.arrival(id(number)))
                        .toList());
        assertEquals(Map.of(id(1), "a", id(2), "b", id(3), "c", id(4), "d"), judge.sent());
    }

    /** The topic was deleted between the receipt that says SENDING and a look at the one that says DELIVERED. */
    @Test
    void aLastReceiptThatWasLostUnreadIsNotMissing() {
        Findings findings = new Findings();
        judge(
                        evidence(Map.of(), Map.of(id(1), "delivered", id(2), "delivered")),
                        List.of(at(1).plusSeconds(1)),
                        findings,
                        receipt(1, DeliveryResult.SENDING, "a", DeliveryFileState.UNKNOWN),
                        receipt(2, DeliveryResult.SENDING, "b", DeliveryFileState.UNKNOWN))
                .judge(Map.of(), Map.of());
        assertEquals(
                List.of("The delivery " + id(2) + " was answered with delivered; its receipt says SENDING"),
                findings.examples(Findings.Kind.RECEIPT).stream()
                        .filter(what -> what.contains("answered"))
                        .toList());
    }

    private static ReceiptJudge judge(Map<String, Instant> sightings, Delivery... receipts) {
        return judge(evidence(sightings, Map.of()), List.of(), new Findings(), receipts);
    }

    private static ReceiptJudge judge(
            Evidence.Feed evidence, List<Instant> losses, Findings findings, Delivery... receipts) {
        return new ReceiptJudge(evidence, List.of(), losses, List.of(receipts), findings);
    }

    private static Evidence.Feed evidence(Map<String, Instant> sightings, Map<String, String> answers) {
        Path none = Path.of("none");
        return new Evidence.Feed("destiny", List.of(), none, none, "patrons.csv", answers, sightings);
    }

    private static Delivery receipt(int number, DeliveryResult result, String hash, DeliveryFileState state) {
        return Delivery.newBuilder()
                .setId(id(number))
                .setFeed("destiny")
                .setResult(result)
                .setFileName("patrons.csv")
                .setFiles(List.of(new DeliveryFile("patrons.csv", hash, 7L, state)))
                .setSha256(hash)
                .setEpoch(1L)
                .setBytes(7)
                .setRows(1)
                .setProblems(0)
                .setStartedAt(at(number))
                .setDurationMillis(0)
                .setAttempts(1)
                .build();
    }

    private static Instant at(int number) {
        return FIRST.plusSeconds(60L * number);
    }

    private static String id(int number) {
        return "destiny-20261124T090" + number + "00000Z-" + number;
    }
}
