package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.FeedOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.cli.sheet.FeedSheet;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.KafkaAnswers;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.ledger.FeedStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code feeds}. */
@Command(
        name = "feeds",
        mixinStandardHelpOptions = true,
        description = {
            "Shows per feed who is in it, which fields it carries, to whom they go and how fresh they are: the sheet"
                    + " that",
            "a district's privacy officer signs. Works without Kafka, but for readers and freshness. Changes nothing."
        },
        footer = {"", "Example: patronstream feeds", "         patronstream feeds destiny"})
final class FeedsCommand implements Callable<Integer> {

    private static final Duration READ_PATIENCE = Duration.ofSeconds(30);

    private final Terminal terminal;

    @Mixin
    private ConfigurationOption option = new ConfigurationOption();

    @Parameters(index = "0", arity = "0..1", paramLabel = "FEED", description = "Only this feed (default: all).")
    private @Nullable String only;

    FeedsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Configuration configuration = option.readAndLog(terminal, Part.KAFKA);
        List<FeedSettings> feeds =
                only == null ? configuration.deliveries().feeds() : List.of(FeedOption.named(configuration, only));
        List<String> lines = new ArrayList<>();
        for (FeedSettings feed : feeds) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(sheet(configuration, feed));
        }
        lines.forEach(terminal::line);
        return 0;
    }

    private static List<String> sheet(Configuration configuration, FeedSettings feed) {
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
