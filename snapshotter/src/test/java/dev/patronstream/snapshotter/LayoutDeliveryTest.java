package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedSelection;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.TopicSettings;
import dev.patronstream.schemas.Topics;
import dev.patronstream.snapshotter.delivery.Credentials;
import dev.patronstream.snapshotter.delivery.HostKeys;
import dev.patronstream.snapshotter.delivery.SftpDestination;
import dev.patronstream.snapshotter.layout.DestinyLayoutSettings;
import dev.patronstream.snapshotter.layout.FileFormat;
import dev.patronstream.snapshotter.layout.FreeColumn;
import dev.patronstream.snapshotter.layout.FreeFile;
import dev.patronstream.snapshotter.layout.FreeLayoutSettings;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.Rule;
import dev.patronstream.snapshotter.layout.RuleAction;
import dev.patronstream.snapshotter.layout.Rules;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.safety.Thresholds;
import dev.patronstream.snapshotter.settings.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
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

    @BeforeEach
    void startVendor(Cluster shared) throws IOException {
        cluster = shared;
        topics = new Topics(cluster.newDistrict());
        feed = new FeedTopic(cluster, topics);
        vendor = Files.createDirectories(temporary.resolve("vendor"));
        server = SftpServer.start(
                SftpSettings.of(temporary.resolve("host-key"), SftpUser.withPassword("eagle", vendor, "secret")));
    }

    @AfterEach
    void stopVendor() {
        server.close();
        feed.close();
    }

    @Test
    void aLayoutOfItsOwnIsDeliveredUnderItsNameWithoutAPropertiesFile() throws IOException {
        feed.apply(student(1, e -> {}), staff(9, e -> {}));
        FreeLayoutSettings layout = new FreeLayoutSettings(
                List.of(
                        new FreeFile(
                                "students.csv",
                                false,
                                Set.of(PatronKind.STUDENT),
                                List.of(FreeColumn.of("ID", "{id:%07d}"), FreeColumn.of("Name", "{lastName}"))),
                        new FreeFile("schools.csv", true, Set.of(), List.of(FreeColumn.of("Code", "{schoolCode}")))),
                true,
                FileFormat.USUAL,
                Map.of(10, "EAGLEHS"),
                Optional.empty(),
                2026,
                Map.of(),
                Rules.USUAL);
        try (Snapshotter snapshotter = snapshotter(layout, "roster.zip", "")) {
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

    @Test
    void aRuleCanHoldTheDeliveryAndTheReceiptSaysHowManyBrokeIt() throws IOException {
        feed.apply(student(1, e -> {}), student(2, e -> e.setLastName(null)), student(3, e -> e.setLastName(null)));
        DestinyLayoutSettings layout = DestinyLayoutSettings.builder(Map.of(10, "EAGLEHS", 20, "EAGLEMS"), 2026)
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
        FeedSelection selection = FeedTopic.SELECTION;
        SftpDestination there = new SftpDestination(
                "127.0.0.1",
                server.port(),
                "eagle",
                new Credentials.Password(Secret.of("secret")),
                new HostKeys.Pinned(List.of(server.hostKeyFingerprint())),
                "/",
                file,
                propertiesFile,
                SftpDestination.DEFAULT_CONNECT_TIMEOUT,
                SftpDestination.DEFAULT_READ_TIMEOUT,
                false,
                false);
        return new Snapshotter(
                new SnapshotterSettings(
                        topics,
                        TopicSettings.SINGLE_BROKER,
                        cluster.kafka(),
                        cluster.registry(),
                        temporary.resolve("archive"),
                        SnapshotterSettings.DEFAULT_GENERATIONS,
                        Duration.ofSeconds(60),
                        List.of(new FeedSettings(
                                selection,
                                layout,
                                Optional.empty(),
                                Optional.of(there),
                                Safeguards.DEFAULT.with(Thresholds.NONE).sendingFirst()))),
                Clock.systemUTC());
    }

    private List<String> delivered() throws IOException {
        try (Stream<Path> children = Files.list(vendor)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    private static String text(ZipFile zip, String name) throws IOException {
        return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), UTF_8);
    }
}
