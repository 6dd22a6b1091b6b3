package dev.patronstream.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.School;
import dev.patronstream.schemas.StaffMember;
import dev.patronstream.schemas.Teacher;
import dev.patronstream.schemas.table.JoinedTable;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

/** {@code docs/asyncapi.json} says what the topics, the keys and the contracts are. */
class AsyncApiTest {

    private static final Path PAGE = Path.of("..", "docs", "asyncapi.json");
    private static final String WRITE = "patronstream.asyncapi.write";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A topic of the district "eagle", which the page makes a parameter. */
    private record Channel(String topic, Schema contract, List<String> keys) {

        String address() {
            return topic.replaceFirst("^eagle\\.", "{district}.").replaceFirst("\\.feed\\.destiny$", ".feed.{feed}");
        }

        String name() {
            return contract.getName();
        }
    }

    /** Run with -Dpatronstream.asyncapi.write=true to write the page, and read the difference. */
    @Test
    void thePageIsWhatTheTopicsHold() throws IOException {
        String page = page();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, page);
        }
        assertEquals(Files.readString(PAGE), page, "docs/asyncapi.json; -D" + WRITE + "=true writes it");
    }

    private static List<Channel> channels() {
        Topics topics = new Topics("eagle");
        List<String> persons = List.of(Keys.person(PatronKind.STUDENT, 99400001), Keys.person(PatronKind.STAFF, 1203));
        return List.of(
                new Channel(topics.feed("destiny"), FeedEntry.getClassSchema(), persons),
                new Channel(topics.epochs(), EpochApplied.getClassSchema(), List.of(Keys.EPOCH)),
                new Channel(topics.patrons(), Patron.getClassSchema(), persons),
                new Channel(topics.enrollments(), Enrollment.getClassSchema(), List.of(Keys.enrollment(10, 1234))),
                new Channel(topics.schools(), School.getClassSchema(), List.of(Keys.school(10))),
                new Channel(topics.staff(), StaffMember.getClassSchema(), List.of(Keys.staffMember(1203))),
                new Channel(topics.of(JoinedTable.TCH), Teacher.getClassSchema(), List.of(Keys.teacher(30, 117))));
    }

    private static String page() throws IOException {
        ObjectNode page = JSON.createObjectNode().put("asyncapi", "3.0.0");
        page.putObject("info")
                .put("title", "patronstream")
                .put("version", "1")
                .put(
                        "description",
                        "The topics that vendors may read. Contracts only gain fields, with defaults. A record without"
                                + " a value deletes its key. Read with isolation.level=read_committed.");
        page.putObject("channels");
        page.putObject("operations");
        ObjectNode components = page.putObject("components");
        ObjectNode parameters = components.putObject("parameters");
        parameters.putObject("district").put("description", "Name of the district.");
        parameters.putObject("feed").put("description", "Name of the vendor's feed.");
        components.putObject("messages");
        channels().forEach(channel -> add(page, channel));
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(page) + "\n";
    }

    private static void add(ObjectNode page, Channel channel) {
        ObjectNode described = page.withObject("/channels").putObject(channel.name());
        described.put("address", channel.address());
        ObjectNode parameters = described.putObject("parameters");
        List.of("district", "feed").forEach(name -> {
            if (channel.address().contains("{" + name + "}")) {
                refer(parameters.putObject(name), "components/parameters/" + name);
            }
        });
        refer(described.putObject("messages").putObject(channel.name()), "components/messages/" + channel.name());
        ObjectNode topic = described.putObject("bindings").putObject("kafka").put("partitions", 1);
        ObjectNode settings = topic.putObject("topicConfiguration");
        Map<String, String> made =
                TopicSettings.SINGLE_BROKER.compacted(channel.topic()).configs();
        settings.putArray(TopicConfig.CLEANUP_POLICY_CONFIG).add(made.get(TopicConfig.CLEANUP_POLICY_CONFIG));
        settings.put(
                TopicConfig.DELETE_RETENTION_MS_CONFIG,
                Long.parseLong(made.get(TopicConfig.DELETE_RETENTION_MS_CONFIG)));

        ObjectNode operation = page.withObject("/operations").putObject("send" + channel.name());
        operation.put("action", "send");
        refer(operation.putObject("channel"), "channels/" + channel.name());

        ObjectNode message = page.withObject("/components/messages").putObject(channel.name());
        message.put("summary", channel.contract().getDoc());
        ObjectNode kafka = message.putObject("bindings").putObject("kafka");
        ArrayNode examples = kafka.putObject("key").put("type", "string").putArray("examples");
        channel.keys().forEach(examples::add);
        kafka.put("schemaIdLocation", "payload").put("schemaIdPayloadEncoding", "confluent");
        message.putObject("payload")
                .put("schemaFormat", "application/vnd.apache.avro+json;version=1.9.0")
                .set("schema", schema(channel.contract()));
    }

    private static void refer(ObjectNode node, String to) {
        node.put("$ref", "#/" + to);
    }

    /** As the registry has it. */
    private static JsonNode schema(Schema contract) {
        try {
            return JSON.readTree(JavaProperties.removed(contract).toString());
        } catch (IOException e) {
            throw new IllegalStateException("Avro prints schemas as JSON", e);
        }
    }
}
