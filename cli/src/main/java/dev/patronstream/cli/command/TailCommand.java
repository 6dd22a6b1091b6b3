package dev.patronstream.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.option.ConfiguredCommand;
import dev.patronstream.cli.command.option.Converters;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.screen.StopRequest;
import dev.patronstream.cli.screen.Terminal;
import dev.patronstream.schemas.serde.RegistryClient;
import dev.patronstream.schemas.serde.RegistryException;
import dev.patronstream.schemas.serde.WireFormat;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicReading;
import dev.patronstream.schemas.topic.TopicRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.kafka.common.header.Header;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tail}: records of a topic as JSON lines. */
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        description = "Prints records of a topic as JSON lines, only committed ones, until it is stopped.",
        footer = {
            "",
            "Example: patronstream tail feed.destiny --from-beginning --max 3",
            "         patronstream tail patrons --from-beginning --until-end | wc -l",
            "Short names: aeries.stu, aeries.loc, aeries.stf, aeries.tch, patrons, feed.FEED, progress, epochs,"
                    + " deliveries"
        })
final class TailCommand extends ConfiguredCommand {

    private static final Duration POLL = Duration.ofMillis(200);

    @Parameters(paramLabel = "TOPIC", description = "The topic, with or without the district's prefix.")
    private String topic = "";

    @Option(names = "--from-beginning", description = "All records that are there, then the new ones.")
    private boolean fromBeginning;

    @Option(names = "--until-end", description = "Stop at the end that the topic had when the command began.")
    private boolean untilEnd;

    @Option(
            names = "--max",
            paramLabel = "N",
            converter = Converters.Count.class,
            description = "Stop after so many records.")
    private long max = Long.MAX_VALUE;

    TailCommand(Terminal terminal) {
        super(terminal);
    }

    @Override
    public Integer call() throws IOException {
        Configuration configuration = configuration(Part.KAFKA);
        ClusterClients clients = Cluster.running(configuration);
        RegistryClient registry = clients.avro().registry();
        Map<Integer, Schema> schemas = new HashMap<>();
        StopRequest stop = terminal.stop().get();
        try (CommittedTopics topics = new CommittedTopics(clients.kafkaProperties())) {
            String name = name(topics, configuration.district().name());
            TopicReading<byte[]> reading = topics.open(name, RecordForm.ANY, fromBeginning ? 0 : topics.end(name));
            long printed = 0;
            while (!stop.isRequested() && printed < max && !(untilEnd && reading.isFinished())) {
                for (TopicRecord<byte[]> record : reading.next(POLL)) {
                    if (printed++ < max) {
                        terminal.out().println(AvroJson.text(json(record, registry, schemas), false));
                    }
                }
                if (terminal.out().checkError()) {
                    // Anyone who read from the pipe has gone away.
                    return 0;
                }
            }
        }
        return 0;
    }

    private String name(CommittedTopics topics, String district) {
        Set<String> known = topics.names();
        String name = known.contains(district + "." + topic) ? district + "." + topic : topic;
        if (!known.contains(name)) {
            List<String> own = known.stream()
                    .filter(candidate -> candidate.startsWith(district + "."))
                    .sorted()
                    .toList();
            throw new CommandFailedException("There is no topic '" + topic + "'; of the district there "
                    + (own.isEmpty() ? "are none yet" : "are: " + String.join(", ", own)));
        }
        return name;
    }

    private static ObjectNode json(TopicRecord<byte[]> record, RegistryClient registry, Map<Integer, Schema> schemas) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("offset", record.offset());
        node.put("time", Instant.ofEpochMilli(record.timestamp()).toString());
        node.put("key", record.key());
        node.set("value", value(record.value().orElse(null), registry, schemas));
        ObjectNode headers = node.putObject("headers");
        for (Header header : record.headers()) {
            headers.put(
                    header.key(), header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8));
        }
        return node;
    }

    /**
     * Values in the Confluent wire format are read by the schema they were written with; others, and those that are none
     * of that schema, are shown as text.
     */
    private static JsonNode value(
            byte @org.jspecify.annotations.Nullable [] bytes, RegistryClient registry, Map<Integer, Schema> schemas) {
        if (bytes == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        OptionalInt id = WireFormat.schemaId(bytes);
        if (id.isEmpty()) {
            return JsonNodeFactory.instance.textNode(new String(bytes, StandardCharsets.UTF_8));
        }
        try {
            Schema schema = schemas.computeIfAbsent(id.getAsInt(), registry::schema);
            Object value = new GenericDatumReader<>(schema).read(null, WireFormat.record(bytes));
            return AvroJson.CONTRACT.of(value, schema);
        } catch (RegistryException e) {
            if (e.isRetriable()) {
                throw e;
            }
            return JsonNodeFactory.instance.textNode(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException | AvroRuntimeException | IndexOutOfBoundsException e) {
            return JsonNodeFactory.instance.textNode(new String(bytes, StandardCharsets.UTF_8));
        }
    }
}
