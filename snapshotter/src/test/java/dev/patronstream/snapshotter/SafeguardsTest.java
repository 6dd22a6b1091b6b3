package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.Waiting.await;
import static dev.patronstream.snapshotter.layout.Entries.enrollment;
import static dev.patronstream.snapshotter.layout.Entries.position;
import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.DecisionKind;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.DeliveryPause;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Hold;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.delivery.Decider;
import dev.patronstream.snapshotter.delivery.DecisionRefusedException;
import dev.patronstream.snapshotter.destination.SftpDestinationBuilder;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.feed.SnapshotterSettings;
import dev.patronstream.snapshotter.layout.DestinyLayoutBuilder;
import dev.patronstream.snapshotter.layout.TextEncoding;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.layout.destiny.Identifiers;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.ledger.Pauses;
import dev.patronstream.snapshotter.ledger.Receipts;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.RuleAction;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.snapshotter.safety.Leavers;
import dev.patronstream.snapshotter.safety.PausePeriod;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.safety.check.Thresholds;
import dev.patronstream.snapshotter.schedule.ScheduleSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is held, why, and what a person can do about it: against a real broker and a real SFTP server. */
@ExtendWith(Cluster.Extension.class)
class SafeguardsTest {

    private static final String FEED = "destiny";
    private static final String OTHER = "annex";
    private static final String PERSON = "librarian";
    private static final Decider DECIDER = Decider.of(PERSON);

    /** The other feed of the same system: school 30. */
    private static final FeedSelection ANNEX = new FeedSelection(
            OTHER,
            Set.of(30),
            FeedTopic.SELECTION.statuses(),
            FeedTopic.SELECTION.kinds(),
            FeedTopic.SELECTION.rules());

    /** The usual thresholds, but for the age: the clock of these tests stands where it is put. */
    private static final Safeguards USUAL =
            Changed.sendingFirst(Changed.with(Usual.SAFEGUARDS, SetLimits.usualBut(Map.of("max-age", SetLimits.OFF))));

    @TempDir
    private Path temporary;

    private final SettableClock clock = new SettableClock("2026-11-24T09:00:00Z");
    private final List<String> reported = new CopyOnWriteArrayList<>();
    private Cluster cluster;
    private Topics topics;
    private FeedTopic feed;
    private Path vendor;
    private SftpServer server;
    private volatile String password = "secret";
    private String fileName = VendorFiles.DEFAULT_FILE;
    private volatile Supplier<String> lookUp = () -> password;

    @BeforeEach
    void startVendor(Cluster shared) throws IOException {
        cluster = shared;
        topics = new Topics(cluster.newDistrict());
        feed = new FeedTopic(cluster, topics, ANNEX);
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
    void theFirstFileWaitsUntilAPersonHasLookedAtIt() throws IOException {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(Changed.with(Usual.SAFEGUARDS, USUAL.thresholds()))) {
            Delivery held = deliver(snapshotter);
            assertHeld(held, "first");
            assertTrue(held.getMessage().orElseThrow().contains("deliveries approve " + held.getId()));
            assertFalse(Files.exists(vendor.resolve("patrons.csv")));

            Delivery sent =
                    snapshotter.approve(held.getId(), new Decider(PERSON, Optional.of("compared with Destiny")));
            assertEquals(DeliveryResult.DELIVERED, sent.getResult(), sent.toString());
            assertEquals(held.getId(), sent.getId());
            assertEquals(
                    Optional.of("compared with Destiny"), sent.getDecision().flatMap(DeliveryDecision::getNote));
            assertEquals(held.getHolds(), sent.getHolds());
            assertEquals(Optional.of(DecisionKind.APPROVED), sent.getDecision().map(DeliveryDecision::getKind));
            assertEquals(Optional.of(PERSON), sent.getDecision().map(DeliveryDecision::getBy));
            assertEquals(List.of(sent), receipts());
            assertEquals(-1, Files.mismatch(archived(snapshotter, sent), vendor.resolve("patrons.csv")));
            assertEquals(DeliveryResult.UNCHANGED, deliver(snapshotter).getResult());
            assertTrue(assertThrows(DecisionRefusedException.class, () -> snapshotter.approve(held.getId(), DECIDER))
                    .getMessage()
                    .contains("is delivered"));
        }
    }

