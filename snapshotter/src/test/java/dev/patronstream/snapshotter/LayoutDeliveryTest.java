package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.layout.Entries.enrollment;
import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.delivery.Decider;
import dev.patronstream.snapshotter.delivery.DecisionRefusedException;
import dev.patronstream.snapshotter.delivery.FeedDelivery;
import dev.patronstream.snapshotter.destination.SftpDestinationBuilder;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.layout.DestinyLayoutBuilder;
import dev.patronstream.snapshotter.layout.FileFormat;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.TextEncoding;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.layout.free.FreeColumn;
import dev.patronstream.snapshotter.layout.free.FreeFile;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import dev.patronstream.snapshotter.layout.template.TemplateContext;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.RuleAction;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.settings.InvalidSettingsException;
import java.io.IOException;
import java.nio.charset.UnmappableCharacterException;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.kafka.clients.admin.Admin;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.SftpEventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries whose layout or rules are a feed's own, to a real server. */
@ExtendWith(Cluster.Extension.class)
class LayoutDeliveryTest {

    private static final String FEED = "destiny";

    @TempDir
    private Path temporary;

    private Cluster cluster;
    private Topics topics;
    private FeedTopic feed;
    private Path vendor;
    private SftpServer server;
    private volatile Optional<String> refused = Optional.empty();

