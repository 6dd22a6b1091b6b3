package dev.patronstream.snapshotter.delivery;

import dev.patronstream.schemas.AvroSerdes;
import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.Topics;
import dev.patronstream.snapshotter.cut.PersonNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes the receipts of one feed, and with them, in the same transaction, what the vendor holds.
 *
 * <p>Opening a ledger takes the feed over: a snapshotter that had it open before can write nothing any more. For one
 * attempt and one thread.
 */
public final class DeliveryLedger implements AutoCloseable {

    private static final int TRANSACTION_TIMEOUT_MILLIS = 120_000;

    private final Topics topics;
    private final String feed;
    private final AvroSerdes serdes;
    private final Producer<String, byte[]> producer;

    /**
     * Takes the feed over.
     *
     * @param kafka properties that every Kafka client gets
     * @throws KafkaException if the cluster cannot be reached
     */
    public DeliveryLedger(Topics topics, String feed, Map<String, Object> kafka, AvroSerdes serdes) {
        this.topics = topics;
        this.feed = feed;
        this.serdes = serdes;
        Map<String, Object> configuration = new TreeMap<>(kafka);
        configuration.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.snapshotterTransactionalId(feed));
        configuration.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        configuration.put(ProducerConfig.ACKS_CONFIG, "all");
        configuration.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        configuration.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        producer = new KafkaProducer<>(configuration, new StringSerializer(), new ByteArraySerializer());
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    /** Another snapshotter has taken the feed over since; the attempt must end without touching anything further. */
    public static final class TakenOverException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        TakenOverException(String feed, Throwable cause) {
            super(
                    "Another snapshotter has begun to deliver the feed '" + feed
                            + "', so this attempt stopped. Run one of them only",
                    cause);
        }
    }

    /** Writes receipts, and nothing about rows. */
    public void write(Delivery... written) {
        inTransaction(() -> {
            for (Delivery receipt : written) {
                send(receipt);
            }
        });
    }

    /**
     * Writes the receipt of a file that the vendor holds, with the differences between what it held and what it holds.
     *
     * @param overtaken receipts that end with this one
     * @param rows what the vendor holds of each person by {@link ArchivedRows}
     * @param held what the vendor held
     * @param at when the vendor got the file
     * @throws UncheckedIOException if the rows cannot be read; nothing is written then
     */
    public void writeDelivered(
            Delivery receipt, List<Delivery> overtaken, ArchivedRows.Source rows, DeliveredTable held, Instant at) {
        Serializer<DeliveredRow> serializer = serdes.serializer(DeliveredRow.class);
        String topic = topics.delivered(feed);
        inTransaction(() -> {
            try {
                rows.giveTo((key, row) -> {
                    Optional<HeldPatrons.Held> before = held.of(PersonNumber.ofKey(key));
                    if (row.map(RowFingerprint::of).equals(before.map(HeldPatrons.Held::row))) {
                        return;
                    }
                    Optional<DeliveredRow> stamped = row.map(value -> stamped(value, receipt, at));
                    send(new ProducerRecord<>(
                            topic,
                            0,
                            key,
                            stamped.map(value -> serializer.serialize(topic, value))
                                    .orElse(null)));
                });
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            overtaken.forEach(this::send);
            send(receipt);
        });
    }

    private static DeliveredRow stamped(DeliveredRow row, Delivery receipt, Instant at) {
        return row.getDeliveryId().isEmpty()
                ? DeliveredRow.newBuilder(row)
                        .setDeliveryId(receipt.getId())
                        .setDeliveredAt(at)
                        .build()
                : row;
    }

    @Override
    public void close() {
        producer.close();
    }

    private void send(Delivery receipt) {
        String topic = topics.deliveries();
        byte[] value = serdes.serializer(Delivery.class).serialize(topic, receipt);
        send(new ProducerRecord<>(topic, 0, receipt.getId(), value));
    }

    /** A record that could not be sent fails the commit. */
    private void send(ProducerRecord<String, byte[]> record) {
        var unused = producer.send(record);
    }

    private void inTransaction(Runnable writes) {
        try {
            producer.beginTransaction();
            try {
                writes.run();
                producer.flush();
            } catch (RuntimeException e) {
                abort(e);
                throw e;
            }
            commit();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new TakenOverException(feed, e);
        } catch (KafkaException e) {
            if (e.getCause() instanceof ProducerFencedException
                    || e.getCause() instanceof InvalidProducerEpochException) {
                throw new TakenOverException(feed, e);
            }
            throw e;
        }
    }

    /** A commit without an answer may have happened: asking again is safe, aborting would not be. */
    private void commit() {
        try {
            producer.commitTransaction();
        } catch (TimeoutException unknown) {
            producer.commitTransaction();
        }
    }

    private void abort(RuntimeException cause) {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }
}
