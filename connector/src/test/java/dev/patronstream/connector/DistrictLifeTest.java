package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.district.DistrictSql;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeSettings;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.RecordHeaders;
import dev.patronstream.standin.SourceHistory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A generated district with all its mess, under load: the topics against the stand-in's own history. */
@ExtendWith(KafkaExtension.class)
class DistrictLifeTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 10, 1);

    @TempDir
    Path directory;

    /** The fields of a row as text; null for a row that is not there. */
    record State(@Nullable Map<String, String> fields) {}

    @Test
    void everyTopicHoldsJustWhatWasCommittedInItsOrder(TestKafka kafka) throws Exception {
        try (TestDistrict district = new TestDistrict(
                directory, kafka, "life", settings -> settings.withCaptureInterval(Duration.ofMillis(500)))) {
            for (String batch : DistrictSql.createTables()) {
                district.sql(batch);
            }
            new District(new DistrictSettings(7, 400, 2026, TODAY)).load(district.server()::bulkLoad);
            for (String batch : DistrictSql.enableCapture(district.server().database(), false)) {
                district.sql(batch);
            }
            ConnectorSettings settings = district.settings();
            assertEquals(
                    new CapturedColumns(Set.of(), Map.of()), settings.capture().columns());
            try (Life life = Life.start(LifeSettings.usual(7, 150, TODAY), district::connect, event -> {})) {
                for (int i = 0; i < 3; i++) {
                    try (Connector connector = district.connector()) {
                        TestDistrict.awaitStreaming(connector);
                        long before = connector.status().counters().sourceTransactions();
                        TestDistrict.await(
                                connector, status -> status.counters().sourceTransactions() > before + 150);
                        assertEquals(0, connector.status().counters().problems());
                    }
                }
                life.close();
                assertTrue(life.failure().isEmpty(), () -> life.failure().toString());
            }
            String last = district.server().history().maxLsn().orElseThrow();
            try (Connector connector = district.connector()) {
                TestDistrict.await(connector, status -> status.watermark()
                        .filter(watermark -> watermark.text().compareTo(last) >= 0)
                        .isPresent());
            }
            compare(district);
        }
    }

    private static void compare(TestDistrict district) {
        SourceHistory history = district.server().history();
        List<Progress> epochs = district.epochs();
        String first = epochs.get(0).getWatermark();
        for (SourceTable table : district.settings().capture().columns().tables()) {
            Map<String, List<State>> expected = new TreeMap<>();
            history.tableAsOf(table.name(), first).forEach(row -> {
                State state = expected(table, row);
                if (state.fields() != null) {
                    expected.computeIfAbsent(key(table, row), key -> new ArrayList<>())
                            .add(state);
                }
            });
            history.transactionsAfter(first).forEach(transaction -> {
                Map<String, State> touched = new LinkedHashMap<>();
                transaction.changes().stream()
                        .filter(change -> change.table().equals("dbo." + table))
                        .forEach(change -> touched.put(
                                key(table, change.key()),
                                change.operation() == SourceHistory.Operation.DELETE
                                        ? new State(null)
                                        : expected(table, change.after())));
                touched.forEach((key, state) ->
                        expected.computeIfAbsent(key, k -> new ArrayList<>()).add(state));
            });
            assertEquals(expected, new TreeMap<>(published(district, table)), table.name());
        }
    }

    /** By row: its state after the first epoch, then after each commit that touched it. */
    private static Map<String, List<State>> published(TestDistrict district, SourceTable table) {
        var rows = district.serdes().deserializer(table.contract());
        Map<String, Map<String, State>> commits = new LinkedHashMap<>();
        try (CommittedTopics reader = new CommittedTopics(district.kafkaProperties())) {
            reader.read(table.topic(district.topics()), RecordForm.ANY, committed -> {
                boolean snapshot = "1".equals(header(committed, RecordHeaders.EPOCH));
                String commit = snapshot ? "" : header(committed, RecordHeaders.LSN);
                State state = committed.isDeletion()
                        ? new State(null)
                        : published(
                                table,
                                rows.deserialize(
                                        committed.topic(), committed.value().orElseThrow()));
                Map<String, State> states = commits.computeIfAbsent(committed.key(), key -> new LinkedHashMap<>());
                assertTrue(snapshot || !states.containsKey(commit), () -> "twice: " + committed.key() + " " + commit);
                states.put(commit, state);
            });
        }
        Map<String, List<State>> published = new LinkedHashMap<>();
        commits.forEach((key, states) -> {
            List<State> list = new ArrayList<>(states.values());
            if (states.containsKey("") && list.get(0).fields() == null) {
                list.remove(0);
            }
            if (!list.isEmpty()) {
                published.put(key, list);
            }
        });
        return published;
    }

    private static String header(dev.patronstream.schemas.topic.TopicRecord<byte[]> committed, String name) {
        return new String(committed.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static Map<ContractColumn, String> columns(SourceTable table) {
        Set<String> captured = Set.copyOf(dev.patronstream.sandbox.district.AeriesTable.valueOf(table.name())
                .capturedColumns(false));
        return table.columns().stream()
                .filter(column -> column.group().isEmpty())
                .collect(Collectors.toMap(column -> column, column -> column.names().stream()
                        .filter(captured::contains)
                        .findFirst()
                        .orElse("")));
    }

    static State published(SourceTable table, SpecificRecordBase row) {
        Map<String, String> fields = new TreeMap<>();
        columns(table).forEach((column, name) -> put(fields, column.field(), row.get(column.field())));
        return new State(fields);
    }

    static State expected(SourceTable table, Map<String, @Nullable Object> row) {
        if (Boolean.TRUE.equals(row.get("DEL"))) {
            return new State(null);
        }
        Map<String, String> fields = new TreeMap<>();
        columns(table).forEach((column, name) -> put(fields, column.field(), row.get(name)));
        return new State(fields);
    }

    private static void put(Map<String, String> fields, String field, @Nullable Object value) {
        String text = value instanceof LocalDateTime time
                ? time.toLocalDate().toString()
                : value == null ? "" : value.toString().stripTrailing();
        if (!text.isBlank()) {
            fields.put(field, text);
        }
    }

    static String key(SourceTable table, Map<String, @Nullable Object> row) {
        return table == SourceTable.STU
                ? row.get("SC") + "/" + row.get("SN")
                : String.valueOf(row.get(table == SourceTable.LOC ? "CD" : "ID"));
    }
}
