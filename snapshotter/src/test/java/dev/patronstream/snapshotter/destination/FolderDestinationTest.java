package dev.patronstream.snapshotter.destination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.snapshotter.destination.Upload.Outcome;
import dev.patronstream.snapshotter.destination.VendorFiles.Choice;
import dev.patronstream.snapshotter.destination.folder.FolderDestination;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.file.StoredFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FolderDestinationTest {

    private static final String PATH = "feeds.destiny.destination.folder";
    private static final String OLD = "old file\r\n".repeat(20_000);
    private static final String NEW = "new file\r\n".repeat(20_000);
    private static final String PROPERTIES = "field_type_total=16\n";

    @TempDir
    private Path temporary;

    private Path vendor;
    private int deliveries;

    @BeforeEach
    void makeFolder() throws IOException {
        vendor = Files.createDirectories(temporary.resolve("vendor"));
    }

    private FolderDestination destination(Path path, Optional<String> permissions, Choice... choices) {
        VendorFiles files = new VendorFiles(
                VendorFiles.DEFAULT_FILE,
                VendorFiles.DEFAULT_PROPERTIES_FILE,
                VendorFiles.DEFAULT_TEMPORARY_NAME,
                permissions.map(PosixFilePermissions::fromString),
                Set.of(choices));
        return new FolderDestination(path, files);
    }

    /** As it is configured: what was written is read back. */
    private FolderDestination destination() {
        return destination(vendor, Optional.empty(), Choice.READ_BACK);
    }

    private StoredFile local(String name, String content) throws IOException {
        return new FileFolder(temporary.resolve("local"))
                .write(name, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }

    private Upload.Order order(String content, Map<String, String> held) throws IOException {
        deliveries++;
        String id = DeliveryId.of("destiny", Instant.parse("2026-11-24T02:00:00Z"), deliveries);
        return new Upload.Order(
                "destiny",
                id,
                List.of(local("patronimport.properties", PROPERTIES), local("patrons.csv", content)),
                held,
                false);
    }

    private Outcome upload(Destination there, String content) throws Exception {
        return upload(there, content, Map.of());
    }

    private Outcome upload(Destination there, String content, Map<String, String> held) throws Exception {
        return new Upload(there, PATH, order(content, held), progress -> {}).run();
    }

    private UploadFailedException fails(Destination there) {
        return assertThrows(UploadFailedException.class, () -> upload(there, NEW));
    }

    private static void assertSaid(UploadFailedException failure, boolean retryable, String... parts) {
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), "'" + part + "' in: " + failure.getMessage());
        }
        assertEquals(retryable, failure.isRetryable(), failure.getMessage());
    }

    private Map<String, String> vendorFiles() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> children = Files.list(vendor)) {
            for (Path child : children.filter(Files::isRegularFile).toList()) {
                files.put(child.getFileName().toString(), Files.readString(child));
            }
        }
        return files;
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(vendor.resolve(name)));
    }

    @Test
    void theFilesArriveAndOnlyTheirOwnerReadsThemUnlessConfigured() throws Exception {
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW));
        assertEquals(Map.of("patrons.csv", NEW, "patronimport.properties", PROPERTIES), vendorFiles());
        assertEquals("rw-------", permissions("patrons.csv"));
        // The mask of the process would take some of these away.
        assertEquals(Outcome.DELIVERED, upload(destination(vendor, Optional.of("rw-rw-r--")), OLD));
        assertEquals("rw-rw-r--", permissions("patrons.csv"));
        assertEquals("rw-------", permissions("patronimport.properties"));
    }

    @Test
    void anUnchangedFileStaysAndOneThatWasChangedThereIsSentAgain() throws Exception {
        upload(destination(), NEW);
        Path file = vendor.resolve("patrons.csv");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        Map<String, String> held = Map.of(
                "patrons.csv", StoredFile.of(file).sha256(),
                "patronimport.properties",
                        StoredFile.of(vendor.resolve("patronimport.properties")).sha256());
        assertEquals(Outcome.UNCHANGED, upload(destination(), NEW, held));
        assertEquals(1000, Files.getLastModifiedTime(file).toMillis());
        assertEquals(Outcome.ARRIVED_BEFORE, upload(destination(), NEW));
        Files.writeString(file, NEW.replace('n', 'm'));
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW, held));
        assertEquals(NEW, vendorFiles().get("patrons.csv"));
        Files.delete(file);
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW, held));
        Files.delete(file);
        Destination takenAtOnce = destination(vendor, Optional.empty(), Choice.ACKNOWLEDGED_IS_DELIVERED);
        assertEquals(Outcome.UNCHANGED, upload(takenAtOnce, NEW, held));
    }

    @Test
    void whetherAFileIsThereIsKnownToTheByte() throws Exception {
        StoredFile file = local("patrons.csv", NEW);
        assertEquals(Optional.empty(), Upload.isThere(destination(), PATH, file.name(), file.sha256(), file.bytes()));
        upload(destination(), NEW.replace('n', 'm'));
        assertEquals(Optional.of(false), Upload.isThere(destination(), PATH, file.name(), file.sha256(), file.bytes()));
        upload(destination(), NEW);
        assertEquals(Optional.of(true), Upload.isThere(destination(), PATH, file.name(), file.sha256(), file.bytes()));
    }

    @Test
    void whoReadsAllTheTimeSeesTheOldFileOrTheNewOneAndNeverAPart() throws Exception {
        upload(destination(), OLD);
        Path file = vendor.resolve("patrons.csv");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
            int looks = 0;
            while (!done.get()) {
                try {
                    String seen = Files.readString(file);
                    assertTrue(seen.equals(OLD) || seen.equals(NEW), () -> seen.length() + " characters");
                } catch (IOException e) {
                    throw new AssertionError("The file was missing", e);
                }
                looks++;
            }
            return looks;
        });
        for (int i = 0; i < 100 && !reader.isDone(); i++) {
            assertEquals(Outcome.DELIVERED, upload(destination(), i % 2 == 0 ? NEW : OLD));
        }
        done.set(true);
        assertTrue(reader.get() > 0);
    }

    @Test
    void whatAKilledAttemptLeavesIsRemovedByTheNextOneAndNothingForeign() throws Exception {
        upload(destination(), OLD);
        String other = ".patrons.csv.other-20261123T020000000Z-7.part";
        Files.writeString(vendor.resolve(other), "theirs");
        int[] asked = {0};
        Upload killed = new Upload(destination(), PATH, order(NEW, Map.of()), progress -> {
            if (++asked[0] == 2) {
                throw new IllegalStateException("killed between write and rename");
            }
        });
        assertThrows(IllegalStateException.class, killed::run);
        String leftOver = ".patrons.csv.destiny-20261124T020000000Z-2.part";
        assertEquals(
                Set.of(other, leftOver, "patronimport.properties", "patrons.csv"),
                vendorFiles().keySet());
        assertEquals(NEW, vendorFiles().get(leftOver));
        assertEquals(OLD, vendorFiles().get("patrons.csv"));
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW));
        assertEquals(Map.of(other, "theirs", "patronimport.properties", PROPERTIES, "patrons.csv", NEW), vendorFiles());
    }

    @Test
    void aLinkUnderTheTemporaryNameIsNotFollowed() throws Exception {
        Path elsewhere = Files.writeString(temporary.resolve("elsewhere"), "precious");
        Upload upload = new Upload(destination(), PATH, order(NEW, Map.of()), progress -> {
            try {
                Files.createSymbolicLink(vendor.resolve(".patrons.csv.destiny-20261124T020000000Z-1.part"), elsewhere);
            } catch (IOException e) {
                // There already: it is reported twice.
                assertTrue(e.getMessage().contains(".part"), e.toString());
            }
        });
        assertEquals(Outcome.DELIVERED, upload.run());
        assertEquals("precious", Files.readString(elsewhere));
        assertFalse(Files.isSymbolicLink(vendor.resolve("patrons.csv")));
    }

    @Test
    void aMissingFolderIsWaitedForAndAFileInItsPlaceIsNot() throws Exception {
        Path share = vendor.resolve("share");
        Destination there = destination(share, Optional.empty());
        assertSaid(fails(there), true, "The folder " + share + " does not exist. Mount its share, ", PATH + ".path");
        assertFalse(Files.exists(share));
        Files.writeString(share, "a file");
        assertSaid(fails(there), false, "The folder " + share + " is a file. Check " + PATH + ".path");
        Files.delete(share);
        Files.createDirectories(share.resolve("patrons.csv"));
        assertSaid(fails(there), false, "patrons.csv is a folder at " + share + ". Move it away");
        Files.delete(share.resolve("patrons.csv"));
        assertEquals(Outcome.DELIVERED, upload(there, NEW));
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @Test
    @DisabledIf(value = "isRoot", disabledReason = "root may write everywhere")
    void aFolderThatMayNotBeWrittenIsNamedAndOneThatMayNotBeListedIsDeliveredTo() throws Exception {
        Files.setPosixFilePermissions(vendor, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertSaid(fails(destination()), false, "The folder " + vendor + " refused writing .patronimport.properties.");
        Files.setPosixFilePermissions(vendor, PosixFilePermissions.fromString("-wx------"));
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW));
        Files.setPosixFilePermissions(vendor, PosixFilePermissions.fromString("rwx------"));
        assertEquals(NEW, vendorFiles().get("patrons.csv"));
    }

    /** Nobody may delete in /proc: root hears EPERM, others EACCES. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void anOperationThatIsNotPermittedIsRefusedAndOneThatIsNotNeededIsDoneWithout() throws Exception {
        Destination there = destination(Path.of("/proc/self"), Optional.empty());
        try (VendorFolder folder = there.open(PATH)) {
            UploadFailedException refused = assertThrows(UploadFailedException.class, () -> folder.remove("status"));
            assertTrue(refused.isRefusal(), refused.getMessage());
            assertSaid(refused, false, "refused removing status: ", ". Give this account the right to delete");
            assertFalse(folder.removeUnlessRefused("status"));
        }
    }

    @Test
    void theTrialDoesWhatADeliveryDoesAndLeavesNothing() throws Exception {
        upload(destination(), OLD);
        List<String> names = List.of("patronimport.properties", "patrons.csv");
        List<DestinationTrial.Step> steps =
                DestinationTrial.run(destination(vendor, Optional.of("rw-r-----")), "destiny", names, PATH);
        assertEquals(
                List.of("folder", "list", "write"),
                steps.stream().map(DestinationTrial.Step::what).toList());
        assertTrue(steps.stream().allMatch(DestinationTrial.Step::passed), steps.toString());
        assertEquals(
                vendor + "; patronimport.properties is there, 20 bytes; patrons.csv is there, 200000 bytes",
                steps.get(0).found());
        assertTrue(steps.get(2).found().startsWith("wrote, set rw-r-----, renamed and deleted"), steps.toString());
        assertEquals(
                Set.of("patronimport.properties", "patrons.csv"), vendorFiles().keySet());
        DestinationTrial.Step missing = DestinationTrial.run(
                        destination(vendor.resolve("none"), Optional.empty()), "destiny", names, PATH)
                .get(0);
        assertFalse(missing.passed());
        assertTrue(missing.found().contains("does not exist. Mount its share"), missing.toString());
    }

    @Test
    void settingsThatCannotWorkAreNamedWithTheirPaths() {
        VendorFiles wrong = new VendorFiles(
                "a/patrons.csv",
                "A/patrons.csv",
                "part",
                Optional.of(PosixFilePermissions.fromString("r--r--r--")),
                Set.of());
        assertEquals(
                List.of("file", "properties-file", "properties-file", "temporary-name", "permissions"),
                new FolderDestination(vendor, wrong)
                        .problems().stream().map(problem -> problem.path()).toList());
    }
}
