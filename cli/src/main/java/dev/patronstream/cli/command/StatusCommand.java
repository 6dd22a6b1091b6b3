package dev.patronstream.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.cli.cluster.Instance;
import dev.patronstream.cli.cluster.Instances;
import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.command.option.JsonOption;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.cli.web.AccessToken;
import dev.patronstream.cli.web.TimeWords;
import dev.patronstream.schemas.Text;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}: how the district is doing, as any of its running processes tells it. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says how fresh the topics are, how many patrons each feed has and what was delivered last.",
        footer = {
            "",
            "Example: patronstream status",
            "         patronstream status --json",
            "         patronstream status --link"
        })
final class StatusCommand extends ConfiguredCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private TimeWords words = new TimeWords(ZoneOffset.UTC, Instant.EPOCH);

    @Mixin
    private JsonOption json = new JsonOption();

    @Option(
            names = "--link",
            description = "The page's address with the access token, for a browser: who has it may decide on files.")
    private boolean link;

    @Option(names = "--details", description = "With epochs, watermarks and addresses.")
    private boolean details;

    StatusCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration configuration = option.read(terminal, Set.of());
        List<Instance> running = new Instances(configuration.installation().directory()).running();
        if (running.isEmpty()) {
            throw new CommandFailedException("Nothing runs on "
                    + configuration.installation().directory() + ". Start it: patronstream run --config "
                    + configuration.installation().file());
        }
        if (link) {
            terminal.out().println(link(configuration, running));
            return 0;
        }
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        // Every process tells of the whole district; the first that answers will do.
        Optional<CommandFailedException> silent = Optional.empty();
        for (Instance instance : running) {
            try {
                String status = status(client, instance);
                if (json.isAsked()) {
                    terminal.out().println(Text.escaped(status));
                } else {
                    print(instance, new ObjectMapper().readTree(status));
                }
                return 0;
            } catch (CommandFailedException e) {
                silent = Optional.of(e);
            }
        }
        throw silent.orElseThrow();
    }

    /** Of the process that makes the deliveries, if it is one of these. */
    private static String link(Configuration configuration, List<Instance> running) {
        AccessToken token = AccessToken.find(configuration.installation().directory())
                .orElseThrow(() -> new CommandFailedException("There is no access token in "
                        + configuration.installation().directory() + " yet; ask again in a moment"));
        Instance instance = running.stream()
                .filter(one -> one.name().equals("run") || one.name().equals("snapshotter"))
                .findFirst()
                .orElse(running.get(0));
        return token.link(URI.create(instance.statusUrl()));
    }

    private static String status(HttpClient client, Instance instance) throws InterruptedException {
        URI address = URI.create(instance.statusUrl()).resolve("/status");
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(address).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return answer.body();
            }
            throw new CommandFailedException(address + " answered with HTTP status " + answer.statusCode());
        } catch (IOException e) {
            throw new CommandFailedException(
                    "Process " + instance.pid() + " runs, but its status port " + address + " does not answer ("
                            + e.getClass().getSimpleName() + "). Is it starting or stopping? Its log says more",
                    e);
        }
    }

    private void print(Instance instance, JsonNode status) {
        Instant now = Instant.parse(status.path("now").asText());
        words = new TimeWords(ZoneId.of(status.path("timeZone").asText()), now);
        print(status.path("headline").path("sentence").asText());
        if (!status.path("headline").path("more").asText().isEmpty()) {
            print(status.path("headline").path("more").asText());
        }
        print("");
        for (JsonNode stage : status.path("stages")) {
            print(String.format(
                    "  %-12s %-10s %s",
                    stage.path("name").asText(),
                    stage.path("state").asText(),
                    stage.path("sentence").asText()));
            stage.path("instances").forEach(process -> print("    " + inWords(process, now)));
            stage.path("notices")
                    .forEach(notice -> print("    - "
                            + (notice.has("at") ? notice.path("at").asText() + ": " : "")
                            + notice.path("text").asText()));
            if (details) {
                stage.path("details")
                        .properties()
                        .forEach(detail -> print("    " + detail.getKey() + ": "
                                + detail.getValue().asText()));
            }
        }
        long split = status.path("counters").path("splitEpochs").asLong();
        if (split > 0) {
            print("  " + split + (split == 1 ? " change of the database was" : " changes of the database were")
                    + " too large to be published at once and went out in parts");
        }
        for (JsonNode feed : status.path("feeds")) {
            print(String.format(
                    "  feed %s: %s patrons",
                    feed.path("name").asText(), feed.path("entries").asText("?")));
            print("    " + lastDelivery(feed));
            if (feed.hasNonNull("failure")) {
                print("    " + feed.path("failure").asText());
            }
            if (feed.hasNonNull("pausedUntil")) {
                print("    paused until " + feed.path("pausedUntil").asText() + "; `patronstream resume "
                        + feed.path("name").asText() + "` takes an order to pause back");
            }
            if (feed.hasNonNull("nextRun")) {
                print("    next " + feed.path("nextRun").asText());
            }
        }
        print("");
        print("  process " + instance.pid() + ", page " + instance.statusUrl());
    }

    private static String inWords(JsonNode process, Instant now) {
        String role =
                switch (process.path("role").asText()) {
                    case "leads" ->
                        ", does the work since " + process.path("roleSince").asText();
                    case "waits" ->
                        " " + process.path("sentence").asText() + "; since "
                                + process.path("roleSince").asText();
                    default -> "";
                };
        boolean silent = process.path("state").asText().equals("silent");
        return process.path("process").asText()
                + role
                + (silent
                        ? ", last heard of "
                                + TimeWords.ago(
                                        Instant.parse(process.path("lastHeard").asText()), now)
                        : "");
    }

    /** Says what of a feed the vendor holds, and how much of it somebody should look at. */
    static String lastDelivery(JsonNode feed) {
        JsonNode delivered = feed.path("lastDelivery");
        if (delivered.isMissingNode()) {
            return "nothing delivered yet";
        }
        long problems = delivered.path("problems").asLong();
        return "last delivery " + delivered.path("startedAt").asText() + ": "
                + delivered.path("rows").asText() + " rows ("
                + delivered.path("result").asText() + ")"
                + (problems == 0
                        ? ""
                        : ", " + problems + " in the problem report (patronstream problems "
                                + feed.path("name").asText() + ")");
    }

    /** Times in the district's words; JSON has them to the millisecond. */
    private void print(String text) {
        line(words.in(text));
    }
}