    @Test
    void aFileThatTakesTooManyAwayIsHeldWithNumbersAndGoesOutWhenTheAccidentIsUndone() throws IOException {
        feed.apply(students(1, 45, 10));
        feed.apply(students(46, 5, 20));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            Delivery first = deliver(snapshotter);
            assertEquals(DeliveryResult.DELIVERED, first.getResult(), first.toString());
            byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
            feed.apply(gone(44, 50));
            Delivery held = deliver(snapshotter);

            assertHeld(held, "removed-above", "per-site-removed-above", "school-gone");
            assertTrue(
                    held.getMessage()
                            .orElseThrow()
                            .contains("7 of the 50 patrons that the vendor holds would be removed (14 %, above 10 %);"
                                    + " 5 of the 5 patrons of EAGLEMS would be removed (100 %, above 20 %);"
                                    + " no patron of EAGLEMS would be left, of 5"),
                    held.toString());
            DeliveryDifference difference = held.getDifference().orElseThrow();
            assertEquals(
                    List.of(50L, 43L, 0L, 7L, 0L, 0L),
                    List.of(
                            difference.getBefore(),
                            difference.getAfter(),
                            difference.getAdded(),
                            difference.getRemoved(),
                            difference.getTransferred(),
                            difference.getChanged()));
            assertEquals(
                    List.of(
                            "EAGLEHS A 45 0 2 0 43",
                            "EAGLEHS I 0 2 0 0 2",
                            "EAGLEMS A 5 0 5 0 0",
                            "EAGLEMS I 0 5 0 0 5"),
                    groups(difference));
            assertEquals(
                    List.of(
                            "student/44",
                            "student/45",
                            "student/46",
                            "student/47",
                            "student/48",
                            "student/49",
                            "student/50"),
                    difference.getSamples().get("removed"));
            assertEquals(Optional.of(first.getId()), difference.getSince());
            assertEquals(-1, mismatch(before));
            assertTrue(Files.exists(archived(snapshotter, held)));
            assertEquals(List.of("delivered", "held"), reported);

            // The same state again, by the schedule say, is not put before a person twice.
            assertEquals(held, deliver(snapshotter));
            assertEquals(List.of("delivered", "held", "held"), reported);
            assertEquals(2, receipts().size());

            feed.apply(students(44, 2, 10));
            feed.apply(students(46, 5, 20));
            assertEquals(DeliveryResult.UNCHANGED, deliver(snapshotter).getResult());
            assertEquals(DeliveryResult.SUPERSEDED, receipt(held.getId()).getResult());
            assertEquals(List.of("delivered", "held", "held", "delivered"), reported);
            assertEquals(-1, mismatch(before));
        }
    }

    @Test
    void additionsTransfersAndChangesAreMeasuredToo() {
        feed.apply(students(1, 20, 10));
        feed.apply(students(21, 20, 20));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(students(41, 5, 10));
            assertHeld(deliver(snapshotter), "added-above");
            feed.apply(gone(41, 45));
            feed.apply(students(1, 5, 20));
            assertHeld(deliver(snapshotter), "transferred-above");
            feed.apply(students(1, 5, 10));
            feed.apply(changed(1, 31));
            assertHeld(deliver(snapshotter), "changed-above");
            feed.apply(students(1, 1, 10));
            // 30 of 40 are 75 %, and what is held is above that.
            Delivery delivered = deliver(snapshotter);
            assertEquals(DeliveryResult.DELIVERED, delivered.getResult(), delivered.toString());
            assertEquals(30, delivered.getDifference().orElseThrow().getChanged());
        }
    }

    @Test
    void manyWithProblemsTooFewRowsAndOldNewsAreHeld() {
        Safeguards strict = Changed.with(USUAL, SetLimits.usualBut(Map.of("rows-below", 30)));
        feed.freshAsOf(clock.instant().minus(Duration.ofHours(30)));
        feed.apply(students(1, 20, 10));
        feed.apply(student(21, e -> e.setLastName(null)), student(22, e -> e.setLastName(null)));
        feed.apply(student(23, e -> e.setLastName(null)));
        try (Snapshotter snapshotter = snapshotter(strict)) {
            Delivery held = deliver(snapshotter);
            assertHeld(held, "rows-below", "problems-above", "max-age");
            assertTrue(
                    held.getMessage()
                            .orElseThrow()
                            .contains(
                                    "the file would hold 20 patrons, fewer than 30; 3 of the 23 patrons of the feed are"
                                            + " in the problem report (13 %, above 10 %); the file says how things stood 30 hours"
                                            + " ago, at 2026-11-23T03:00:00Z"),
                    held.toString());
        }
    }

    @Test
    void duringARollOverNothingLeavesAndTheFirstFileAfterItIsHeldWithNumbers() throws IOException {
        feed.database("DST25000EAGLE");
        feed.apply(students(1, 45, 10));
        feed.apply(students(46, 5, 20));
        try (Snapshotter snapshotter = snapshotter(USUAL, "DST25000EAGLE", 2025)) {
            assertEquals(DeliveryResult.DELIVERED, deliver(snapshotter).getResult());
        }
        byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
        try (Snapshotter snapshotter = snapshotter(USUAL, "DST26000EAGLE", 2026)) {
            Delivery during = deliver(snapshotter);
            // With the new year in the configuration, last year's students would graduate a year later.
            assertHeld(during, "roll-over", "changed-above");
            assertTrue(
                    during.getMessage()
                            .orElseThrow()
                            .contains("the feed is still of database DST25000EAGLE, and the configured one is"
                                    + " DST26000EAGLE"),
                    during.toString());
            assertTrue(assertThrows(DecisionRefusedException.class, () -> snapshotter.approve(during.getId(), DECIDER))
                    .getMessage()
                    .contains("before the roll-over"));
            assertEquals(-1, mismatch(before));

            feed.database("DST26000EAGLE");
            Map<String, Optional<FeedEntry>> rolledOver = new TreeMap<>(gone(44, 50));
            rolledOver.putAll(students(51, 8, 20));
            feed.apply(rolledOver);
            Delivery after = deliver(snapshotter);
            assertHeld(after, "removed-above", "added-above", "changed-above", "per-site-removed-above");
            assertTrue(
                    after.getMessage()
                            .orElseThrow()
                            .contains("7 of the 50 patrons that the vendor holds would be removed (14 %, above 10 %);"
                                    + " 8 patrons would be added to the 50 that the vendor holds (16 %, above 10 %)"),
                    after.toString());
            assertEquals(-1, mismatch(before));

            Delivery sent = snapshotter.approve(after.getId(), DECIDER);
            assertEquals(DeliveryResult.DELIVERED, sent.getResult(), sent.toString());
            assertEquals(DeliveryResult.UNCHANGED, deliver(snapshotter).getResult());
        }
    }

    @Test
    void otherColumnsAreHeldUntilAPersonSaysThatThePropertiesFileWasUploaded() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            Delivery first = deliver(snapshotter);
            List<String> earlier = new ArrayList<>(first.getColumns());
            earlier.remove("Email 1");
            earlier.add("Phone");
            vendorHas(Delivery.newBuilder(first).setColumns(earlier).build());

            Delivery held = deliver(snapshotter);
            assertHeld(held, "columns-changed");
            assertTrue(held.getMessage().orElseThrow().contains("(new: Email 1; gone: Phone)"), held.toString());
            // Only the columns that both files have are compared.
            assertEquals(0, held.getDifference().orElseThrow().getChanged());
            snapshotter.approve(held.getId(), DECIDER);
            assertEquals(DeliveryResult.UNCHANGED, deliver(snapshotter).getResult());
        }
    }

    private void vendorHas(Delivery delivery) {
        try (DeliveryLedger ledger = new DeliveryLedger(topics, FEED, cluster.kafka(), cluster.serdes())) {
            ledger.write(delivery);
        }
    }

    @Test
    void anotherDescriptionOfTheSameColumnsIsHeldAndOtherCommentsAreNot() throws IOException {
        feed.apply(students(1, 20, 10));
        Delivery first;
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            first = deliver(snapshotter);
        }
        byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
        try (Snapshotter headless = snapshotter(
                USUAL, DestinyLayoutBuilder.of(SITES, 2026).header(false).build())) {
            Delivery held = deliver(headless);
            assertHeld(held, "columns-changed");
            assertTrue(
                    held.getMessage()
                            .orElseThrow()
                            .contains("the description of the columns in patronimport.properties"),
                    held.toString());
            assertEquals(-1, mismatch(before));
            headless.approve(held.getId(), DECIDER);
            assertEquals(DeliveryResult.UNCHANGED, deliver(headless).getResult());
        }
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            assertHeld(deliver(snapshotter), "columns-changed");
            // The file that an earlier version made: the same entries under other comments.
            Delivery last = receipts().stream()
                    .filter(receipt -> receipt.getResult() == DeliveryResult.UNCHANGED)
                    .findFirst()
                    .orElseThrow();
            vendorHas(Delivery.newBuilder(last)
                    .setDescription(first.getDescription().orElseThrow())
                    .build());
            Delivery sent = deliver(snapshotter);
            assertEquals(DeliveryResult.DELIVERED, sent.getResult(), sent.toString());
            assertEquals(-1, mismatch(before));
        }
    }

    /** To the vendor others than before, whether the configuration writes them otherwise or Aeries numbers them again. */
    @Test
    void manyIdentifiersThatChangeAreHeldLikeARemoval() throws IOException {
        feed.apply(students(1, 40, 10));
        Safeguards onlyRemovals = Changed.with(USUAL, SetLimits.only(Map.of("removed-above", 0.2)));
        DestinyLayoutBuilder layout = DestinyLayoutBuilder.of(SITES, 2026);
        try (Snapshotter snapshotter = snapshotter(onlyRemovals)) {
            deliver(snapshotter);
            byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
            try (Snapshotter otherwise = snapshotter(
                    onlyRemovals,
                    layout.identifiers(new Identifiers("S{id}", "T{id}", "{id}", "{id}"))
                            .build())) {
                Delivery held = deliver(otherwise);
                assertHeld(held, "identifiers-changed");
                assertTrue(
                        held.getMessage()
                                .orElseThrow()
                                .contains("40 of the 40 patrons that the vendor holds would get other identifiers: the"
                                        + " vendor would make new patrons of them, without their loans, beside the old"
                                        + " ones (100 %, above 20 %)"),
                        held.toString());
                assertEquals(-1, mismatch(before));
            }
            feed.apply(gone(1, 8));
            feed.apply(students(101, 7, 10));
            assertEquals(DeliveryResult.DELIVERED, deliver(snapshotter).getResult(), "8 of 40 are not above a fifth");
            feed.apply(gone(9, 17));
            feed.apply(students(109, 9, 10));
            Delivery held = deliver(snapshotter);
            assertHeld(held, "removed-above", "identifiers-changed");
            assertTrue(held.getMessage().orElseThrow().contains("9 of them as new people of Aeries"), held.toString());
        }
    }

    /** The vendor's job goes on with the file of the old name, and reads it as before. */
    @Test
    void anotherNameOfTheFileIsHeldAndSoIsAnotherEncodingUnderTheSameName() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
        }
        fileName = "students.csv";
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            assertHeld(deliver(snapshotter), "columns-changed");
            assertFalse(Files.exists(vendor.resolve("students.csv")));
        }
        fileName = VendorFiles.DEFAULT_FILE;
        try (Snapshotter snapshotter = snapshotter(
                USUAL,
                DestinyLayoutBuilder.of(SITES, 2026)
                        .encoding(TextEncoding.WINDOWS_1252)
                        .encodingName("UTF-8")
                        .build())) {
            assertHeld(deliver(snapshotter), "columns-changed");
        }
    }

    @Test
    void aPatronWhoBecomesInactiveCountsAsRemoved() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            Map<String, Optional<FeedEntry>> inactive = new TreeMap<>();
            for (int id = 1; id <= 3; id++) {
                inactive.put(
                        "student/" + id,
                        Optional.of(
                                student(id, e -> e.setPrimary(enrollment(p -> p.setStatus(PatronStatus.INACTIVE))))));
            }
            feed.apply(inactive);
            Delivery held = deliver(snapshotter);
            assertHeld(held, "removed-above");
            assertEquals(3, held.getDifference().orElseThrow().getRemoved());
            assertEquals(20, held.getRows());
        }
    }

    @Test
    void leaversAreSentAsInactiveForAWhileWithTheSiteLastDelivered() throws IOException {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(5, 5));
            Delivery left = deliver(snapshotter);
            assertEquals(DeliveryResult.DELIVERED, left.getResult(), left.toString());
            assertEquals(20, left.getRows());
            assertEquals(1, left.getLeavers());
            assertEquals("EAGLEHS,5,5,Lee,Ann,,,Student,I,F,,5,F,2034,,", lines().get(5));

            clock.advance(Duration.ofDays(89));
            feed.apply(Map.of());
            Delivery later = deliver(snapshotter);
            assertEquals(DeliveryResult.UNCHANGED, later.getResult());
            assertEquals(1, later.getLeavers());

            clock.advance(Duration.ofDays(1));
            Delivery last = deliver(snapshotter);
            assertEquals(DeliveryResult.DELIVERED, last.getResult());
            assertEquals(19, last.getRows());
            assertEquals(0, last.getDifference().orElseThrow().getRemoved());

            // Nothing is remembered of somebody who left so long ago: a return is an addition.
            feed.apply(students(5, 1, 10));
            assertEquals(1, deliver(snapshotter).getDifference().orElseThrow().getAdded());
        }
    }

    @Test
    void aLeaverDoesNotSendAnIdentifierThatSomebodyElseHasByNow() throws IOException {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(
                USUAL,
                DestinyLayoutBuilder.of(SITES, 2026)
                        .userName(DestinyLayoutSettings.UserName.NID)
                        .build())) {
            feed.apply(student(20, e -> e.setNetworkLogin("alee")));
            deliver(snapshotter);
            feed.apply(gone(20, 20));
            feed.apply(student(19, e -> e.setNetworkLogin("alee")));
            Delivery delivered = deliver(snapshotter);
            assertEquals(DeliveryResult.DELIVERED, delivered.getResult(), delivered.toString());
            assertTrue(lines().get(19).endsWith(",alee,"), lines().get(19));
            assertTrue(lines().get(20).startsWith("EAGLEHS,20,20,"), lines().get(20));
            assertFalse(lines().get(20).contains("alee"));
            assertEquals(
                    List.of("key,rule,field,done", "student/20,duplicate-user-name,User Name,field left blank"),
                    Files.readAllLines(snapshotter.archived(delivered).resolve("problems.csv")));
        }
    }

    @Test
    void anIdentifierOfALeaverThatSomebodyElseHasHoldsWhereTheRuleHolds() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(
                USUAL,
                DestinyLayoutBuilder.of(SITES, 2026)
                        .userName(DestinyLayoutSettings.UserName.NID)
                        .rules(new Rules(Map.of(Rule.DUPLICATE_USER_NAME, RuleAction.HOLD_DELIVERY)))
                        .build())) {
            feed.apply(student(20, e -> e.setNetworkLogin("alee")));
            deliver(snapshotter);
            feed.apply(gone(20, 20));
            feed.apply(student(19, e -> e.setNetworkLogin("alee")));
            Delivery held = deliver(snapshotter);
            assertHeld(held, "rules");
            assertEquals(
                    "Rules with hold-delivery were broken: duplicate-user-name by 1 patrons. The problem report names"
                            + " them",
                    held.getHolds().get(0).getMessage());
        }
    }

    @Test
    void leaversAreLeftOutWhereTheConfigurationSaysSo() throws IOException {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(Changed.with(USUAL, Leavers.OMITTED))) {
            deliver(snapshotter);
            feed.apply(gone(5, 5));
            Delivery left = deliver(snapshotter);
            assertEquals(19, left.getRows());
            assertEquals(1, left.getDifference().orElseThrow().getRemoved());
            assertEquals(20, lines().size());
            // Gone once is gone: the next file removes nobody.
            feed.apply(changed(1, 1));
            assertEquals(0, deliver(snapshotter).getDifference().orElseThrow().getRemoved());
        }
    }

    @Test
    void whoWentToAnotherFeedOfTheSameSystemIsTransferredAndNotInactive() throws IOException {
        feed.apply(students(1, 20, 10));
        feed.apply(OTHER, Map.of("student/100", Optional.of(student(100, e -> {}))));
        try (Snapshotter snapshotter = snapshotter(Changed.inSystem(USUAL, "follett"))) {
            deliver(snapshotter);
            // The two are one step in Aeries; the feeds' topics are written one after the other here.
            feed.apply(OTHER, students(7, 1, 30));
            feed.apply(gone(7, 8));
            Delivery moved = deliver(snapshotter);

            assertEquals(DeliveryResult.DELIVERED, moved.getResult(), moved.toString());
            assertEquals(1, moved.getLeavers());
            assertEquals(1, moved.getDifference().orElseThrow().getTransferred());
            assertEquals(1, moved.getDifference().orElseThrow().getRemoved());
            assertTrue(lines().stream().noneMatch(line -> line.startsWith("EAGLEHS,7,")), lines().toString());
            assertTrue(lines().stream().anyMatch(line -> line.startsWith("EAGLEHS,8,")), lines().toString());
        }
    }

    @Test
    void anApprovalIsForTheFileItNamesAndOutlivesTheProcess() throws IOException {
        feed.apply(students(1, 20, 10));
        Delivery older;
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(1, 4));
            older = deliver(snapshotter);
        }
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            feed.apply(gone(5, 5));
            Delivery newer = deliver(snapshotter);
            assertHeld(newer, "removed-above", "per-site-removed-above");
            assertEquals(DeliveryResult.SUPERSEDED, receipt(older.getId()).getResult());
            assertThrows(DecisionRefusedException.class, () -> snapshotter.approve(older.getId(), DECIDER));

            // Changes after the hold do not slip in with the approval.
            feed.apply(gone(6, 20));
            Path file = archived(snapshotter, newer);
            byte[] whole = Files.readAllBytes(file);
            Files.writeString(file, "tampered");
            assertTrue(assertThrows(DecisionRefusedException.class, () -> snapshotter.approve(newer.getId(), DECIDER))
                    .getMessage()
                    .contains("is not the one of the receipt"));
            Files.write(file, whole);
            assertEquals(
                    DeliveryResult.DELIVERED,
                    snapshotter.approve(newer.getId(), DECIDER).getResult());
            assertEquals(-1, mismatch(whole));

            Delivery next = deliver(snapshotter);
            assertEquals(DeliveryResult.HELD, next.getResult());
            assertEquals(15, next.getDifference().orElseThrow().getBefore());
            assertEquals(List.of("empty"), checks(next));
            assertTrue(assertThrows(DecisionRefusedException.class, () -> snapshotter.approve(next.getId(), DECIDER))
                    .getMessage()
                    .contains("an empty file is never sent"));
        }
    }

    @Test
    void anApprovedFileThatDidNotArriveNeedsNoSecondApproval() {
        feed.apply(students(1, 20, 10));
        Delivery held;
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(1, 4));
            held = deliver(snapshotter);
        }
        password = "wrong";
        try (Snapshotter wrong = snapshotter(USUAL)) {
            Delivery failed = wrong.approve(held.getId(), DECIDER);
            assertEquals(DeliveryResult.FAILED, failed.getResult());
            assertEquals(List.of("delivered", "held", "failed"), reported);
        }
        password = "secret";
        try (Snapshotter right = snapshotter(USUAL)) {
            Delivery sent = deliver(right);
            assertEquals(DeliveryResult.DELIVERED, sent.getResult(), sent.toString());
            assertEquals(Optional.of(PERSON), sent.getDecision().map(DeliveryDecision::getBy));
        }
    }

    @Test
    void whoIsLeftOutForAProblemCountsAsRemovedOnce() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            Map<String, Optional<FeedEntry>> nameless = new TreeMap<>();
            for (int id = 1; id <= 4; id++) {
                nameless.put("student/" + id, Optional.of(student(id, e -> e.setLastName(null))));
            }
            feed.apply(nameless);
            Delivery held = deliver(snapshotter);
            assertHeld(held, "removed-above", "problems-above");
            assertEquals(20, held.getRows());
            assertEquals(4, held.getLeavers());
            snapshotter.approve(held.getId(), DECIDER);

            // It was decided: nobody is asked about the same four again, but about the problems that stay.
            feed.apply(changed(5, 5));
            Delivery next = deliver(snapshotter);
            assertHeld(next, "problems-above");
            assertEquals(0, next.getDifference().orElseThrow().getRemoved());
            assertEquals(16, next.getDifference().orElseThrow().getBefore());
            snapshotter.approve(next.getId(), DECIDER);

            feed.apply(gone(1, 1));
            feed.apply(students(2, 3, 10));
            Delivery mended = deliver(snapshotter);
            assertHeld(mended, "added-above");
            assertEquals(1, mended.getLeavers());
            assertEquals(3, mended.getDifference().orElseThrow().getAdded());
        }
    }

    @Test
    void aSchoolWithoutStudentsIsHeldEvenIfStaffIsLeft() {
        feed.apply(students(1, 30, 10));
        feed.apply(students(31, 1, 20));
        feed.apply(staff(900, e -> e.setPrimary(position(p -> p.setSchoolCode(20)))));
        Thresholds only = SetLimits.only(Map.of("school-gone", true));
        try (Snapshotter snapshotter = snapshotter(Changed.with(USUAL, only))) {
            deliver(snapshotter);
            feed.apply(gone(31, 31));
            Delivery held = deliver(snapshotter);
            assertHeld(held, "school-gone");
            assertTrue(held.getMessage().orElseThrow().contains("no student of EAGLEMS would be left, of 1"));
        }
    }

    @Test
    void aRejectedFileIsNeverSentAndNotAskedAboutAgain() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(1, 4));
            Delivery held = deliver(snapshotter);
            Delivery rejected = snapshotter.reject(held.getId(), DECIDER);
            assertEquals(DeliveryResult.REJECTED, rejected.getResult());
            assertEquals(rejected, deliver(snapshotter));
            assertEquals(rejected, receipt(held.getId()));
            feed.apply(gone(5, 5));
            assertHeld(deliver(snapshotter), "removed-above", "per-site-removed-above");
            assertThrows(DecisionRefusedException.class, () -> snapshotter.reject(held.getId(), DECIDER));
        }
    }

    @Test
    void anEarlierFileIsSentOnceMoreAsItWasAndTheNextOneIsMeasuredByIt() throws IOException {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            Delivery first = deliver(snapshotter);
            byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
            feed.apply(changed(1, 2));
            deliver(snapshotter);
            Files.delete(vendor.resolve("patrons.csv"));

            Delivery again = snapshotter.resend(first.getId(), DECIDER);
            assertEquals(DeliveryResult.DELIVERED, again.getResult(), again.toString());
            assertEquals(Optional.of(first.getId()), again.getResendOf());
            assertEquals(-1, mismatch(before));
            assertEquals(3, receipts().size());
            Delivery newest = deliver(snapshotter);
            assertEquals(DeliveryResult.DELIVERED, newest.getResult());
            assertEquals(2, newest.getDifference().orElseThrow().getChanged());
            assertThrows(DecisionRefusedException.class, () -> snapshotter.resend("destiny-nonsense", DECIDER));
        }
    }

    @Test
    void anUnchangedDeliveryIsSentOnceMoreFromTheCopyOfTheOneThatBroughtItsFile() throws IOException {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            Delivery first = deliver(snapshotter);
            Delivery unchanged = deliver(snapshotter);
            assertEquals(DeliveryResult.UNCHANGED, unchanged.getResult());
            assertTrue(Files.exists(archived(snapshotter, unchanged)));
            deliver(snapshotter);
            assertTrue(Files.exists(archived(snapshotter, first)));
            assertFalse(Files.exists(archived(snapshotter, unchanged)));
            byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
            feed.apply(changed(1, 2));
            deliver(snapshotter);

            Delivery again = snapshotter.resend(unchanged.getId(), DECIDER);
            assertEquals(DeliveryResult.DELIVERED, again.getResult(), again.toString());
            assertEquals(Optional.of(unchanged.getId()), again.getResendOf());
            assertEquals(-1, mismatch(before));
        }
    }

    @Test
    void whatTheVendorHasReadIsNotedAndAMismatchIsAlerted() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            Delivery delivered = deliver(snapshotter);
            snapshotter.confirm(delivered.getId(), 20);
            assertEquals(List.of("delivered"), reported);
            assertEquals(Optional.of(20L), receipt(delivered.getId()).getRecordsRead());
            snapshotter.confirm(delivered.getId(), 19);
            assertEquals(List.of("delivered", "read incompletely"), reported);
        }
    }

    @Test
    void aPausedFeedSkipsItsScheduleAndIsCaughtUpOnceWhenThePauseIsTakenBack() {
        feed.apply(students(1, 20, 10));
        Pauses pauses = new Pauses(topics, TopicSettings.SINGLE_BROKER, cluster.kafka(), cluster.serdes());
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
        }
        pauses.pause(DeliveryPause.newBuilder()
                .setFeed(FEED)
                .setUntil(Instant.parse("2026-12-01T08:00:00Z"))
                .setSince(clock.instant())
                .setBy(PERSON)
                .build());
        feed.apply(changed(1, 1));
        try (Snapshotter snapshotter = snapshotter(USUAL, "0 * * * *")) {
            snapshotter.start();
            assertEquals(
                    Optional.of(Instant.parse("2026-12-01T08:00:00Z")),
                    snapshotter.status().feeds().get(0).pausedUntil());
            for (String slot : List.of("2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z", "2026-11-24T12:00:00Z")) {
                clock.set(slot);
                await(() -> snapshotter
                        .status()
                        .feeds()
                        .get(0)
                        .nextRun()
                        .filter(clock.instant()::isBefore)
                        .isPresent());
            }
            // By hand it is held like any other file that should not go now, and a person may send it all the same.
            Delivery byHand = deliver(snapshotter);
            assertHeld(byHand, "pause");
            assertEquals(2, receipts().size());

            clock.advance(Duration.ofMillis(1));
            pauses.resume(FEED);
            await(() -> receipts().size() == 3 && receipts().get(2).getResult() == DeliveryResult.DELIVERED);
            assertEquals(DeliveryResult.SUPERSEDED, receipt(byHand.getId()).getResult());
        }
    }

    @Test
    void aPauseOfTheConfigurationHoldsAsLongAsItLasts() {
        feed.apply(students(1, 20, 10));
        PausePeriod holidays = PausePeriod.parse("2026-11-24 to 2026-11-24", ZoneId.of("America/Los_Angeles"))
                .orElseThrow();
        try (Snapshotter snapshotter = snapshotter(Changed.with(USUAL, List.of(holidays)))) {
            assertHeld(deliver(snapshotter), "pause");
            clock.set("2026-11-25T07:59:59Z");
            assertEquals(DeliveryResult.HELD, deliver(snapshotter).getResult());
            clock.set("2026-11-25T08:00:00Z");
            assertEquals(DeliveryResult.DELIVERED, deliver(snapshotter).getResult());
        }
    }

    @Test
    void aDryRunSaysWhatWouldChangeAndWhatWouldBeHeldAndChangesNothing() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(1, 4));
            Delivery dry =
                    snapshotter.snapshot(FEED, new SnapshotOptions(Optional.of(temporary.resolve("look")), false));
            assertEquals(DeliveryResult.WRITTEN, dry.getResult());
            assertEquals(List.of("removed-above"), checks(dry));
            assertEquals(4, dry.getDifference().orElseThrow().getRemoved());
            assertEquals(1, receipts().size());
        }
    }

    @Test
    void anApprovalGoesNoFurtherThanWhatSpokeAgainstTheFileWhenItWasGiven() throws IOException {
        feed.database("DST25000EAGLE");
        feed.apply(students(1, 20, 10));
        Delivery held;
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(1, 4));
            held = deliver(snapshotter);
        }
        byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
        password = "wrong";
        try (Snapshotter wrong = snapshotter(USUAL)) {
            assertEquals(
                    DeliveryResult.FAILED, wrong.approve(held.getId(), DECIDER).getResult());
        }
        password = "secret";
        try (Snapshotter rolledOver = snapshotter(USUAL, "DST26000EAGLE", 2026)) {
            assertHeld(deliver(rolledOver), "roll-over", "removed-above");
        }
        PausePeriod holidays = PausePeriod.parse("2026-11-24 to 2026-11-24", ZoneId.of("America/Los_Angeles"))
                .orElseThrow();
        try (Snapshotter paused = snapshotter(Changed.with(USUAL, List.of(holidays)))) {
            assertHeld(deliver(paused), "pause", "removed-above");
        }
        assertEquals(-1, mismatch(before));
        try (Snapshotter right = snapshotter(USUAL)) {
            Delivery sent = deliver(right);
            assertEquals(DeliveryResult.DELIVERED, sent.getResult(), sent.toString());
            assertEquals(Optional.of(PERSON), sent.getDecision().map(DeliveryDecision::getBy));
        }
    }

    @Test
    void aFileOfTheDatabaseBeforeTheRollOverIsNeitherApprovedNorSentAgainAfterIt() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL, "DST26000EAGLE", 2026)) {
            Delivery first = ofLastYear(deliver(snapshotter));
            assertTrue(assertThrows(DecisionRefusedException.class, () -> snapshotter.resend(first.getId(), DECIDER))
                    .getMessage()
                    .contains("of the database DST25000EAGLE, and the configured one is DST26000EAGLE"));
            feed.apply(gone(1, 4));
            Delivery held = ofLastYear(deliver(snapshotter));
            assertTrue(assertThrows(DecisionRefusedException.class, () -> snapshotter.approve(held.getId(), DECIDER))
                    .getMessage()
                    .contains("of the database DST25000EAGLE, and the configured one is DST26000EAGLE"));
        }
    }

    private Delivery ofLastYear(Delivery delivery) {
        Delivery amended = Delivery.newBuilder(delivery)
                .setIncarnation("DST25000EAGLE@2025-07-01T08:30:00.123")
                .build();
        new Receipts(topics, cluster.kafka(), cluster.serdes()).amend(amended);
        return amended;
    }

    @Test
    void anEarlierFileWithOtherColumnsIsNotSentAgain() throws IOException {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            Delivery first = deliver(snapshotter);
            feed.apply(changed(1, 2));
            deliver(snapshotter);
            List<String> earlier = new ArrayList<>(first.getColumns());
            earlier.remove("Email 1");
            new Receipts(topics, cluster.kafka(), cluster.serdes())
                    .amend(Delivery.newBuilder(first).setColumns(earlier).build());
            String columns = assertThrows(
                            DecisionRefusedException.class, () -> snapshotter.resend(first.getId(), DECIDER))
                    .getMessage();
            assertTrue(columns.contains("other columns than the one that the vendor has"), columns);
            Delivery again = asAdvised(snapshotter, columns);
            try (Stream<Path> copies = Files.walk(snapshotter.archived(again).getParent())) {
                for (Path copy :
                        copies.filter(file -> file.endsWith("patrons.csv")).toList()) {
                    Files.delete(copy);
                }
            }
            String gone = assertThrows(DecisionRefusedException.class, () -> snapshotter.resend(again.getId(), DECIDER))
                    .getMessage();
            assertTrue(gone.contains("is not in the archive of this machine"), gone);
            asAdvised(snapshotter, gone);
        }
    }

    /** The vendor holds the same file, and gets it. */
    private Delivery asAdvised(Snapshotter snapshotter, String advice) {
        assertTrue(advice.contains("patronstream snapshot " + FEED + " --again"), advice);
        Delivery again = snapshotter.snapshot(FEED, new SnapshotOptions(Optional.empty(), true));
        assertEquals(DeliveryResult.DELIVERED, again.getResult(), again.toString());
        return again;
    }

    @Test
    void anOrderToSendAgainThatFailedIsNoApproval() {
        feed.apply(students(1, 20, 10));
        Delivery first;
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            first = deliver(snapshotter);
            feed.apply(gone(1, 4));
            assertEquals(
                    DeliveryResult.DELIVERED,
                    snapshotter.approve(deliver(snapshotter).getId(), DECIDER).getResult());
        }
        password = "wrong";
        clock.advance(Duration.ofMillis(1));
        try (Snapshotter wrong = snapshotter(USUAL)) {
            Delivery failed = wrong.resend(first.getId(), DECIDER);
            assertEquals(DeliveryResult.FAILED, failed.getResult());
            assertTrue(failed.getMessage().orElseThrow().contains("The order ends with this; give it again"));
            assertTrue(assertThrows(DecisionRefusedException.class, () -> wrong.approve(failed.getId(), DECIDER))
                    .getMessage()
                    .contains("patronstream deliveries resend " + first.getId()));
            assertThrows(DecisionRefusedException.class, () -> wrong.reject(failed.getId(), DECIDER));
        }
        password = "secret";
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            // The very file that was to be sent again, and now the checks speak against it.
            feed.apply(students(1, 4, 10));
            assertHeld(deliver(snapshotter), "added-above");
            // The order that is given again, as advised, is one.
            assertEquals(
                    DeliveryResult.DELIVERED,
                    snapshotter.resend(first.getId(), DECIDER).getResult());
        }
    }

    @Test
    void aFileThatDidNotArriveIsNewerThanTheOneThatWaitedBeforeIt() {
        feed.apply(students(1, 20, 10));
        Delivery accident;
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(1, 4));
            accident = deliver(snapshotter);
        }
        password = "wrong";
        try (Snapshotter wrong = snapshotter(USUAL)) {
            feed.apply(students(1, 4, 10));
            feed.apply(changed(5, 5));
            assertEquals(DeliveryResult.FAILED, deliver(wrong).getResult());
        }
        password = "secret";
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            assertTrue(
                    assertThrows(DecisionRefusedException.class, () -> snapshotter.approve(accident.getId(), DECIDER))
                            .getMessage()
                            .contains("is not the newest state"));
            // The same once more is a new question, which can be answered.
            feed.apply(gone(1, 4));
            feed.apply(students(5, 1, 10));
            Delivery again = deliver(snapshotter);
            assertHeld(again, "removed-above");
            assertEquals(accident.getSha256(), again.getSha256());
            assertEquals(DeliveryResult.SUPERSEDED, receipt(accident.getId()).getResult());
            assertEquals(
                    DeliveryResult.DELIVERED,
                    snapshotter.approve(again.getId(), DECIDER).getResult());
        }
    }

    @Test
    void whatWasRejectedStaysSoAndEndsWhatWaitedWhenItComesBack() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(1, 4));
            Delivery rejected = snapshotter.reject(deliver(snapshotter).getId(), DECIDER);
            assertTrue(
                    assertThrows(DecisionRefusedException.class, () -> snapshotter.approve(rejected.getId(), DECIDER))
                            .getMessage()
                            .contains("what was rejected is never sent"));
            feed.apply(gone(5, 5));
            Delivery waiting = deliver(snapshotter);
            assertEquals(DeliveryResult.HELD, waiting.getResult());
            feed.apply(students(5, 1, 10));
            assertEquals(rejected, deliver(snapshotter));
            assertEquals(DeliveryResult.SUPERSEDED, receipt(waiting.getId()).getResult());
        }
    }

    @Test
    void anApprovalIsWithdrawnByRejectingTheFileThatDidNotArrive() throws IOException {
        feed.apply(students(1, 20, 10));
        Delivery held;
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(1, 4));
            held = deliver(snapshotter);
        }
        byte[] before = Files.readAllBytes(vendor.resolve("patrons.csv"));
        password = "wrong";
        Delivery again;
        try (Snapshotter wrong = snapshotter(USUAL)) {
            wrong.approve(held.getId(), DECIDER);
            again = deliver(wrong);
            assertEquals(DeliveryResult.FAILED, again.getResult());
            assertEquals(Optional.of(PERSON), again.getDecision().map(DeliveryDecision::getBy));
        }
        password = "secret";
        try (Snapshotter right = snapshotter(USUAL)) {
            // By the receipt of either attempt: the approval of the other one ends too.
            Delivery rejected = right.reject(held.getId(), DECIDER);
            assertEquals(DeliveryResult.REJECTED, rejected.getResult());
            assertTrue(rejected.getMessage().orElseThrow().contains("The approval is withdrawn"));
            assertEquals(rejected, deliver(right));
            assertEquals(-1, mismatch(before));
        }
    }

    @Test
    void aRejectionDoesNotOverwriteAnApprovalThatCameInBetween() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            deliver(snapshotter);
            feed.apply(gone(1, 4));
            Delivery held = deliver(snapshotter);
            // The time of the decision is asked for after the receipts were read.
            Clock approving = new Clock() {
                @Override
                public ZoneId getZone() {
                    return clock.getZone();
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    if (receipt(held.getId()).getResult() == DeliveryResult.HELD) {
                        snapshotter.approve(held.getId(), DECIDER);
                    }
                    return clock.instant();
                }
            };
            try (Snapshotter other = new Snapshotter(
                    settings(USUAL, DestinyLayoutBuilder.of(SITES, 2026).build(), Optional.empty()),
                    approving,
                    DeliveryListener.none())) {
                // It is fenced, carried out again, and then sees what has come in between.
                DecisionRefusedException refused =
                        assertThrows(DecisionRefusedException.class, () -> other.reject(held.getId(), DECIDER));
                assertTrue(refused.getMessage().contains("is delivered: only a file that waits"), refused.getMessage());
            }
            assertEquals(DeliveryResult.DELIVERED, receipt(held.getId()).getResult());
        }
    }

    @Test
    void aPasswordThatCannotBeLookedUpAnyMoreLeavesAReceiptAndNamesTheSetting() {
        feed.apply(students(1, 20, 10));
        try (Snapshotter snapshotter = snapshotter(USUAL)) {
            lookUp = () -> {
                throw new UncheckedIOException(
                        "The secret in /run/secrets/sftp cannot be read any more", new IOException());
            };
            Delivery failed = deliver(snapshotter);
            assertEquals(DeliveryResult.FAILED, failed.getResult(), failed.toString());
            assertTrue(
                    failed.getMessage().orElseThrow().contains("feeds.destiny.destination.sftp.password"),
                    failed.toString());
            assertEquals(List.of("failed"), reported);
            lookUp = () -> password;
            assertEquals(DeliveryResult.DELIVERED, deliver(snapshotter).getResult());
        }
    }

    @Test
    void aListenerThatThrowsDoesNotMakeAFailureOfADelivery() {
        feed.apply(students(1, 20, 10));
        DeliveryListener throwing = new DeliveryListener() {
            @Override
            public void ended(Delivery receipt) {
                throw new IllegalStateException("cannot tell");
            }

            @Override
            public void confirmed(Delivery receipt) {
                throw new IllegalStateException("cannot tell");
            }
        };
        try (Snapshotter snapshotter = new Snapshotter(
                settings(USUAL, DestinyLayoutBuilder.of(SITES, 2026).build(), Optional.empty()), clock, throwing)) {
            Delivery delivered = deliver(snapshotter);
            assertEquals(DeliveryResult.DELIVERED, delivered.getResult());
            assertEquals(
                    Optional.of(19L), snapshotter.confirm(delivered.getId(), 19).getRecordsRead());
            assertEquals(Optional.empty(), snapshotter.status().feeds().get(0).lastFailure());
        }
    }

    private static final Map<Integer, String> SITES = Map.of(10, "EAGLEHS", 20, "EAGLEMS");

    private Snapshotter snapshotter(Safeguards safeguards) {
        return snapshotter(safeguards, DestinyLayoutBuilder.of(SITES, 2026).build(), Optional.empty());
    }

    private Snapshotter snapshotter(Safeguards safeguards, DestinyLayoutSettings layout) {
        return snapshotter(safeguards, layout, Optional.empty());
    }

    private Snapshotter snapshotter(Safeguards safeguards, String cron) {
        return snapshotter(
                safeguards,
                DestinyLayoutBuilder.of(SITES, 2026).build(),
                Optional.of(Changed.schedule(cron, ZoneId.of("America/Los_Angeles"))));
    }

    private Snapshotter snapshotter(Safeguards safeguards, String database, int schoolYear) {
        return new Snapshotter(
                Changed.ofDatabase(
                        settings(
                                safeguards,
                                DestinyLayoutBuilder.of(SITES, schoolYear).build(),
                                Optional.empty()),
                        database),
                clock,
                clock,
                new Listener());
    }

    private Snapshotter snapshotter(
            Safeguards safeguards, DestinyLayoutSettings layout, Optional<ScheduleSettings> schedule) {
        return new Snapshotter(settings(safeguards, layout, schedule), clock, clock, new Listener());
    }

    private SnapshotterSettings settings(
            Safeguards safeguards, DestinyLayoutSettings layout, Optional<ScheduleSettings> schedule) {
        SftpDestination destination = SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.from(() -> lookUp.get())),
                        new HostKeys.Pinned(List.of(server.hostKeyFingerprint())))
                .port(server.port())
                .file(fileName)
                .build();
        FeedSettings annex = new FeedSettings(
                ANNEX,
                DestinyLayoutBuilder.of(Map.of(30, "ANNEX"), 2026).build(),
                Optional.empty(),
                Optional.empty(),
                safeguards,
                Usual.RETRIES);
        return cluster.settings(
                topics,
                temporary.resolve("archive"),
                Duration.ofSeconds(30),
                List.of(
                        new FeedSettings(
                                FeedTopic.SELECTION,
                                layout,
                                schedule,
                                Optional.of(destination),
                                safeguards,
                                Usual.RETRIES),
                        annex));
    }

    private final class Listener implements DeliveryListener {
        @Override
        public void ended(Delivery receipt) {
            switch (receipt.getResult()) {
                case HELD -> reported.add("held");
                case FAILED -> reported.add("failed");
                case DELIVERED, UNCHANGED -> reported.add("delivered");
                case REJECTED, WRITTEN, SENDING, SUPERSEDED -> {}
            }
        }

        @Override
        public void confirmed(Delivery receipt) {
            if (receipt.getRecordsRead().orElseThrow() != receipt.getRows()) {
                reported.add("read incompletely");
            }
        }
    }

    /** Receipts are told apart by the moment they begin, so the clock goes on between two attempts. */
    private Delivery deliver(Snapshotter snapshotter) {
        clock.advance(Duration.ofMillis(1));
        return snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
    }

    private static Map<String, Optional<FeedEntry>> students(int first, int count, int school) {
        Map<String, Optional<FeedEntry>> entries = new TreeMap<>();
        IntStream.range(first, first + count)
                .forEach(id -> entries.put(
                        "student/" + id,
                        Optional.of(student(id, e -> e.setPrimary(enrollment(p -> p.setSchoolCode(school)))))));
        return entries;
    }

    private Map<String, Optional<FeedEntry>> changed(int first, int last) {
        Map<String, Optional<FeedEntry>> entries = new TreeMap<>();
        IntStream.rangeClosed(first, last).forEach(id -> {
            FeedEntry entry = feed.entries().get("student/" + id);
            entries.put(
                    "student/" + id,
                    Optional.of(FeedEntry.newBuilder(entry).setFirstName("Bo").build()));
        });
        return entries;
    }

    private static Map<String, Optional<FeedEntry>> gone(int first, int last) {
        Map<String, Optional<FeedEntry>> entries = new TreeMap<>();
        IntStream.rangeClosed(first, last).forEach(id -> entries.put("student/" + id, Optional.empty()));
        return entries;
    }

    private static void assertHeld(Delivery delivery, String... checks) {
        assertEquals(DeliveryResult.HELD, delivery.getResult(), delivery.toString());
        assertEquals(List.of(checks), checks(delivery), delivery.toString());
    }

    private static List<String> checks(Delivery delivery) {
        return delivery.getHolds().stream().map(Hold::getCheck).toList();
    }

    private static List<String> groups(DeliveryDifference difference) {
        return difference.getGroups().stream()
                .map(group -> String.join(
                        " ",
                        group.getSite(),
                        group.getStatus(),
                        Long.toString(group.getBefore()),
                        Long.toString(group.getAdded()),
                        Long.toString(group.getRemoved()),
                        Long.toString(group.getChanged()),
                        Long.toString(group.getAfter())))
                .toList();
    }

    private List<Delivery> receipts() {
        return new Receipts(topics, cluster.kafka(), cluster.serdes()).of(FEED);
    }

    private Delivery receipt(String id) {
        return receipts().stream()
                .filter(receipt -> receipt.getId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Path archived(Snapshotter snapshotter, Delivery delivery) {
        return snapshotter.archived(delivery).resolve("patrons.csv");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(vendor.resolve("patrons.csv"));
    }

    private long mismatch(byte[] expected) throws IOException {
        Path file = Files.write(temporary.resolve("expected"), expected);
        return Files.mismatch(file, vendor.resolve("patrons.csv"));
    }
}
