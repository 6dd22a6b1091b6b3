package dev.patronstream.embedded.registry;

import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compacted topic that is the registry's only memory, with one writer: opening it fences every earlier writer, and
 * a write is one Kafka transaction.
 *
 * <p>Not thread-safe.
 */
final class SchemaTopic implements AutoCloseable {

    static final String NAME = "_schemas";
    private static final Logger LOGGER = LoggerFactory.getLogger(SchemaTopic.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Map<String, Object> clientSettings;
    private @Nullable KafkaProducer<String, String> producer;

    SchemaTopic(Map<String, Object> clientSettings) {
        this.clientSettings = Map.copyOf(clientSettings);
    }

    /**
     * Becomes the writer and reads everything that is there.
     *
     * @throws KafkaException if Kafka cannot be reached
     */
    void open(Consumer<StoredRecord> reader) {
        closeProducer();
        create();
        producer = new KafkaProducer<>(writerSettings(), new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        readAll(reader);
    }

    /** Writes a record; returns when it is committed. On failure the topic has to be opened again. */
    void append(StoredRecord record) {
        KafkaProducer<String, String> writer = producer;
        if (writer == null) {
            throw new IllegalStateException("The schemas topic is not open");
        }
        try {
            writer.beginTransaction();
            // A send that fails makes the commit fail.
            var unused = writer.send(new ProducerRecord<>(NAME, 0, record.key(), record.value()));
            writer.commitTransaction();
        } catch (RuntimeException e) {
            // Whether the commit took place is not known: only reading the topic again can tell.
            closeProducer();
            throw e;
        }
    }

    boolean isOpen() {
        return producer != null;
    }

    @Override
    public void close() {
        closeProducer();
    }

    private void closeProducer() {
        if (producer != null) {
            producer.close(Duration.ZERO);
            producer = null;
        }
    }

    private Map<String, Object> writerSettings() {
        Map<String, Object> settings = new HashMap<>(clientSettings);
        settings.put("transactional.id", "patronstream-registry");
        settings.put("max.block.ms", PATIENCE.toMillis());
        settings.put("delivery.timeout.ms", (int) PATIENCE.toMillis());
        settings.put("request.timeout.ms", 10_000);
        settings.put("linger.ms", 0);
        return settings;
    }

    private void create() {
        NewTopic topic =
                new NewTopic(NAME, Optional.of(1), Optional.empty()).configs(Map.of("cleanup.policy", "compact"));
        try (Admin admin = Admin.create(clientSettings)) {
            admin.createTopics(List.of(topic)).all().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("The topic " + NAME + " cannot be made; is Kafka reachable?", e.getCause());
            }
        } catch (TimeoutException e) {
            throw new KafkaException("The topic " + NAME + " cannot be made: Kafka does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted while making the topic " + NAME, e);
        }
    }

    private void readAll(Consumer<StoredRecord> reader) {
        RecordForm<String> form = RecordForm.of(new StringDeserializer());
        try (CommittedTopics topics = new CommittedTopics(clientSettings, PATIENCE)) {
            topics.read(NAME, form, record -> {
                try {
                    reader.accept(StoredRecord.read(record.key(), record.value().orElse(null)));
                } catch (IllegalArgumentException | RegistryException e) {
                    LOGGER.atWarn()
                            .addKeyValue("topic", NAME)
                            .addKeyValue("offset", record.offset())
                            .addKeyValue("reason", e.getMessage())
                            .log("A record that no registry wrote is passed over. Find out what writes to the topic");
                }
            });
        }
    }
}
