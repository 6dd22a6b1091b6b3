package dev.patronstream.snapshotter.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {

    private static final String FEED = "destiny";

    @TempDir
    private Path root;

    @Test
    void theNewestAreKeptByNumberAndBySizeAndWhatIsNeededBesides() throws IOException {
        fill(6, 1000);
        new Archive(root, 5, 3500).prune(FEED, Set.of(id(1)));
        assertEquals(List.of(id(1), id(4), id(5), id(6)), kept());
        new Archive(root, 2, 1_000_000).prune(FEED, Set.of());
        assertEquals(List.of(id(5), id(6)), kept());
    }

    @Test
    void theNewestIsKeptHoweverLargeItIs() throws IOException {
        fill(2, 1000);
        new Archive(root, 40, 10).prune(FEED, Set.of());
        assertEquals(List.of(id(2)), kept());
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
