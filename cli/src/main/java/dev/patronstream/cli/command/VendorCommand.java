package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.FeedOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.run.VendorAccounts;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.embedded.kafka.BrokerAccount;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vendor}: who besides the district may read a feed's topic on the embedded broker. */
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
        String password = new VendorAccounts(clients.kafkaProperties())
                .add(name, List.of(topic, configuration.topics().epochs()));
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
        if (!new VendorAccounts(embedded(configuration, name).kafkaProperties()).remove(name)) {
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
}
