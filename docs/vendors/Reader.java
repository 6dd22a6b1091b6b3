import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Keeps a table equal to a feed: java -cp 'lib/*' Reader.java client.properties eagle.feed.destiny
 *
 * <p>In lib: org.apache.kafka:kafka-clients and org.apache.avro:avro, with what they need.
 */
public final class Reader {

    private final Map<String, GenericRecord> table = new HashMap<>();
    private final Map<Integer, Schema> schemas = new HashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final String registry;

    private Reader(String registry) {
        this.registry = registry;
    }

    public static void main(String[] arguments) throws Exception {
        Properties client = new Properties();
        try (var file = Files.newBufferedReader(Path.of(arguments[0]))) {
            client.load(file);
        }
        client.put("enable.auto.commit", "false"); // the table is in memory: every start reads from the beginning
        List<TopicPartition> feed = List.of(new TopicPartition(arguments[1], 0));
        Reader reader = new Reader(client.getProperty("schema.registry.url"));
        try (var consumer =
                new KafkaConsumer<String, byte[]>(client, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(feed);
            consumer.seekToBeginning(feed);
            while (true) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    reader.apply(record);
                }
            }
        }
    }

    private void apply(ConsumerRecord<String, byte[]> record) throws Exception {
        if (record.value() == null) {
            table.remove(record.key());
        } else {
            table.put(record.key(), decode(record.value()));
        }
        System.out.println(record.key() + " " + table.get(record.key()));
    }

    /** A zero, the number of the schema in four bytes, Avro. */
    private GenericRecord decode(byte[] value) throws Exception {
        ByteBuffer head = ByteBuffer.wrap(value, 1, 4);
        int id = head.getInt();
        if (!schemas.containsKey(id)) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create(registry + "/schemas/ids/" + id)).build(),
                    BodyHandlers.ofString());
            schemas.put(id, new Schema.Parser().parse(new ObjectMapper().readTree(answer.body()).get("schema").asText()));
        }
        return new GenericDatumReader<GenericRecord>(schemas.get(id))
                .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
    }
}
