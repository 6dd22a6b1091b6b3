package dev.patronstream.schemas.topic;

import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryPause;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.StageReport;
import dev.patronstream.schemas.table.JoinedTable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of a district's topics. Many districts share a cluster by prefix.
 *
 * @param district the district's name, the first part of every topic name
 * @param joined the joined tables that are captured; they are only where something needs their fields
 */
public record Topics(String district, Set<JoinedTable> joined) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /** Checks the name: lower-case letters, digits and hyphens. */
    public Topics {
        requireName("district", district);
        joined = Set.copyOf(joined);
    }

    /** The topics of a district that captures no joined table. */
    public Topics(String district) {
        this(district, Set.of());
    }

    /** Returns the same with these joined tables. */
    public Topics with(Set<JoinedTable> captured) {
        return new Topics(district, captured);
    }

    /** STU rows: {@link Enrollment} by {@link Keys#enrollment}. */
    public String enrollments() {
        return district + ".aeries.stu";
    }

    /** LOC rows: {@link School} by {@link Keys#school}. */
    public String schools() {
        return district + ".aeries.loc";
    }

    /** STF rows: {@link StaffMember} by {@link Keys#staffMember}. */
    public String staff() {
        return district + ".aeries.stf";
    }

    /** Rows of a joined table, where it is captured: records of its contract by {@link JoinedTable#keyOf}. */
    public String of(JoinedTable table) {
        return district + ".aeries." + table.name().toLowerCase(Locale.ROOT);
    }

    /** The contract topics of what is captured: one record per row of the source. */
    public List<String> contracts() {
        return Stream.concat(
                        Stream.of(enrollments(), schools(), staff()),
                        Arrays.stream(JoinedTable.values())
                                .filter(joined::contains)
                                .map(this::of))
                .toList();
    }

    /** What the connector has published: {@link Progress}. */
    public String progress() {
        return district + ".progress";
    }

    /** The source offset that belongs to the records published last; internal to the connector. */
    public String offsets() {
        return district + ".connector.offsets";
    }

    /** A snapshot that waits for a person, and what was decided: {@link CaptureHold} by {@link Keys#HELD}, {@link Keys#DECISION}. */
    public String holds() {
        return district + ".connector.holds";
    }

    /** Debezium's history of the source tables' schemas; internal to the connector. */
    public String schemaHistory() {
        return district + ".connector.schema-history";
    }

    /** Every patron of the district: {@link Patron} by {@link Keys#person}. */
    public String patrons() {
        return district + ".patrons";
    }

    /** A vendor's selection: {@link FeedEntry} by {@link Keys#person}. */
    public String feed(String feed) {
        return district + ".feed." + requireName("feed", feed);
    }

    /** What the topology has applied: {@link EpochApplied}. */
    public String epochs() {
        return district + ".epochs";
    }

    /** What a vendor holds: {@link DeliveredRow} by {@link Keys#person}. */
    public String delivered(String feed) {
        return district + ".delivered." + requireName("feed", feed);
    }

    /** Receipts of deliveries: {@link Delivery} by id. */
    public String deliveries() {
        return district + ".deliveries";
    }

    /** How the deliveries of each feed stand: {@link FeedState} by feed. */
    public String feedStates() {
        return district + ".feed-states";
    }

    /** Which feeds are not delivered for a while: {@link DeliveryPause} by feed. */
    public String pauses() {
        return district + ".pauses";
    }

    /** How each stage of each process is doing: {@link StageReport} by {@link Keys#stage}. */
    public String stages() {
        return district + ".stages";
    }

    /** Whether a topic of the cluster is one of ours; others may share the district's prefix. */
    public boolean isOwn(String topic) {
        return Stream.of(progress(), offsets(), holds(), schemaHistory(), patrons(), epochs())
                        .anyMatch(topic::equals)
                || Stream.of(deliveries(), feedStates(), pauses(), stages()).anyMatch(topic::equals)
                || contracts().contains(topic)
                || topic.startsWith(district + ".feed.")
                || topic.startsWith(district + ".delivered.");
    }

    /** Consumer group, application id and prefix of the internal topics of the Kafka Streams application. */
    public String streamsApplicationId() {
        return district + ".streams";
    }

    /** Transactional id of the connector's producer; anyone who takes it fences the one before. */
    public String connectorTransactionalId() {
        return district + ".connector";
    }

    /** Consumer group of the connectors, of which one at a time captures. */
    public String connectorGroup() {
        return district + ".connector";
    }

    /** Consumer group of the snapshotters, of which one at a time carries out the schedules. */
    public String snapshotterGroup() {
        return district + ".snapshotter";
    }

    /** Transactional id of the producer that delivers a feed; anyone who takes it fences the one before. */
    public String snapshotterTransactionalId(String feed) {
        return district + ".snapshotter." + requireName("feed", feed);
    }

    private static String requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The " + what + " name '" + name
                    + "' cannot be part of a topic name: use lower-case letters, digits and hyphens,"
                    + " beginning with a letter, at most 63");
        }
        return name;
    }
}
