package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.FeedOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.embedded.kafka.BrokerAccount;
import dev.patronstream.schemas.topic.KafkaAnswers;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code vendor}: who besides the district may read a feed's topic on the embedded broker.
 *
 * <p>An account is a SCRAM user with the right to read and describe the topics, and to use consumer groups whose names
 * begin with its own. The password is random and kept by nobody: Kafka holds what is made from it.
 */
@Command(
        name = "vendor",
        mixinStandardHelpOptions = true,
        subcommandsRepeatable = false,
        description = "Accounts of the embedded Kafka that may read one feed and nothing else.",
        footer = {
            "",
            "Example: patronstream vendor add follett --feed destiny",
            "         patronstream vendor remove follett"
        })
final class VendorCommand {

    private static final String NAMES = "[a-z][a-z0-9-]*";
    private static final int ITERATIONS = 4096;
    private static final int PASSWORD_BYTES = 24;
    private static final String ANYWHERE = "*";

    private final Terminal terminal;

    VendorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Makes an account, or gives it a new password, and prints what a Kafka client needs.",
            footer = {"", "Example: patronstream vendor add follett --feed destiny"})
    public int add(
            @Mixin ConfigurationOption configurationOption,
            @Parameters(paramLabel = "NAME", description = "Name of the account: letters, digits, hyphens.")
                    String name,
            @Option(names = "--feed", required = true, paramLabel = "FEED", description = "The feed it may read.")
                    String feed) {
        Configuration configuration = configurationOption.readAndLog(terminal, Part.KAFKA);
        FeedOption.named(configuration, feed);
        ClusterClients clients = embedded(configuration, name);
        String topic = configuration.topics().feed(feed);
        String password = add(
                clients.kafkaProperties(),
                name,
                List.of(topic, configuration.topics().epochs()));
        List.of(
                        "# " + name + " may read " + topic + " and "
                                + configuration.topics().epochs() + ", in consumer groups that begin with " + name
                                + ".",
                        "# The password is shown once; `vendor add` again makes a new one.",
                        "bootstrap.servers=" + clients.kafka().get("bootstrap.servers"),
                        "security.protocol=SASL_PLAINTEXT",
                        "sasl.mechanism=SCRAM-SHA-256",
                        "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\""
                                + name + "\" password=\"" + password + "\";",
                        "group.id=" + name,
                        "isolation.level=read_committed",
                        "schema.registry.url=" + clients.serdes().get("schema.registry.url"))
                .forEach(terminal::line);
        return 0;
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = "Takes an account and all its rights away.",
            footer = {"", "Example: patronstream vendor remove follett"})
    public int remove(
            @Mixin ConfigurationOption configurationOption,
            @Parameters(paramLabel = "NAME", description = "Name of the account.") String name) {
        Configuration configuration = configurationOption.readAndLog(terminal, Part.KAFKA);
        if (!remove(embedded(configuration, name).kafkaProperties(), name)) {
            throw new CommandFailedException("There is no account '" + name + "' on the embedded Kafka", 2);
        }
        terminal.line(name + " may read nothing any more.");
        return 0;
    }

    private static ClusterClients embedded(Configuration configuration, String name) {
        if (!configuration.kafka().isEmbedded()) {
            throw new CommandFailedException(
                    "kafka.bootstrap-servers: the accounts of a Kafka cluster that exists are its administrator's: see"
                            + " docs/vendors.md for the rights that a vendor needs",
                    2);
        }
        if (!name.matches(NAMES) || name.equals(BrokerAccount.NAME)) {
            throw new CommandFailedException(
                    "'" + name + "' cannot be the name of an account; use lower-case letters, digits and hyphens, and"
                            + " not " + BrokerAccount.NAME,
                    2);
        }
        return Cluster.running(configuration);
    }

    /**
     * Makes an account, or gives an existing one a new password and these topics besides.
     *
     * @return the password
     */
    private static String add(Map<String, Object> kafka, String name, List<String> topics) {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        AccessControlEntry read = entry(name, AclOperation.READ);
        List<AclBinding> rights = Stream.concat(
                        topics.stream()
                                .map(topic -> new AclBinding(
                                        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL), read)),
                        Stream.of(new AclBinding(
                                new ResourcePattern(ResourceType.GROUP, name, PatternType.PREFIXED), read)))
                .toList();
        try (Admin admin = Admin.create(kafka)) {
            KafkaAnswers.await(admin.createAcls(rights).all());
            KafkaAnswers.await(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, ITERATIONS), password)))
                    .all());
        }
        return password;
    }

    /** Takes an account away with all its rights; returns whether there was one. */
    private static boolean remove(Map<String, Object> kafka, String name) {
        AclBindingFilter all = new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(principal(name), ANYWHERE, AclOperation.ANY, AclPermissionType.ANY));
        try (Admin admin = Admin.create(kafka)) {
            boolean known = KafkaAnswers.await(
                            admin.describeUserScramCredentials(List.of()).all())
                    .containsKey(name);
            if (known) {
                KafkaAnswers.await(admin.alterUserScramCredentials(
                                List.of(new UserScramCredentialDeletion(name, ScramMechanism.SCRAM_SHA_256)))
                        .all());
            }
            // A session that is open stays so; without rights it reads nothing more.
            return !KafkaAnswers.await(admin.deleteAcls(List.of(all)).all()).isEmpty() || known;
        }
    }

    private static AccessControlEntry entry(String name, AclOperation operation) {
        return new AccessControlEntry(principal(name), ANYWHERE, operation, AclPermissionType.ALLOW);
    }

    private static String principal(String name) {
        return "User:" + name;
    }
}