    @BeforeEach
    void startVendor(Cluster shared) throws IOException {
        cluster = shared;
        topics = new Topics(cluster.newDistrict());
        feed = new FeedTopic(cluster, topics);
        vendor = Files.createDirectories(temporary.resolve("vendor"));
        server = SftpServer.start(
                SftpSettings.of(temporary.resolve("host-key"), SftpUser.withPassword("eagle", vendor, "secret"))
                        .withListener(new SftpEventListener() {
                            @Override
                            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how)
                                    throws IOException {
                                if (refused.filter(to::endsWith).isPresent()) {
                                    throw new AccessDeniedException(to.toString());
                                }
                            }
                        }));
    }

    @AfterEach
    void stopVendor() {
        server.close();
        feed.close();
    }

    @Test
    void aLayoutOfItsOwnIsDeliveredUnderItsNameWithoutAPropertiesFile() throws IOException {
        feed.apply(student(1, e -> {}), staff(9, e -> {}));
        try (Snapshotter snapshotter = snapshotter(roster(true), "roster.zip", "")) {
            Delivery receipt = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            feed.apply(Map.of());
            Delivery again = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);

            assertEquals(DeliveryResult.DELIVERED, receipt.getResult(), receipt.toString());
            assertEquals(1, receipt.getRows());
            assertEquals(DeliveryResult.UNCHANGED, again.getResult());
            assertEquals(List.of("roster.zip"), delivered());
            assertFalse(Files.exists(snapshotter.archived(receipt).resolve("patronimport.properties")));
        }
        try (ZipFile zip = new ZipFile(vendor.resolve("roster.zip").toFile())) {
            assertEquals("ID,Name\r\n0000001,Lee\r\n", text(zip, "students.csv"));
            assertEquals("Code\r\n10\r\n", text(zip, "schools.csv"));
        }
    }

    /** There is no command to compare for a layout of its own, so none is advised. */
    @Test
    void whoMayBeMissingIsToBeComparedByHand() throws Exception {
        feed.apply(student(1, e -> {}), student(2, e -> {}));
        try (Snapshotter snapshotter = snapshotter(roster(true), "roster.zip", "")) {
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
        }
        try (Admin admin = Admin.create(cluster.kafka())) {
            admin.deleteTopics(List.of(topics.delivered(FEED))).all().get();
        }
        Files.move(temporary.resolve("archive"), temporary.resolve("of another machine"));
        try (Snapshotter snapshotter = snapshotter(roster(true), "roster.zip", "")) {
            String said = snapshotter
                    .snapshot(FEED, SnapshotOptions.DELIVER)
                    .getCaptureNews()
                    .toString();
            assertTrue(said.contains("Compare with what the vendor has. The file is sent again"), said);
        }
    }

    @Test
    void severalFilesAreDeliveredSideBySideAndOnlyWhatDiffersIsSentAgain() throws IOException {
        feed.apply(student(1, e -> {}), student(2, e -> {}));
        try (Snapshotter snapshotter = snapshotter(roster(false), "", "")) {
            Delivery first = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.DELIVERED, first.getResult(), first.toString());
            assertEquals(List.of("schools.csv", "students.csv"), delivered());
            assertEquals("ID,Name\r\n0000001,Lee\r\n0000002,Lee\r\n", vendors("students.csv"));
            assertEquals("Code\r\n10\r\n", vendors("schools.csv"));
            assertEquals("students.csv NEW, schools.csv NEW", states(first));
            assertEquals("schools.csv", first.getFileName());
            assertEquals(
                    Files.size(vendor.resolve("students.csv")) + Files.size(vendor.resolve("schools.csv")),
                    first.getBytes());
            assertEquals(
                    List.of("problems.csv", "rows.avro", "schools.csv", "students.csv"),
                    names(snapshotter.archived(first)));

            Delivery same = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.UNCHANGED, same.getResult(), same.toString());

            Files.setLastModifiedTime(vendor.resolve("students.csv"), FileTime.fromMillis(1000));
            Files.delete(vendor.resolve("schools.csv"));
            Delivery again = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.DELIVERED, again.getResult(), again.toString());
            assertEquals("Code\r\n10\r\n", vendors("schools.csv"));
            assertEquals(
                    1000,
                    Files.getLastModifiedTime(vendor.resolve("students.csv")).toMillis());

            Delivery resent = snapshotter.resend(first.getId(), Decider.of("test"));
            assertEquals(DeliveryResult.DELIVERED, resent.getResult(), resent.toString());
            assertTrue(Files.getLastModifiedTime(vendor.resolve("students.csv")).toMillis() > 1000);
        }
    }

    /** The second file is the same in both states, so only what the first is says whether the hold is about this one. */
    @Test
    void severalFilesAreHeldAndApprovedTogether() throws IOException {
        feed.apply(student(1, e -> {}), student(2, e -> {}));
        Safeguards strict = Changed.sendingFirst(Usual.SAFEGUARDS);
        try (Snapshotter snapshotter = snapshotter(roster(false), "", "", strict)) {
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            feed.apply(student(3, e -> {}), student(4, e -> {}));
            Delivery held = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.HELD, held.getResult(), held.toString());
            assertEquals("students.csv OLD, schools.csv OLD", states(held));
            assertEquals(
                    held.getId(),
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getId());
            feed.apply(student(4, e -> e.setLastName("Kim")));
            Delivery other = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.HELD, other.getResult(), other.toString());
            assertNotEquals(held.getId(), other.getId());

            Files.writeString(snapshotter.archived(other).resolve("students.csv"), "ID,Name\r\n");
            DecisionRefusedException refused = assertThrows(
                    DecisionRefusedException.class, () -> snapshotter.approve(other.getId(), Decider.of("test")));
            assertTrue(String.valueOf(refused.getMessage()).startsWith("The file students.csv of "));

            feed.apply(student(4, e -> e.setLastName("Cho")));
            Delivery last = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            Delivery approved = snapshotter.approve(last.getId(), Decider.of("test"));
            assertEquals(DeliveryResult.DELIVERED, approved.getResult(), approved.toString());
            assertTrue(vendors("students.csv").endsWith("0000003,Lee\r\n0000004,Cho\r\n"), vendors("students.csv"));
        }
    }

    /** The old and the new students have files of one size, so that only the receipt tells that the vendor has the new. */
    @Test
    void aDeliveryThatBrokeOffBetweenItsFilesSaysWhichArrivedAndUndoingTheChangeBringsTheOldOneBack()
            throws IOException {
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(roster(false), "", "")) {
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            feed.apply(student(1, e -> e.setLastName("Kim")
                    .setPrimary(enrollment(s -> s.setSchoolCode(20).setSchoolName("Middle")))));
            refused = Optional.of("schools.csv");
            Delivery broken = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.FAILED, broken.getResult(), broken.toString());
            assertEquals("students.csv NEW, schools.csv UNKNOWN", states(broken));
            assertTrue(
                    broken.getMessage()
                            .orElse("")
                            .contains("The vendor holds the new students.csv; the old schools.csv or the new one,"
                                    + " whole; the next delivery sees to it"),
                    broken.toString());
            assertEquals("ID,Name\r\n0000001,Kim\r\n", vendors("students.csv"));
            assertEquals("Code\r\n10\r\n", vendors("schools.csv"));

            refused = Optional.empty();
            feed.apply(student(1, e -> {}));
            Delivery undone = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.DELIVERED, undone.getResult(), undone.toString());
            assertEquals("ID,Name\r\n0000001,Lee\r\n", vendors("students.csv"));
            assertEquals("Code\r\n10\r\n", vendors("schools.csv"));
        }
    }

    /** That the vendor has the file that did not change says nothing of the one that did. */
    @Test
    void aDeliveryWhoseChangedFileDidNotArriveIsNoneThatTheVendorHolds() throws IOException {
        feed.apply(student(1, e -> {}));
        try (Snapshotter snapshotter = snapshotter(roster(false), "", "")) {
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            feed.apply(student(1, e -> e.setLastName("Kim")));
            refused = Optional.of("students.csv");
            Delivery broken = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals("students.csv UNKNOWN, schools.csv NEW", states(broken));

            Delivery again = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(1, again.getDifference().orElseThrow().getChanged(), again.toString());
        }
    }

    @Test
    void aFileHasItsNameFromOnePlaceAndTakesNoneOfTheArchive() {
        assertEquals(
                List.of("feeds.destiny.destination.sftp.file: names a file that has its name from the layout already:"
                        + " students.csv, schools.csv; keep one of them"),
                problems(roster(false), "students.csv"));
        assertEquals(
                List.of("feeds.destiny.destination.sftp.file: is missing; name the file"),
                problems(
                        DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026)
                                .build(),
                        ""));
        assertEquals(
                List.of("feeds.destiny.destination.sftp: 'problems.csv' is what patronstream calls a file of its own in"
                        + " the archive; choose another name"),
                problems(
                        DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026)
                                .build(),
                        "problems.csv"));
        assertEquals(
                List.of("feeds.destiny.destination.sftp: 'patronimport.properties' is what patronstream calls a file of"
                        + " its own in the archive; choose another name"),
                problems(
                        DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026)
                                .build(),
                        "patronimport.properties"));
    }

    private List<String> problems(LayoutSettings layout, String file) {
        return assertThrows(InvalidSettingsException.class, () -> snapshotter(layout, file, "")).problems().stream()
                .map(String::valueOf)
                .toList();
    }

    @Test
    void otherColumnsOfAnotherVendorAreHeldWithoutAWordOfDestiny() {
        feed.apply(student(1, e -> {}), student(2, e -> {}));
        try (Snapshotter snapshotter = snapshotter(roster(false), "", "")) {
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
        }
        try (Snapshotter snapshotter = snapshotter(roster(false, "Surname"), "", "")) {
            Delivery held = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
            assertEquals(DeliveryResult.HELD, held.getResult(), held.toString());
            String message = held.getMessage().orElseThrow();
            assertTrue(message.contains("gone: students.csv: Name); tell the vendor, then approve"), message);
            assertFalse(message.contains("Destiny") || message.contains("properties"), message);
        }
    }

    /** The vendor's job reads by the format: each part of it that changes is asked about, and what is as before is not. */
    @Test
    void anotherFormatOfAnotherVendorIsHeldLikeOtherColumns() {
        feed.apply(student(1, e -> {}), student(2, e -> {}));
        FileFormat usual = FileFormat.USUAL;
        try (Snapshotter snapshotter = snapshotter(written(usual), "", "")) {
            snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
        }
        for (FileFormat other : List.of(
                new FileFormat(FileFormat.Headers.NONE, usual.encoding(), usual.lineEnd(), ',', usual.quotes()),
                new FileFormat(usual.headers(), TextEncoding.WINDOWS_1252, usual.lineEnd(), ',', usual.quotes()),
                new FileFormat(usual.headers(), usual.encoding(), FileFormat.LineEnd.LF, ',', usual.quotes()),
                new FileFormat(usual.headers(), usual.encoding(), usual.lineEnd(), ';', usual.quotes()),
                new FileFormat(usual.headers(), usual.encoding(), usual.lineEnd(), ',', FileFormat.Quotes.ALWAYS))) {
            try (Snapshotter snapshotter = snapshotter(written(other), "", "")) {
                Delivery held = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
                assertEquals(DeliveryResult.HELD, held.getResult(), other + " " + held);
                String message = held.getMessage().orElseThrow();
                assertTrue(message.contains("are not written as the last ones"), message);
                assertFalse(message.contains("Destiny") || message.contains("properties"), message);
            }
        }
        try (Snapshotter snapshotter = snapshotter(written(usual), "", "")) {
            assertEquals(
                    DeliveryResult.UNCHANGED,
                    snapshotter.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
        }
    }

    @Test
    void aLetterThatNoRuleFoundIsNotTakenForAFullDisk() {
        String words = FeedDelivery.localFailure(temporary, new UnmappableCharacterException(1));
        assertTrue(words.contains("encoding") && words.contains("Nothing was sent"), words);
        assertFalse(words.contains("disk") || words.contains(temporary.toString()), words);
        assertTrue(FeedDelivery.localFailure(temporary, new IOException("full")).contains("disk"));
    }

    @Test
    void twoFeedsThatWouldTakeEachOthersPlaceAtTheVendorAreNamed() {
        LayoutSettings layout =
                DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS"), 2026).build();
        SftpDestination there = SftpDestinationBuilder.of(
                        "sftp.example.org",
                        "eagle",
                        new Credentials.Password(Secret.of("secret")),
                        new HostKeys.Pinned(List.of("SHA256:" + "B".repeat(43))))
                .directory("/in")
                .build();
        String both = "feeds.annex.destination.sftp: '%s' would be written by feeds.high as well, into the same folder,"
                + " sftp://eagle@sftp.example.org:22/in; give one of them another name or another directory";
        assertEquals(
                Stream.of("patronimport.properties", "patrons.csv")
                        .map(name -> both.formatted(name).replace("/in;", "/in/;"))
                        .toList(),
                collisions(
                        layout,
                        there,
                        SftpDestinationBuilder.like(there).directory("/in/").build()));
        assertEquals(
                List.of(both.formatted("patronimport.properties").replace("@sftp", "@SFTP")),
                collisions(
                        layout,
                        there,
                        SftpDestinationBuilder.like(there)
                                .host("SFTP.example.org")
                                .file("annex.csv")
                                .build()));
        assertEquals(
                List.of(),
                collisions(
                        layout,
                        there,
                        SftpDestinationBuilder.like(there)
                                .file("annex.csv")
                                .propertiesFile("")
                                .build()));
        for (SftpDestination other : List.of(
                SftpDestinationBuilder.like(there).directory("/out").build(),
                SftpDestinationBuilder.like(there).port(2222).build(),
                SftpDestinationBuilder.like(there).user("annex").build(),
                SftpDestinationBuilder.like(there).host("sftp.example.com").build())) {
            assertEquals(List.of(), collisions(layout, there, other));
        }
    }

    private static List<String> collisions(LayoutSettings layout, SftpDestination high, SftpDestination annex) {
        return SnapshotterSettings.sharedFiles(List.of(feed("high", layout, high), feed("annex", layout, annex)))
                .stream()
                .map(String::valueOf)
                .toList();
    }

    private static FeedSettings feed(String name, LayoutSettings layout, SftpDestination destination) {
        FeedSelection usual = FeedTopic.SELECTION;
        return new FeedSettings(
                new FeedSelection(name, usual.schools(), usual.statuses(), usual.kinds(), usual.rules()),
                layout,
                Optional.empty(),
                Optional.of(destination),
                Usual.SAFEGUARDS,
                Usual.RETRIES);
    }

    private static FreeLayoutSettings roster(boolean zipped) {
        return roster(zipped, "Name");
    }

    private static FreeLayoutSettings written(FileFormat format) {
        return roster(false, "Name", format);
    }

    private static FreeLayoutSettings roster(boolean zipped, String nameHeader) {
        return roster(zipped, nameHeader, FileFormat.USUAL);
    }

    private static FreeLayoutSettings roster(boolean zipped, String nameHeader, FileFormat format) {
        return new FreeLayoutSettings(
                List.of(
                        new FreeFile(
                                "students.csv",
                                false,
                                Set.of(PatronKind.STUDENT),
                                List.of(FreeColumn.of("ID", "{id:%07d}"), FreeColumn.of(nameHeader, "{lastName}"))),
                        new FreeFile("schools.csv", true, Set.of(), List.of(FreeColumn.of("Code", "{schoolCode}")))),
                zipped,
                format,
                new TemplateContext(Map.of(10, "EAGLEHS"), Optional.empty(), 2026, Map.of()),
                Rules.USUAL);
    }

    private static String states(Delivery receipt) {
        return receipt.getFiles().stream()
                .map(file -> file.getName() + " " + file.getState())
                .collect(Collectors.joining(", "));
    }

    private String vendors(String name) throws IOException {
        return Files.readString(vendor.resolve(name));
    }

    @Test
    void aRuleCanHoldTheDeliveryAndTheReceiptSaysHowManyBrokeIt() throws IOException {
        feed.apply(student(1, e -> {}), student(2, e -> e.setLastName(null)), student(3, e -> e.setLastName(null)));
        DestinyLayoutSettings layout = DestinyLayoutBuilder.of(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026)
                .rules(new Rules(Map.of(Rule.MISSING_LAST_NAME, RuleAction.HOLD_DELIVERY)))
                .build();
        try (Snapshotter snapshotter = snapshotter(layout, "patrons.csv", "patronimport.properties")) {
            Delivery receipt = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);

            assertEquals(DeliveryResult.HELD, receipt.getResult(), receipt.toString());
            assertTrue(receipt.toString().contains("missing-last-name by 2 patrons"), receipt.toString());
            assertEquals(List.of(), delivered());
        }
    }

    private Snapshotter snapshotter(LayoutSettings layout, String file, String propertiesFile) {
        return snapshotter(
                layout, file, propertiesFile, Changed.sendingFirst(Changed.with(Usual.SAFEGUARDS, SetLimits.NONE)));
    }

    private Snapshotter snapshotter(LayoutSettings layout, String file, String propertiesFile, Safeguards safeguards) {
        FeedSelection selection = FeedTopic.SELECTION;
        SftpDestination there = SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.of("secret")),
                        new HostKeys.Pinned(List.of(server.hostKeyFingerprint())))
                .port(server.port())
                .file(file)
                .propertiesFile(propertiesFile)
                .build();
        return new Snapshotter(
                cluster.settings(
                        topics,
                        temporary.resolve("archive"),
                        Duration.ofSeconds(60),
                        List.of(new FeedSettings(
                                selection, layout, Optional.empty(), Optional.of(there), safeguards, Usual.RETRIES))),
                Clock.systemUTC(),
                DeliveryListener.none());
    }

    private List<String> delivered() throws IOException {
        return names(vendor);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String text(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), UTF_8);
    }
}
