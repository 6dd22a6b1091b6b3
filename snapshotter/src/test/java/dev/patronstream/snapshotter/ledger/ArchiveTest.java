package dev.patronstream.snapshotter.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.schemas.DecisionKind;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryFile;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.FileFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

    static {
        // Avro makes contract records only once the serdes have declared them.
        new AvroSerdes(Map.of("schema.registry.url", "http://127.0.0.1:1"));
    }

    private static final String FEED = "destiny";

    @TempDir
    private Path root;

    @Test
    void theNewestAreKeptByNumberAndBySizeAndWhatIsNeededBesides() throws IOException {
        fill(6, 1000);
        new Archive(root, 5, 3500)
                .prune(
                        FEED,
                        Set.of(),
                        List.of(receipt(1, DeliveryResult.HELD, "a").build()));
        assertEquals(List.of(id(1), id(4), id(5), id(6)), kept());
        new Archive(root, 2, 1_000_000).prune(FEED, Set.of(), List.of());
        assertEquals(List.of(id(5), id(6)), kept());
    }

    @Test
    void theNewestIsKeptHoweverLargeItIs() throws IOException {
        fill(2, 1000);
        new Archive(root, 40, 10).prune(FEED, Set.of(), List.of());
        assertEquals(List.of(id(2)), kept());
    }

    @Test
    void oldReceiptsGoButNoneThatIsNeeded() throws IOException {
        fill(6, 1000);
        List<Delivery> receipts = new ArrayList<>();
        receipts.add(receipt(0, DeliveryResult.UNCHANGED, "a").build());
        receipts.add(receipt(1, DeliveryResult.HELD, "b").build());
        IntStream.range(2, Receipts.KEPT + 5)
                .forEach(i ->
                        receipts.add(receipt(i, DeliveryResult.DELIVERED, "c").build()));

        Set<String> needed = new Archive(root, 2, 1_000_000).prune(FEED, Set.of(id(0)), receipts);

        assertEquals(List.of(id(1), id(5), id(6)), kept());
        assertEquals(Set.of(id(0), id(1), id(5), id(6)), needed);
        assertEquals(
                List.of(id(2), id(3), id(4)),
                Receipts.old(receipts, needed).stream().map(Delivery::getId).toList());
        assertEquals(List.of(), Receipts.old(receipts.subList(0, Receipts.KEPT), Set.of()));
        assertEquals(Set.of(id(3)), new Archive(root.resolve("none"), 2, 1).prune(FEED, Set.of(id(3)), List.of()));
    }

    @Test
    void attemptsWithoutAFileOfTheirOwnPushOutNoOther() throws IOException {
        fill(9, 1000);
        List<Delivery> receipts = new ArrayList<>();
        receipts.add(receipt(1, DeliveryResult.DELIVERED, "a").build());
        receipts.add(receipt(2, DeliveryResult.DELIVERED, "b").build());
        receipts.add(receipt(3, DeliveryResult.FAILED, "c")
                .setDecision(new DeliveryDecision(DecisionKind.APPROVED, "librarian", Instant.EPOCH, null))
                .build());
        receipts.add(receipt(4, DeliveryResult.UNCHANGED, "b").build());
        receipts.add(receipt(5, DeliveryResult.FAILED, "d").build());
        receipts.add(receipt(6, DeliveryResult.SENDING, "e").build());
        // The delivery that brought this one has no copy any more.
        receipts.add(receipt(7, DeliveryResult.UNCHANGED, "f").build());
        receipts.add(receipt(8, DeliveryResult.UNCHANGED, "b").build());
        receipts.add(receipt(9, DeliveryResult.UNCHANGED, "b").build());

        Archive archive = new Archive(root, 5, 1_000_000);
        assertEquals(Optional.of(receipts.get(1)), archive.original(FEED, receipts.get(7), receipts));
        archive.prune(FEED, Set.of(), receipts);

        assertEquals(List.of(id(1), id(2), id(3), id(7), id(9)), kept());
        assertEquals(Optional.of(receipts.get(1)), archive.original(FEED, receipts.get(7), receipts));
        assertEquals(Optional.of(receipts.get(6)), archive.original(FEED, receipts.get(6), receipts));
        assertEquals(Optional.empty(), archive.original(FEED, receipts.get(4), receipts));
    }

    @Test
    void whatTheVendorMayHaveIsKeptBesideWhatItHas() throws IOException {
        fill(4, 1000);
        List<Delivery> receipts = List.of(
                receipt(1, DeliveryResult.DELIVERED, "a").build(),
                receipt(2, DeliveryResult.SENDING, "b").build(),
                receipt(3, DeliveryResult.FAILED, "c").build(),
                receipt(4, DeliveryResult.FAILED, "c").build());
        FeedState delivered = FeedStates.after(
                FeedState.newBuilder()
                        .setFeed(FEED)
                        .setVersion(0)
                        .setSequence(-1)
                        .build(),
                receipts.get(0));
        FeedState pending = FeedStates.after(delivered, receipts.get(1));

        new Archive(root, 1, 1).prune(FEED, FeedStates.atVendor(pending), receipts);

        assertEquals(List.of(id(1), id(2), id(4)), kept());
        assertEquals(Set.of(id(1)), FeedStates.atVendor(delivered));
    }

    private static Delivery.Builder receipt(int number, DeliveryResult result, String hash) {
        return Delivery.newBuilder()
                .setId(id(number))
                .setFeed(FEED)
                .setResult(result)
                .setFileName("patrons.csv")
                .setFiles(List.of(new DeliveryFile("patrons.csv", hash, 1000L, DeliveryFileState.NEW)))
                .setBytes(1000)
                .setRows(1)
                .setProblems(0)
                .setStartedAt(Instant.EPOCH.plusSeconds(number))
                .setDurationMillis(0)
                .setAttempts(1);
    }

    private void fill(int deliveries, int bytes) throws IOException {
        for (int number : IntStream.rangeClosed(1, deliveries).toArray()) {
            new FileFolder(root.resolve(FEED).resolve(id(number)))
                    .write("patrons.csv", out -> out.write(new byte[bytes]));
        }
    }

    private List<String> kept() throws IOException {
        try (Stream<Path> children = Files.list(root.resolve(FEED))) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String id(int number) {
        return DeliveryId.of(FEED, Instant.parse("2026-11-24T02:00:00Z").plusSeconds(number), number);
    }
}
