package dev.patronstream.schemas;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The names of a district's topics. Many districts share a cluster by prefix.
 *
 * @param district the district's name, the first part of every topic name
 */
public record Topics(String district) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    /** Checks the name: lower-case letters, digits and hyphens. */
    public Topics {
        requireName("district", district);
    }

    /** STU rows: {@link Enrolment} by {@link Keys#enrolment}. */
    public String enrolments() {
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

    /** The contract topics: one record per row of the source. */
    public List<String> contracts() {
        return List.of(enrolments(), schools(), staff());
    }

    /** What the connector has published: {@link Progress}. */
    public String progress() {
        return district + ".progress";
    }

    /** The source offset that belongs to the records published last; internal to the connector. */
    public String offsets() {
        return district + ".connector.offsets";
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

    /** Which feeds are not delivered for a while: {@link DeliveryPause} by feed. */
    public String pauses() {
        return district + ".pauses";
    }

    /** Consumer group, application id and prefix of the internal topics of the Kafka Streams application. */
    public String streamsApplicationId() {
        return district + ".streams";
    }

    /** Transactional id of the connector's producer; whoever takes it fences the one before. */
    public String connectorTransactionalId() {
        return district + ".connector";
    }

    /** Transactional id of the producer that delivers a feed; whoever takes it fences the one before. */
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
