package dev.patronstream.snapshotter;

import static dev.patronstream.snapshotter.TestVendor.FEED;
import static dev.patronstream.snapshotter.TestVendor.OPEN;
import static dev.patronstream.snapshotter.TestVendor.SITES;
import static dev.patronstream.snapshotter.layout.Entries.enrollment;
import static dev.patronstream.snapshotter.layout.Entries.staff;
import static dev.patronstream.snapshotter.layout.Entries.student;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.feed.Condition;
import dev.patronstream.schemas.feed.Conditions;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.DestinyLayoutBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A patron who was sent and is no longer in the file is sent as inactive, whatever the reason. */
@ExtendWith(Cluster.Extension.class)
class LeaversTest {

    private static final String ACTIVE = "EAGLEHS,5,5,Lee,Ann,,,Student,A,F,,5,F,2034,,";
    private static final String INACTIVE = ACTIVE.replace(",A,", ",I,");

    @TempDir
    private Path temporary;

    private Cluster cluster;
    private Topics topics;
    private FeedTopic feed;
    private TestVendor vendor;

    @BeforeEach
    void startVendor(Cluster shared) throws IOException {
        cluster = shared;
        topics = new Topics(cluster.newDistrict());
        vendor = new TestVendor(temporary);
    }

    @AfterEach
    void stopVendor() {
        vendor.close();
        feed.close();
    }

    /** Ways in which the row of student 5 is none any more. */
    enum Invalid {
        NO_NAME,
        NAME_OF_NOTHING_VISIBLE,
        SCHOOL_WITHOUT_SITE,
        SHARES_ITS_ID
    }

    private static FeedEntry entry(Invalid invalid) {
        return switch (invalid) {
            case NO_NAME -> student(5, e -> e.setLastName(null));
            case NAME_OF_NOTHING_VISIBLE -> student(5, e -> e.setLastName("\u200B\u00A0"));
            case SCHOOL_WITHOUT_SITE -> student(5, e -> e.setPrimary(enrollment(p -> p.setSchoolCode(99))));
            case SHARES_ITS_ID -> staff(5, e -> {});
        };
    }

    @ParameterizedTest
    @EnumSource(Invalid.class)
    void whoseRowARuleDropsLeavesLikeAnybodyAndComesBack(Invalid invalid) throws IOException {
        feed = new FeedTopic(cluster, topics);
        feed.apply(student(1, e -> {}), student(5, e -> {}), student(7, e -> {}));
        try (Snapshotter snapshotter = snapshotter("archive")) {
            deliver(snapshotter, DeliveryResult.DELIVERED);
            feed.apply(entry(invalid));
            Delivery left = deliver(snapshotter, DeliveryResult.DELIVERED);
            assertEquals(List.of(1L, 1L), List.of(left.getLeavers(), removed(left)));
            assertEquals(Optional.of(INACTIVE), lineOf5());
            vendor.clock().advance(Duration.ofDays(89));
            feed.apply(student(1, e -> e.setFirstName("Bob")));
            assertEquals(0, removed(deliver(snapshotter, DeliveryResult.DELIVERED)), "counted once");
            assertEquals(Optional.of(INACTIVE), lineOf5());
        }
        try (Snapshotter other = snapshotter("other")) {
            assertEquals(1, deliver(other, DeliveryResult.UNCHANGED).getLeavers());
            valid(invalid);
            deliver(other, DeliveryResult.DELIVERED);
            assertEquals(Optional.of(ACTIVE), lineOf5());
            feed.apply(entry(invalid));
            deliver(other, DeliveryResult.DELIVERED);
            vendor.clock().advance(Duration.ofDays(89));
            assertEquals(1, deliver(other, DeliveryResult.UNCHANGED).getLeavers(), "the days begin again");
            vendor.clock().advance(Duration.ofDays(1));
            deliver(other, DeliveryResult.DELIVERED);
            assertEquals(Optional.empty(), lineOf5());
            valid(invalid);
            deliver(other, DeliveryResult.DELIVERED);
            assertEquals(Optional.of(ACTIVE), lineOf5());
        }
    }

