package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.snapshotter.destination.Upload;
import dev.patronstream.snapshotter.destination.Upload.Outcome;
import dev.patronstream.snapshotter.destination.UploadFailedException;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.destination.folder.FolderDestination;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.file.StoredFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of a share as the destination of a feed: the share comes, is full, may only be read, goes. */
class MountedFolderTest {

    private static final String PATH = "feeds.app.destination.folder";

    @TempDir
    private Path temporary;

    private int deliveries;

    private Outcome upload(Path folder, String content) throws Exception {
        VendorFiles files =
                new VendorFiles("patrons.csv", "", VendorFiles.DEFAULT_TEMPORARY_NAME, Optional.empty(), Set.of());
        StoredFile file = new FileFolder(temporary.resolve("local"))
                .write("patrons.csv", out -> out.write(content.getBytes(StandardCharsets.US_ASCII)));
        String id = DeliveryId.of("app", Instant.EPOCH, ++deliveries);
        Upload.Order order = new Upload.Order("app", id, List.of(file), Map.of(), false);
        return new Upload(new FolderDestination(folder, files), PATH, order, progress -> {}).run();
    }

    private void refused(Path folder, boolean retryable, String... words) {
        UploadFailedException failure =
                assertThrows(UploadFailedException.class, () -> upload(folder, "new\n".repeat(50_000)));
        for (String each : words) {
            assertTrue(failure.getMessage().contains(each), failure.getMessage());
        }
        assertTrue(failure.getMessage().contains("The vendor holds what it held before"), failure.getMessage());
        assertEquals(retryable, failure.isRetryable(), failure.getMessage());
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void theVendorHasTheOldFileWhileTheShareRefusesAndTheNewOneAfterwards() throws Exception {
        Path mountPoint = temporary.resolve("share");
        Path exports = mountPoint.resolve("exports");
        refused(exports, true, "does not exist. Mount its share");
        try (SmallDisk share = SmallDisk.mount(mountPoint, 1)) {
            refused(mountPoint, false, "is where a share or a disk is mounted", PATH + ".path to a folder below it");
            Files.createDirectory(exports);
            assertEquals(Outcome.DELIVERED, upload(exports, "old\n"));
            share.fill();
            refused(exports, true, "could not be used while writing .patrons.csv.app-", ": No space left on device");
            assertEquals("old\n", Files.readString(exports.resolve("patrons.csv")));
            share.free();
            share.readOnly(true);
            refused(exports, true, "could not be used while ", ": Read-only file system");
            assertEquals("old\n", Files.readString(exports.resolve("patrons.csv")));
            share.readOnly(false);
            assertEquals(Outcome.DELIVERED, upload(exports, "new\n"));
            assertEquals(List.of("patrons.csv"), names(exports));
        }
        refused(exports, true, "does not exist. Mount its share");
        assertEquals(List.of(), names(mountPoint));
        assertFalse(Files.exists(exports));
    }
}
