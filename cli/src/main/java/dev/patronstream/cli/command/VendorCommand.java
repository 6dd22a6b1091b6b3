package dev.patronstream.cli.command;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.ConfigurationOption;
import dev.patronstream.cli.command.option.FeedOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.cli.vendor.Client;
import dev.patronstream.cli.vendor.ClusterScript;
import dev.patronstream.cli.vendor.VendorAccounts;
import dev.patronstream.cli.vendor.VendorLogin;
import dev.patronstream.cli.vendor.VendorRights;
import dev.patronstream.embedded.kafka.BrokerAccount;
import dev.patronstream.schemas.Text;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code vendor}: who besides the district may read a feed's topic. On the embedded broker the account is made; for a
 * cluster that exists, the commands for its administrator are printed, and nothing is asked of it.
 */
@Command(
        name = "vendor",
        mixinStandardHelpOptions = true,
        subcommandsRepeatable = false,
        description = "Accounts that may read one feed and nothing else.",
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
            description = {
                "Makes an account on the embedded Kafka, or gives it a new password; for another cluster prints the",
                "commands that do, on standard error. Prints the settings of the vendor's client."
            },
            footer = {
                "",
                "Example: patronstream vendor add follett --feed destiny",
                "         patronstream vendor add follett --feed destiny --client python > client.py"
            })
    public int add(
            @Mixin ConfigurationOption configurationOption,
            @Parameters(paramLabel = "NAME", description = "Name of the account: letters, digits, hyphens.")
                    String name,
            @Option(names = "--feed", required = true, paramLabel = "FEED", description = "The feed it may read.")
                    String feed,
            @Option(
                            names = "--client",
                            paramLabel = "CLIENT",
                            defaultValue = "java",
                            description = "Whose settings: java (default), python, javascript or kcat.")
                    Client client) {
        Configuration configuration = read(configurationOption, name);
        FeedOption.named(configuration, feed);
        VendorRights rights = VendorRights.of(name, configuration.topics(), List.of(feed));
        ClusterClients clients = clients(configuration);
        String servers = clients.kafka().get("bootstrap.servers");
        String registry = clients.serdes().get("schema.registry.url");
        VendorLogin login;
        if (configuration.kafka().isEmbedded()) {
            login = VendorLogin.embedded(name, servers, registry);
            new VendorAccounts(clients.kafkaProperties()).add(rights, login.password());
        } else {
            login = VendorLogin.existing(name, clients.kafka(), servers, registry);
            // Beside the client's file, which standard output is.
            new ClusterScript(servers, rights).add(login).forEach(line -> terminal.error()
                    .println(Text.lines(line)));
        }
        client.lines(rights, login).forEach(terminal::line);
        return 0;
    }

    @Command(
            name = "remove",
            mixinStandardHelpOptions = true,
            description = {
                "Takes an account and all its rights away from the embedded Kafka; for another cluster prints the",
                "commands that do."
            },
            footer = {"", "Example: patronstream vendor remove follett"})
    public int remove(
            @Mixin ConfigurationOption configurationOption,
            @Parameters(paramLabel = "NAME", description = "Name of the account.") String name) {
        Configuration configuration = read(configurationOption, name);
        if (!configuration.kafka().isEmbedded()) {
            VendorRights rights = VendorRights.of(
                    name,
                    configuration.topics(),
                    configuration.deliveries().feeds().stream()
                            .map(FeedSettings::feed)
                            .toList());
            new ClusterScript(configuration.kafka().bootstrapServers().get(), rights)
                    .remove(configuration.kafka().properties())
                    .forEach(terminal::line);
            return 0;
        }
        if (!new VendorAccounts(Cluster.running(configuration).kafkaProperties()).remove(name)) {
            throw new CommandFailedException("There is no account '" + name + "' on the embedded Kafka", 2);
        }
        terminal.line(name + " may read nothing any more.");
        return 0;
    }

    private Configuration read(ConfigurationOption option, String name) {
        Configuration configuration = option.readAndLog(terminal, Part.KAFKA);
        if (!name.matches(NAMES) || name.equals(BrokerAccount.NAME)) {
            throw new CommandFailedException(
                    "'" + name + "' cannot be the name of an account; use lower-case letters, digits and hyphens, and"
                            + " not " + BrokerAccount.NAME,
                    2);
        }
        return configuration;
    }

    /** What is embedded must run to be found; what is elsewhere is not asked. */
    private static ClusterClients clients(Configuration configuration) {
        return configuration.kafka().isEmbedded() || configuration.registry().isEmbedded()
                ? Cluster.running(configuration)
                : Cluster.clients(
                        configuration,
                        new Cluster.Addresses(
                                configuration.kafka().bootstrapServers().get(),
                                configuration.registry().url().get()));
    }
}
