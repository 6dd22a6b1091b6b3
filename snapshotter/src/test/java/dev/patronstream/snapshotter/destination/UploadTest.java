package dev.patronstream.snapshotter.destination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.DeliveryFileState;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.destination.Upload.Outcome;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.file.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.DirectoryHandle;
import org.apache.sshd.sftp.server.FileHandle;
import org.apache.sshd.sftp.server.Handle;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTest {

    private static final String PATH = "feeds.destiny.destination.sftp";
    private static final String OLD = "old file\r\n";
    private static final String NEW = "new file\r\n".repeat(20_000);
    private static final String PROPERTIES = "field_type_total=16\n";

    @TempDir
    private Path temporary;

    private Path vendor;
    private Path local;
    private Optional<SftpServer> server = Optional.empty();
    private final List<String> announced = new ArrayList<>();
    private int deliveries;

    @BeforeEach
    void makeFolders() throws IOException {
        vendor = Files.createDirectories(temporary.resolve("vendor"));
        local = Files.createDirectories(temporary.resolve("local"));
    }

    @AfterEach
    void stopServer() {
        server.ifPresent(SftpServer::close);
    }

    @Test
    void theFileAndItsPropertiesArriveAndNothingElse() throws Exception {
        start(settings -> settings);
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW));
        assertEquals(Map.of("patrons.csv", NEW, "patronimport.properties", PROPERTIES), vendorFiles());
    }

    @Test
    void anOldFileIsReplaced() throws Exception {
        start(settings -> settings);
        put("patrons.csv", OLD);
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW));
        assertEquals(NEW, vendorFiles().get("patrons.csv"));
    }

    @Test
    void theFileAppearsUnderItsNameOnlyWhenItIsWholeAndAfterItsProperties() throws Exception {
        List<String> seen = new ArrayList<>();
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void moved(
                    ServerSession session, Path from, Path to, Collection<CopyOption> how, Throwable failure) {
                seen.add(from.getFileName() + " " + size(to));
            }
        }));
        upload(destination(), NEW);
        assertEquals(
                List.of(
                        ".patronimport.properties." + id(1) + ".part " + PROPERTIES.length(),
                        ".patrons.csv." + id(1) + ".part " + NEW.length()),
                seen);
    }

    @Test
    void anUnchangedFileIsNotSentAgainUnlessAsked() throws Exception {
        start(settings -> settings);
        upload(destination(), NEW);
        Files.setLastModifiedTime(vendor.resolve("patrons.csv"), java.nio.file.attribute.FileTime.fromMillis(1000));
        announced.clear();
        assertEquals(Outcome.UNCHANGED, upload(destination(), NEW, Optional.of(NEW), false));
        assertEquals(
                1000, Files.getLastModifiedTime(vendor.resolve("patrons.csv")).toMillis());
        assertEquals(List.of(), announced);
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW, Optional.of(NEW), true));
        assertTrue(Files.getLastModifiedTime(vendor.resolve("patrons.csv")).toMillis() > 1000);
    }

    @Test
    void aFileThatTheVendorTookAwayOrChangedIsSentAgain() throws Exception {
        start(settings -> settings);
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW, Optional.of(NEW), false));
        put("patrons.csv", NEW + "x");
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW, Optional.of(NEW), false));
        put("patrons.csv", NEW.replace('n', 'm'));
        assertEquals(Outcome.DELIVERED, upload(readBack(destination()), NEW, Optional.of(NEW), false));
        assertEquals(NEW, vendorFiles().get("patrons.csv"));
    }

    @Test
    void aFileThatArrivedInAnInterruptedAttemptIsRecognized() throws Exception {
        start(settings -> settings);
        put("patrons.csv", NEW);
        put("patronimport.properties", PROPERTIES);
        assertEquals(Outcome.ARRIVED_BEFORE, upload(destination(), NEW, Optional.empty(), false));
        put("patrons.csv", NEW.replace('n', 'm'));
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW, Optional.empty(), false));
        assertEquals(NEW, vendorFiles().get("patrons.csv"));
    }

    @Test
    void leftOversOfThisFeedAreClearedAwayAndNothingForeign() throws Exception {
        start(settings -> settings);
        String ours = ".patrons.csv.destiny-20261123T020000000Z-7.part";
        List<String> foreign = List.of(
                ".patrons.csv.other-20261123T020000000Z-7.part",
                ".patrons.csv.destiny-high-20261123T020000000Z-7.part",
                ".patrons.csv.part",
                ".teachers.csv.destiny-20261123T020000000Z-7.part",
                "patrons.csv.destiny-20261123T020000000Z-7.part",
                ".patrons.csv.destiny-20261123T020000000Z-7.part.bak",
                ".profile");
        put(ours, "half");
        for (String name : foreign) {
            put(name, "theirs");
        }
        upload(destination(), NEW);
        assertFalse(vendorFiles().containsKey(ours));
        for (String name : foreign) {
            assertEquals("theirs", vendorFiles().get(name), name);
        }
    }

    @Test
    void leftOversAreClearedAwayAlsoWhereNothingIsSent() throws Exception {
        start(settings -> settings);
        upload(destination(), NEW);
        announced.clear();
        String ours = ".patrons.csv.destiny-20261123T020000000Z-7.part";
        put(ours, "half");
        assertEquals(Outcome.UNCHANGED, upload(destination(), NEW, Optional.of(NEW), false));
        assertEquals(Map.of("patrons.csv", NEW, "patronimport.properties", PROPERTIES), vendorFiles());
        assertEquals(List.of(id(deliveries)), announced);
    }

    /** A server says that it may not be done, or only that it failed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leftOversThatTheServerDoesNotLetGoOfKeepNoDeliveryFromBeingOne(boolean saysWhy) throws Exception {
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void removing(ServerSession session, Path path, boolean isDirectory) throws IOException {
                throw saysWhy ? new AccessDeniedException("sticky") : new IOException("sticky");
            }
        }));
        List<String> ours = List.of(
                ".patrons.csv.destiny-20261123T020000000Z-7.part", ".patrons.csv.destiny-20261123T020000000Z-8.part");
        for (String name : ours) {
            put(name, "half");
        }
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW));
        assertEquals(Outcome.UNCHANGED, upload(destination(), NEW, Optional.of(NEW), false));
        assertEquals(
                Map.of(
                        "patrons.csv",
                        NEW,
                        "patronimport.properties",
                        PROPERTIES,
                        ours.get(0),
                        "half",
                        ours.get(1),
                        "half"),
                vendorFiles());
    }

    @Test
    void aFolderThatMayNotBeListedIsDeliveredTo() throws Exception {
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void opening(ServerSession session, String handle, Handle local) throws IOException {
                if (local instanceof DirectoryHandle) {
                    throw new AccessDeniedException("no");
                }
            }
        }));
        put("patrons.csv", OLD);
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW));
        assertEquals(Outcome.UNCHANGED, upload(destination(), NEW, Optional.of(NEW), false));
        assertEquals(Map.of("patrons.csv", NEW, "patronimport.properties", PROPERTIES), vendorFiles());
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw-rw-rw-", "rw-------"})
    void theFilesHaveTheConfiguredPermissionsBeforeTheyTakeTheirNames(String who) throws Exception {
        List<String> seen = new ArrayList<>();
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                    throws IOException {
                seen.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(from)));
            }
        }));
        upload(permitting(destination(), who), NEW);
        assertEquals(List.of(who, who), seen);
        assertEquals(who, PosixFilePermissions.toString(Files.getPosixFilePermissions(vendor.resolve("patrons.csv"))));
    }

    @Test
    void aServerThatRefusesToSetPermissionsIsNamedAndTheOldFileStays() throws Exception {
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void modifyingAttributes(ServerSession session, Path path, Map<String, ?> attributes)
                    throws IOException {
                if (attributes.containsKey("permissions")) {
                    throw new AccessDeniedException("no");
                }
            }
        }));
        put("patrons.csv", OLD);
        assertContains(
                fails(permitting(destination(), "rw-r-----")),
                "setting the permissions of .patronimport.properties.",
                PATH + ".permissions",
                "The vendor holds what it held before");
        assertEquals(OLD, vendorFiles().get("patrons.csv"));
    }

    /** The properties file is one write, the CSV thirteen. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 11, 13, 14})
    void aConnectionThatBreaksInTheMiddleOfTheWriteLeavesTheOldFileAndTheNextRunHeals(int fatal) throws Exception {
        AtomicInteger writes = new AtomicInteger();
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void writing(
                    ServerSession session, String id, FileHandle file, long at, byte[] bytes, int from, int length)
                    throws IOException {
                if (writes.incrementAndGet() == fatal) {
                    session.close(true);
                    throw new IOException("cut");
                }
            }
        }));
        put("patrons.csv", OLD);
        UploadFailedException failure = fails(destination());
        assertTrue(failure.isRetryable());
        assertContains(failure, "broke off while writing", "The vendor holds what it held before");
        assertEquals(OLD, vendorFiles().get("patrons.csv"));
        assertHeals();
    }

    @Test
    void aConnectionThatBreaksBetweenUploadAndRenameLeavesTheOldFileAndTheNextRunHeals() throws Exception {
        boolean[] done = {false};
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                    throws IOException {
                if (to.endsWith("patrons.csv") && !done[0]) {
                    done[0] = true;
                    session.close(true);
                    throw new IOException("cut");
                }
            }
        }));
        put("patrons.csv", OLD);
        UploadFailedException failure = fails(destination());
        assertContains(
                failure,
                "broke off while renaming",
                "the new patronimport.properties; the old patrons.csv or the new one, whole");
        assertEquals(OLD, vendorFiles().get("patrons.csv"));
        assertTrue(vendorFiles().containsKey(".patrons.csv." + id(1) + ".part"));
        assertHeals();
    }

    @Test
    void aRenameWhoseAnswerIsLostIsFoundOut() throws Exception {
        boolean[] done = {false};
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void moved(ServerSession session, Path from, Path to, Collection<CopyOption> how, Throwable failure)
                    throws IOException {
                if (to.endsWith("patrons.csv") && !done[0]) {
                    done[0] = true;
                    session.close(true);
                    throw new IOException("cut");
                }
            }
        }));
        put("patrons.csv", OLD);
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW));
        assertEquals(NEW, vendorFiles().get("patrons.csv"));
    }

    @Test
    void aServerThatStoresLessThanWasSentIsNoticed() throws Exception {
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void closed(ServerSession session, String id, Handle handle, Throwable failure) throws IOException {
                if (isTemporaryCsv(handle.getFile())) {
                    Files.writeString(handle.getFile(), "short");
                }
            }
        }));
        put("patrons.csv", OLD);
        assertContains(fails(destination()), "shows 5 bytes of " + NEW.length(), "what it held before");
        assertEquals(OLD, vendorFiles().get("patrons.csv"));
    }

    @Test
    void readingBackNoticesWhatTheSizeDoesNot() throws Exception {
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void closed(ServerSession session, String id, Handle handle, Throwable failure) throws IOException {
                Path file = handle.getFile();
                if (isTemporaryCsv(file) && Files.size(file) == NEW.length()) {
                    Files.writeString(file, NEW.replace('n', 'm'));
                }
            }
        }));
        put("patrons.csv", OLD);
        assertContains(fails(readBack(destination())), "stored other bytes than those that were sent");
        assertEquals(OLD, vendorFiles().get("patrons.csv"));
    }

    @Test
    void aServerWithoutAtomicRenameIsRefusedWithTheReason() throws Exception {
        start(SftpSettings::withoutPosixRename);
        put("patrons.csv", OLD);
        assertContains(fails(destination()), "posix-rename@openssh.com", "allow-non-atomic-rename: true");
        assertEquals(Map.of("patrons.csv", OLD), vendorFiles());
        assertEquals(List.of(), announced);
    }

    @Test
    void aServerWithoutAtomicRenameIsUsedWhereThatIsAllowed() throws Exception {
        start(SftpSettings::withoutPosixRename);
        assertEquals(Outcome.DELIVERED, upload(allowingGaps(destination()), NEW));
        put("patrons.csv", OLD);
        assertEquals(Outcome.DELIVERED_WITH_GAP, upload(allowingGaps(destination()), NEW));
        assertEquals(Map.of("patrons.csv", NEW, "patronimport.properties", PROPERTIES), vendorFiles());
    }

    @Test
    void aConnectionThatBreaksInTheGapLeavesNoFileAndTheNextRunHeals() throws Exception {
        boolean[] done = {false};
        start(settings -> settings.withoutPosixRename().withListener(new SftpEventListener() {
            @Override
            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                    throws IOException {
                if (to.endsWith("patrons.csv") && !done[0]) {
                    done[0] = true;
                    session.close(true);
                    throw new IOException("cut");
                }
            }
        }));
        put("patrons.csv", OLD);
        assertContains(fails(allowingGaps(destination())), "the old patrons.csv, the new one or none, never a part");
        assertFalse(vendorFiles().containsKey("patrons.csv"));
        assertEquals(Outcome.DELIVERED, upload(allowingGaps(destination()), NEW));
        assertEquals(Map.of("patrons.csv", NEW, "patronimport.properties", PROPERTIES), vendorFiles());
    }

    @Test
    void aRetryThatFailsEarlierDoesNotForgetThatAFileMayBeMissing() throws Exception {
        boolean[] broken = {false};
        start(settings -> settings.withoutPosixRename().withListener(new SftpEventListener() {
            @Override
            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                    throws IOException {
                if (to.endsWith("patrons.csv")) {
                    broken[0] = true;
                    session.close(true);
                    throw new IOException("cut");
                }
            }

            @Override
            public void opening(ServerSession session, String id, Handle handle) throws IOException {
                if (broken[0]) {
                    throw new IOException("no space");
                }
            }
        }));
        put("patrons.csv", OLD);
        Upload upload =
                new Upload(allowingGaps(destination()), PATH, order(NEW, Optional.empty(), false), progress -> {});
        assertThrows(UploadFailedException.class, upload::run);
        UploadFailedException again = assertThrows(UploadFailedException.class, upload::run);
        assertFalse(vendorFiles().containsKey("patrons.csv"));
        assertContains(again, "the old patrons.csv, the new one or none, never a part");
        assertEquals(Optional.of(DeliveryFileState.UNKNOWN), upload.state("patrons.csv"));
    }

    @Test
    void aFileThatArrivedAfterAGapIsStillSaidToHaveHadOne() throws Exception {
        int[] moves = {0};
        start(settings -> settings.withoutPosixRename().withListener(new SftpEventListener() {
            @Override
            public void moved(ServerSession session, Path from, Path to, Collection<CopyOption> how, Throwable failure)
                    throws IOException {
                if (to.endsWith("patrons.csv")) {
                    moves[0]++;
                    session.close(true);
                    throw new IOException("cut");
                }
            }

            @Override
            public void initialized(ServerSession session, int version) throws IOException {
                if (moves[0] == 1) {
                    moves[0]++;
                    session.close(true);
                    throw new IOException("cut");
                }
            }
        }));
        put("patrons.csv", OLD);
        put("patronimport.properties", PROPERTIES);
        Upload upload =
                new Upload(allowingGaps(destination()), PATH, order(NEW, Optional.empty(), false), progress -> {});
        assertThrows(UploadFailedException.class, upload::run);
        assertEquals(Outcome.DELIVERED_WITH_GAP, upload.run());
        assertEquals(NEW, vendorFiles().get("patrons.csv"));
    }

    @Test
    void anotherHostKeyIsRefusedWithTheFingerprintSeen() throws Exception {
        start(settings -> settings);
        String wrong = "SHA256:" + "B".repeat(43);
        SftpDestination destination = withHostKeys(destination(), new HostKeys.Pinned(List.of(wrong)));
        UploadFailedException failure = fails(destination);
        assertFalse(failure.isRetryable());
        assertContains(
                failure, server.orElseThrow().hostKeyFingerprint(), wrong, PATH + ".host-key", "Nothing was sent");
        assertEquals(Map.of(), vendorFiles());
        String seen = failure.getMessage().replaceFirst("(?s).*: seen (SHA256:\\S+).*", "$1");
        assertEquals(Outcome.DELIVERED, upload(withHostKeys(destination(), new HostKeys.Pinned(List.of(seen))), NEW));
    }

    @Test
    void oneOfSeveralPinnedKeysIsEnough() throws Exception {
        start(settings -> settings);
        HostKeys both = new HostKeys.Pinned(
                List.of("SHA256:" + "B".repeat(43), server.orElseThrow().hostKeyFingerprint()));
        assertEquals(Outcome.DELIVERED, upload(withHostKeys(destination(), both), NEW));
    }

    @Test
    void knownHostsAreBelievedAndOthersNot() throws Exception {
        start(settings -> settings);
        Path known = temporary.resolve("known_hosts");
        Files.writeString(known, "");
        SftpDestination destination = withHostKeys(destination(), new HostKeys.KnownHosts(known));
        assertContains(fails(destination), server.orElseThrow().hostKeyFingerprint(), PATH + ".known-hosts");
        Files.writeString(known, "[127.0.0.1]:" + server.orElseThrow().port() + " " + hostKeyLine() + "\n");
        assertEquals(Outcome.DELIVERED, upload(destination, NEW));
    }

    @Test
    void aWrongPasswordIsNamedWithoutShowingIt() throws Exception {
        start(settings -> settings);
        SftpDestination destination =
                withCredentials(destination(), new Credentials.Password(Secret.of("wrong-secret")));
        UploadFailedException failure = fails(destination);
        assertFalse(failure.isRetryable());
        assertContains(failure, "refused the user or the password", PATH + ".password");
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertFalse(String.valueOf(cause.getMessage()).contains("wrong-secret"));
        }
        assertFalse(destination.toString().contains("wrong-secret"));
    }

    @Test
    void aKeyWithAPassphraseOpensTheServer() throws Exception {
        TestKey key = TestKey.generate(temporary, "pass phrase");
        server = Optional.of(SftpServer.start(SftpSettings.of(
                temporary.resolve("host-key"), SftpUser.withKeys("eagle", vendor, List.of(key.publicLine())))));
        Credentials right =
                new Credentials.KeyFile(key.file(), Optional.of(Secret.of("pass phrase")), Optional.empty());
        assertEquals(Outcome.DELIVERED, upload(withCredentials(destination(), right), NEW));
        Credentials wrong = new Credentials.KeyFile(key.file(), Optional.of(Secret.of("another")), Optional.empty());
        UploadFailedException failure = fails(withCredentials(destination(), wrong));
        assertContains(failure, PATH + ".key-passphrase");
        assertFalse(failure.getMessage().contains("another"));
        Credentials unreadable = new Credentials.KeyFile(
                key.file(),
                Optional.of(Secret.from(() -> {
                    throw new UncheckedIOException("The secret in /run/passphrase cannot be read", new IOException());
                })),
                Optional.empty());
        UploadFailedException lost = fails(withCredentials(destination(), unreadable));
        assertContains(lost, PATH + ".key-passphrase", "/run/passphrase");
        assertFalse(lost.isRetryable());
    }

    @Test
    void aKeyThatTheServerDoesNotKnowIsNamed() throws Exception {
        start(settings -> settings);
        TestKey key = TestKey.generate(temporary, "");
        SftpDestination destination =
                withCredentials(destination(), new Credentials.KeyFile(key.file(), Optional.empty(), Optional.empty()));
        assertContains(fails(destination), "refused the user or the key", PATH + ".key-file");
    }

    @Test
    void anUnreachableServerIsNamed() throws Exception {
        start(settings -> settings);
        SftpDestination destination = destination();
        server.orElseThrow().close();
        UploadFailedException failure = fails(destination);
        assertTrue(failure.isRetryable());
        assertContains(failure, "127.0.0.1:" + destination.port() + " cannot be reached", PATH + ".host");
    }

    @Test
    void anUnknownNameIsNamed() throws Exception {
        start(settings -> settings);
        SftpDestination destination = SftpDestinationBuilder.like(destination())
                .host("no-such-host.invalid")
                .propertiesFile("")
                .build();
        assertContains(fails(destination), "no-such-host.invalid is not known", PATH + ".host");
    }

    @Test
    void aServerThatSaysNothingIsGivenUp() throws Exception {
        start(settings -> settings);
        try (ServerSocket silent = new ServerSocket(0)) {
            SftpDestination destination = SftpDestinationBuilder.like(destination())
                    .port(silent.getLocalPort())
                    .propertiesFile("")
                    .connectTimeout(Duration.ofMillis(300))
                    .readTimeout(Duration.ofMillis(300))
                    .build();
            assertTrue(fails(destination).isRetryable());
        }
    }

    @Test
    void aMissingFolderAndAFileInItsPlaceAreNamed() throws Exception {
        start(settings -> settings);
        put("note.txt", "a file");
        assertContains(fails(inDirectory(destination(), "/Inbox")), "does not exist", PATH + ".directory");
        assertContains(fails(inDirectory(destination(), "/note.txt")), "is a file", PATH + ".directory");
    }

    @Test
    void aFolderInPlaceOfTheFileIsNamed() throws Exception {
        start(settings -> settings);
        Files.createDirectory(vendor.resolve("patrons.csv"));
        assertContains(fails(destination()), "patrons.csv is a folder");
    }

    @Test
    void aSubfolderOfTheHomeWorksWithAndWithoutSlashes() throws Exception {
        start(settings -> settings);
        Files.createDirectories(vendor.resolve("in/box"));
        for (String directory : List.of("/in/box", "in/box", "in/box/")) {
            assertEquals(Outcome.DELIVERED, upload(inDirectory(destination(), directory), NEW));
            assertTrue(Files.deleteIfExists(vendor.resolve("in/box/patrons.csv")), directory);
        }
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    @Test
    @DisabledIf(value = "isRoot", disabledReason = "root may write everywhere")
    void aFolderWithoutTheRightToWriteIsNamed() throws Exception {
        start(settings -> settings);
        Files.setPosixFilePermissions(vendor, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertContains(fails(destination()), "PERMISSION_DENIED");
    }

    @Test
    void aRefusalByTheServerIsNamed() throws Exception {
        start(settings -> settings.withListener(new SftpEventListener() {
            @Override
            public void opening(ServerSession session, String id, Handle handle) throws IOException {
                if (isTemporaryCsv(handle.getFile())) {
                    throw new java.nio.file.AccessDeniedException(
                            handle.getFile().toString());
                }
            }
        }));
        put("patrons.csv", OLD);
        UploadFailedException failure = fails(destination());
        assertContains(failure, "refused writing .patrons.csv", "PERMISSION_DENIED", "what it held before");
        assertFalse(failure.isRetryable());
        assertEquals(OLD, vendorFiles().get("patrons.csv"));
    }

    @Test
    void aFencedDeliveryStopsBeforeTheRename() throws Exception {
        start(settings -> settings);
        put("patrons.csv", OLD);
        put("patronimport.properties", PROPERTIES);
        int[] asked = {0};
        Upload upload = new Upload(destination(), PATH, order(NEW, Optional.empty(), false), progress -> {
            if (++asked[0] == 2) {
                throw new IllegalStateException("taken over");
            }
        });
        assertThrows(IllegalStateException.class, upload::run);
        assertEquals(OLD, vendorFiles().get("patrons.csv"));
    }

    @Test
    void settingsThatCannotWorkAreNamedWithTheirPaths() {
        SftpDestination wrong = SftpDestinationBuilder.of(
                        "",
                        " ",
                        new Credentials.KeyFile(temporary.resolve("none"), Optional.empty(), Optional.empty()),
                        new HostKeys.Pinned(List.of("MD5:aa")))
                .port(0)
                .file("a/b.csv")
                .propertiesFile("a/b.csv")
                .connectTimeout(Duration.ZERO)
                .readTimeout(Duration.ofDays(1))
                .permissions(Optional.of(PosixFilePermissions.fromString("r--r--r--")))
                .build();
        assertEquals(
                List.of(
                        "host",
                        "user",
                        "port",
                        "file",
                        "properties-file",
                        "properties-file",
                        "permissions",
                        "connect-timeout",
                        "read-timeout",
                        "host-key"),
                wrong.problems().stream().map(problem -> problem.path()).toList());
    }

    private void assertHeals() throws Exception {
        assertEquals(Outcome.DELIVERED, upload(destination(), NEW));
        assertEquals(Map.of("patrons.csv", NEW, "patronimport.properties", PROPERTIES), vendorFiles());
    }

    private void start(UnaryOperator<SftpSettings> change) {
        SftpSettings plain =
                SftpSettings.of(temporary.resolve("host-key"), SftpUser.withPassword("eagle", vendor, "right-secret"));
        server = Optional.of(SftpServer.start(change.apply(plain)));
    }

    private SftpDestination destination() {
        SftpServer running = server.orElseThrow();
        return SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.of("right-secret")),
                        new HostKeys.Pinned(List.of(running.hostKeyFingerprint())))
                .port(running.port())
                .connectTimeout(Duration.ofSeconds(10))
                .readTimeout(Duration.ofSeconds(10))
                .build();
    }

    private static SftpDestination withHostKeys(SftpDestination there, HostKeys keys) {
        return SftpDestinationBuilder.like(there).hostKeys(keys).build();
    }

    private static SftpDestination withCredentials(SftpDestination there, Credentials credentials) {
        return SftpDestinationBuilder.like(there).credentials(credentials).build();
    }

    private static SftpDestination inDirectory(SftpDestination there, String directory) {
        return SftpDestinationBuilder.like(there).directory(directory).build();
    }

    private static SftpDestination readBack(SftpDestination there) {
        return SftpDestinationBuilder.like(there)
                .with(VendorFiles.Choice.READ_BACK)
                .build();
    }

    private static SftpDestination allowingGaps(SftpDestination there) {
        return SftpDestinationBuilder.like(there)
                .with(VendorFiles.Choice.ALLOW_NON_ATOMIC_RENAME)
                .build();
    }

    private static SftpDestination permitting(SftpDestination there, String who) {
        return SftpDestinationBuilder.like(there)
                .permissions(Optional.of(PosixFilePermissions.fromString(who)))
                .build();
    }

    private Outcome upload(SftpDestination destination, String content) throws Exception {
        return upload(destination, content, Optional.empty(), false);
    }

    private Outcome upload(
            SftpDestination destination, String content, Optional<String> lastDelivered, boolean evenIfUnchanged)
            throws Exception {
        Upload.Order order = order(content, lastDelivered, evenIfUnchanged);
        return new Upload(destination, PATH, order, progress -> announced.add(order.deliveryId())).run();
    }

    private UploadFailedException fails(SftpDestination destination) {
        return assertThrows(UploadFailedException.class, () -> upload(destination, NEW));
    }

    private Upload.Order order(String content, Optional<String> lastDelivered, boolean evenIfUnchanged)
            throws IOException {
        deliveries++;
        StoredFile properties = local("patronimport.properties", PROPERTIES);
        Map<String, String> held = lastDelivered.isPresent()
                ? Map.of(
                        "patronimport.properties",
                        properties.sha256(),
                        "patrons.csv",
                        local("last", lastDelivered.get()).sha256())
                : Map.of();
        return new Upload.Order(
                "destiny", id(deliveries), List.of(properties, local("patrons.csv", content)), held, evenIfUnchanged);
    }

    private StoredFile local(String name, String content) throws IOException {
        return new FileFolder(local).write(name, out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }

    private static String id(int delivery) {
        return DeliveryId.of("destiny", Instant.parse("2026-11-24T02:00:00Z"), delivery);
    }

    private void put(String name, String content) throws IOException {
        Files.writeString(vendor.resolve(name), content);
    }

    private Map<String, String> vendorFiles() throws IOException {
        Map<String, String> files = new java.util.TreeMap<>();
        try (Stream<Path> children = Files.list(vendor)) {
            for (Path child : children.filter(Files::isRegularFile).toList()) {
                files.put(child.getFileName().toString(), Files.readString(child));
            }
        }
        return files;
    }

    private String hostKeyLine() throws Exception {
        return TestKey.publicLineOf(temporary.resolve("host-key"));
    }

    private static boolean isTemporaryCsv(Path file) {
        return file.toString().contains("/.patrons.csv.");
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return -1;
        }
    }

    private static void assertContains(UploadFailedException failure, String... parts) {
        for (String part : parts) {
            assertTrue(failure.getMessage().contains(part), "'" + part + "' in: " + failure.getMessage());
        }
    }
}