    private void valid(Invalid invalid) {
        feed.apply(
                invalid == Invalid.SHARES_ITS_ID
                        ? Map.of("staff/5", Optional.empty())
                        : Map.of("student/5", Optional.of(student(5, e -> {}))));
    }

    /** What the configuration takes out of the feed. */
    enum Selected {
        SCHOOL,
        STATUS,
        KIND,
        CONDITION
    }

    private static FeedSelection selection(Selected selected) {
        FeedSelection usual = FeedTopic.SELECTION;
        return new FeedSelection(
                        FEED,
                        selected == Selected.SCHOOL ? Set.of(20) : usual.schools(),
                        selected == Selected.STATUS ? Set.of(PatronStatus.PRE_ENROLLED) : usual.statuses(),
                        selected == Selected.KIND ? Set.of(PatronKind.STAFF) : usual.kinds(),
                        usual.rules())
                .with(
                        selected == Selected.CONDITION
                                ? new Conditions(
                                        List.of(),
                                        List.of(Condition.of("STU.U1", false, List.of("OPTOUT"), Optional.empty())))
                                : Conditions.NONE);
    }

    @ParameterizedTest
    @EnumSource(Selected.class)
    void whomAChangedSelectionTakesOutLeavesLikeAnybodyAndComesBack(Selected selected) throws IOException {
        feed = new FeedTopic(cluster, topics);
        feed.apply(staff(9, e -> e.setPrimary(enrollment(p -> p.setSchoolCode(20)))), student(5, e -> {}));
        try (Snapshotter snapshotter = snapshotter("archive")) {
            deliver(snapshotter, DeliveryResult.DELIVERED);
        }
        FeedSelection selection = selection(selected);
        apply(selection, Map.of("student/5", Optional.empty()));
        FeedSettings destiny = vendor.destiny();
        Map<Integer, String> sites = new TreeMap<>(SITES);
        sites.keySet().retainAll(selection.schools());
        FeedSettings changed = new FeedSettings(
                selection,
                DestinyLayoutBuilder.of(sites, 2026).build(),
                Optional.empty(),
                destiny.destination(),
                OPEN,
                Usual.RETRIES);
        try (Snapshotter snapshotter = vendor.snapshotter(cluster, topics, "other", changed)) {
            assertEquals(1, deliver(snapshotter, DeliveryResult.DELIVERED).getLeavers());
            assertEquals(Optional.of(INACTIVE), lineOf5());
            vendor.clock().advance(Duration.ofDays(89));
            assertEquals(1, deliver(snapshotter, DeliveryResult.UNCHANGED).getLeavers());
        }
        feed.apply(student(5, e -> {}));
        try (Snapshotter snapshotter = snapshotter("archive")) {
            deliver(snapshotter, DeliveryResult.DELIVERED);
            assertEquals(Optional.of(ACTIVE), lineOf5());
        }
    }

    private void apply(FeedSelection selection, Map<String, Optional<FeedEntry>> changes) {
        feed.publish();
        feed.begin();
        feed.write(changes);
        feed.commitEpoch(selection.fingerprint(), feed.entries().size());
    }

    /** The file is in its place, and no receipt says so; also where another machine goes on, which has no copy of it. */
    @ParameterizedTest
    @ValueSource(strings = {"archive", "other"})
    void whoWasDroppedOrCameBackInAFileThatDiedIsSentAsTheNextFileHasIt(String nextArchive) throws IOException {
        feed = new FeedTopic(cluster, topics);
        feed.apply(student(1, e -> {}), student(5, e -> {}));
        try (Snapshotter snapshotter = snapshotter("archive")) {
            deliver(snapshotter, DeliveryResult.DELIVERED);
            feed.apply(entry(Invalid.NO_NAME));
            dies(snapshotter);
        }
        assertEquals(Optional.of(INACTIVE), lineOf5());
        try (Snapshotter next = snapshotter(nextArchive)) {
            assertEquals(1, deliver(next, DeliveryResult.DELIVERED).getLeavers());
            vendor.clock().advance(Duration.ofDays(89));
            feed.apply(student(5, e -> {}));
            dies(next);
            assertEquals(Optional.of(ACTIVE), lineOf5());
            vendor.clock().advance(Duration.ofDays(1));
            feed.apply(entry(Invalid.NO_NAME));
        }
        try (Snapshotter next = snapshotter(nextArchive)) {
            deliver(next, DeliveryResult.DELIVERED);
            assertEquals(Optional.of(INACTIVE), lineOf5());
        }
    }

