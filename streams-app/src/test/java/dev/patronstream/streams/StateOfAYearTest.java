package dev.patronstream.streams;

import static dev.patronstream.streams.epochs.Rows.enrollment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.schemas.topic.CommittedConsumer;
import dev.patronstream.streams.epochs.Stores;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A year of school life, of which the state keeps who is there, and nothing of who was. */
@Tag("faults")
final class StateOfAYearTest {

    private static final int STUDENTS = 300;
    private static final int DAYS = 365;
    private static final int DAYS_OF_A_MONTH = 30;
    private static final int CHANGES_OF_A_DAY = 12;
    private static final int CHANGES_OF_AN_EPOCH = 4;

    @TempDir
    private Path folder;

    private record Size(long files, long bytes, long keys) {}

    @Test
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void theStateOfAYearIsAsLargeAsThatOfAMonth() throws IOException {
        try (BrokerDistrict.Cluster cluster = new BrokerDistrict.Cluster(folder);
                BrokerDistrict district = cluster.district(folder)) {
            district.feeds(RebuildTest.DESTINY);
            for (int student = 0; student < STUDENTS; student++) {
                district.connector.put(enrollment(10, student, student));
            }
            Size afterAMonth = null;
            Size last = null;
            int day = 0;
            // The machine is started again once a month.
            while (day < DAYS) {
                try (StreamsApp app = district.start()) {
                    long epoch = 0;
                    for (int end = Math.min(DAYS, day + DAYS_OF_A_MONTH); day < end; day++) {
                        epoch = oneDay(district, day);
                    }
                    district.awaitApplied(app, epoch);
                    assertEquals(STUDENTS, app.status().patrons());
                }
                last = size(cluster, district);
                afterAMonth = afterAMonth == null ? last : afterAMonth;
            }
            System.out.println("MEASURED after a month " + afterAMonth + ", after a year " + last);
            assertTrue(last.keys() <= afterAMonth.keys() + 2, last + " after " + afterAMonth);
            // RocksDB merges the files of a store when there are four of a level.
            long more = 10L * Stores.NAMES.size();
            assertTrue(last.files() <= afterAMonth.files() + more, last + " after " + afterAMonth);
            assertTrue(last.bytes() <= 2 * afterAMonth.bytes(), last + " after " + afterAMonth);
        }
    }

    /** One newcomer, one leaver, and twelve who change, in three epochs. */
    private static long oneDay(BrokerDistrict district, int day) {
        district.connector.put(enrollment(10, STUDENTS + day, STUDENTS + day));
        district.connector.removeEnrollment(10, day);
        long epoch = 0;
        for (int change = 1; change <= CHANGES_OF_A_DAY; change++) {
            int student = day + change;
            district.connector.put(enrollment(10, student, student).setFirstName("Bo" + day));
            if (change % CHANGES_OF_AN_EPOCH == 0) {
                epoch = district.connector.endEpoch();
            }
        }
        return epoch;
    }

    private static Size size(BrokerDistrict.Cluster cluster, BrokerDistrict district) throws IOException {
        long keys = 0;
        for (String store : Stores.NAMES) {
            keys += keys(cluster, district.topics.streamsApplicationId() + "-" + store + "-changelog");
        }
        try (Stream<Path> tree = Files.walk(district.stateDirectory())) {
            List<Path> files = tree.filter(Files::isRegularFile).toList();
            return new Size(
                    files.size(),
                    files.stream().mapToLong(file -> file.toFile().length()).sum(),
                    keys);
        }
    }

    /** What compaction leaves of a topic. */
    private static long keys(BrokerDistrict.Cluster cluster, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        Set<ByteBuffer> keys = new HashSet<>();
        try (CommittedConsumer<byte[], byte[]> consumer = new CommittedConsumer<>(
                Map.of("bootstrap.servers", cluster.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    ByteBuffer key = ByteBuffer.wrap(record.key());
                    if (record.value() == null) {
                        keys.remove(key);
                    } else {
                        keys.add(key);
                    }
                });
            }
        }
        return keys.size();
    }
}
