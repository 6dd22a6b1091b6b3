package dev.patronstream.cli.sheet;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.ledger.FeedStates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/** Sheets with what the cluster says of readers and freshness; without Kafka they say that it is not known. */
public final class FeedSheets {

    private static final Duration READ_PATIENCE = Duration.ofSeconds(30);

    private FeedSheets() {}

    /** Returns the lines of the sheet of a feed. */
    public static List<String> lines(Configuration configuration, FeedSettings feed) {
        FeedSheet sheet = new FeedSheet(feed, configuration);
        try {
            ClusterClients clients = Cluster.running(configuration);
            return sheet.lines(
                    readers(clients, configuration.topics().feed(feed.feed())),
                    fresh(sheet, configuration, clients, feed.feed()));
        } catch (CommandFailedException | KafkaException e) {
            return sheet.lines("not known, since Kafka does not answer", List.of("Not known: " + e.getMessage()));
        }
    }

    /** The account of patronstream itself needs no right, and is not named. */
    private static String readers(ClusterClients clients, String topic) {
        AclBindingFilter ofTopic = new AclBindingFilter(
                new ResourcePatternFilter(ResourceType.TOPIC, topic, PatternType.MATCH),
                new AccessControlEntryFilter(null, null, AclOperation.ANY, AclPermissionType.ALLOW));
        try (Admin admin = Admin.create(clients.kafkaProperties())) {
            TreeSet<String> accounts = new TreeSet<>();
            KafkaAnswers.await(admin.describeAcls(ofTopic).values()).forEach(right -> {
                AclOperation operation = right.entry().operation();
                if (operation == AclOperation.READ || operation == AclOperation.ALL) {
                    accounts.add(right.entry().principal().replaceFirst("^User:", ""));
                }
            });
            return accounts.isEmpty() ? "no account of a vendor" : "may be read by " + String.join(", ", accounts);
        } catch (SecurityDisabledException e) {
            return "may be read by everyone who reaches the Kafka cluster, which has no rights";
        } catch (AuthorizationException e) {
            return "not known, since the account of patronstream may not see the rights of others";
        }
    }

    private static List<String> fresh(
            FeedSheet sheet, Configuration configuration, ClusterClients clients, String feed) {
        try (CommittedTopics reader = new CommittedTopics(clients.kafka(), READ_PATIENCE)) {
            Optional<EpochApplied> applied = reader.newest(
                    configuration.topics().epochs(),
                    RecordForm.of(clients.avro().deserializer(EpochApplied.class)),
                    Keys.EPOCH);
            FeedState state = FeedStates.read(reader, configuration.topics(), clients.avro(), feed);
            return sheet.fresh(applied, state);
        }
    }
}