    /** What a leaver is matched by at the vendor is what the vendor was sent, receipt or not. */
    @Test
    void whoChangedInAFileThatDiedLeavesAsTheVendorHasIt() throws IOException {
        feed = new FeedTopic(cluster, topics);
        feed.apply(student(1, e -> {}), student(5, e -> {}));
        try (Snapshotter snapshotter = snapshotter("archive")) {
            deliver(snapshotter, DeliveryResult.DELIVERED);
            feed.apply(student(5, e -> e.setPrimary(enrollment(p -> p.setSchoolCode(20)))));
            dies(snapshotter);
            feed.apply(Map.of("student/5", Optional.empty()));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            assertEquals(Optional.of(INACTIVE.replace("EAGLEHS", "EAGLEMS")), lineOf5());
        }
    }

    /** Who is in another feed of the system by Aeries, and in no file by its rules, is nobody's there. */
    @Test
    void whomTheOtherFeedsRulesDropLeavesThisOne() throws IOException {
        FeedSelection annex = new FeedSelection(
                "annex",
                Set.of(30),
                FeedTopic.SELECTION.statuses(),
                FeedTopic.SELECTION.kinds(),
                FeedTopic.SELECTION.rules());
        feed = new FeedTopic(cluster, topics, annex);
        feed.apply(student(1, e -> {}), student(5, e -> {}));
        FeedSettings other = new FeedSettings(
                annex,
                DestinyLayoutBuilder.of(Map.of(30, "ANNEX"), 2026).build(),
                Optional.empty(),
                Optional.empty(),
                Changed.inSystem(OPEN, "follett"),
                Usual.RETRIES);
        try (Snapshotter snapshotter = vendor.snapshotter(
                cluster, topics, "archive", Changed.with(vendor.destiny(), Changed.inSystem(OPEN, "follett")), other)) {
            deliver(snapshotter, DeliveryResult.DELIVERED);
            feed.apply("annex", Map.of("student/5", Optional.of(student(5, e -> e.setLastName(null)
                    .setPrimary(enrollment(p -> p.setSchoolCode(30)))))));
            feed.apply(Map.of("student/5", Optional.empty()));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            assertEquals(Optional.of(INACTIVE), lineOf5());
            feed.apply(
                    "annex",
                    Map.of(
                            "student/5",
                            Optional.of(student(5, e -> e.setPrimary(enrollment(p -> p.setSchoolCode(30)))))));
            deliver(snapshotter, DeliveryResult.DELIVERED);
            assertEquals(Optional.empty(), lineOf5());
        }
    }

    private Snapshotter snapshotter(String archive) {
        return vendor.snapshotter(cluster, topics, archive, vendor.destiny());
    }

    private void dies(Snapshotter snapshotter) {
        vendor.takeOverBeforeRename(cluster, topics);
        assertThrows(SnapshotFailedException.class, () -> snapshotter.snapshot(FEED, SnapshotOptions.DELIVER));
    }

    private static Delivery deliver(Snapshotter snapshotter, DeliveryResult expected) {
        Delivery delivery = snapshotter.snapshot(FEED, SnapshotOptions.DELIVER);
        assertEquals(expected, delivery.getResult(), delivery.toString());
        return delivery;
    }

    private static long removed(Delivery delivery) {
        return delivery.getDifference().orElseThrow().getRemoved();
    }

    private Optional<String> lineOf5() throws IOException {
        try (Stream<String> lines = Files.lines(vendor.file())) {
            return lines.filter(line -> line.split(",", -1)[2].equals("5")).findFirst();
        }
    }
}
