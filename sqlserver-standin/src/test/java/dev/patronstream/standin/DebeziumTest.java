package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.debezium.embedded.Connect;
import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The unmodified connector: validation, snapshot, streaming, restart, in both of its query modes. */
class DebeziumTest extends StandInTest {
    @Override
    StandInSettings settings(StandInSettings defaults) {
        return defaults.withCaptureInterval(Duration.ofMillis(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"function", "direct"})
    void goesFromValidationThroughSnapshotAndStreamingToARestart(String mode) throws Exception {
        execute("""
                ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON
                CREATE TABLE dbo.STU (SC int NOT NULL, SN int NOT NULL, ID int NOT NULL, LN varchar(30), TG char(1),
                  BD datetime, DEL bit, CONSTRAINT PK_STU PRIMARY KEY CLUSTERED (SC, SN))
                INSERT INTO STU VALUES (10, 1, 99400001, N'Nguyễn', ' ', '2012-02-29', 0)
                EXEC sys.sp_cdc_enable_db
                EXEC sys.sp_cdc_enable_table @source_schema = N'dbo', @source_name = N'STU', @role_name = NULL
                """);
        try (Engine engine = new Engine(mode)) {
            assertEquals("r 10/1 null->99400001 Nguyễn", engine.next());
            execute("INSERT INTO STU (SC, SN, ID, LN) VALUES (10, 2, 99400002, 'O''Brien')");
            assertEquals("c 10/2 null->99400002 O'Brien", engine.next());
            execute("UPDATE STU SET LN = 'Smith' WHERE SN = 2");
            assertEquals("u 10/2 99400002 O'Brien->99400002 Smith", engine.next());
            execute("UPDATE STU SET SC = 20 WHERE SN = 2");
            assertEquals("d 10/2 99400002 Smith->null", engine.next());
            assertEquals("tombstone 10/2", engine.next());
            assertEquals("c 20/2 null->99400002 Smith", engine.next());
            execute("DELETE FROM STU WHERE SN = 2");
            assertEquals("d 20/2 99400002 Smith->null", engine.next());
            assertEquals("tombstone 20/2", engine.next());
        }
        execute("INSERT INTO STU (SC, SN, ID, LN) VALUES (30, 1, 99400003, 'Łucja')");
        try (Engine engine = new Engine(mode)) {
            assertEquals("c 30/1 null->99400003 Łucja", engine.next());
        }
    }

    /** The engine with offsets and schema history in files. */
    private final class Engine implements AutoCloseable {
        private final LinkedBlockingQueue<SourceRecord> records = new LinkedBlockingQueue<>();
        private final AtomicReference<String> failure = new AtomicReference<>();
        private final ExecutorService executor = Executors.newSingleThreadExecutor();
        private final DebeziumEngine<ChangeEvent<SourceRecord, SourceRecord>> engine;

        Engine(String mode) {
            Path files = directory.resolve("debezium");
            files.toFile().mkdirs();
            Properties p = new Properties();
            p.setProperty("name", "test");
            p.setProperty("connector.class", "io.debezium.connector.sqlserver.SqlServerConnector");
            p.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
            p.setProperty(
                    "offset.storage.file.filename", files.resolve("offsets").toString());
            p.setProperty("offset.flush.interval.ms", "0");
            p.setProperty("schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory");
            p.setProperty(
                    "schema.history.internal.file.filename",
                    files.resolve("history").toString());
            p.setProperty("topic.prefix", "eagle");
            p.setProperty("database.hostname", "127.0.0.1");
            p.setProperty("database.port", Integer.toString(standIn.port()));
            p.setProperty("database.user", standIn.user());
            p.setProperty("database.password", standIn.password());
            p.setProperty("database.names", standIn.database());
            p.setProperty("driver.encrypt", "false");
            p.setProperty("table.include.list", "dbo.STU");
            p.setProperty("snapshot.isolation.mode", "snapshot");
            p.setProperty("data.query.mode", mode);
            p.setProperty("poll.interval.ms", "50");
            engine = DebeziumEngine.create(Connect.class)
                    .using(p)
                    .using((success, message, error) -> {
                        if (!success) {
                            failure.set(message + " " + error);
                            if (error != null) error.printStackTrace();
                        }
                    })
                    .notifying((batch, committer) -> {
                        for (ChangeEvent<SourceRecord, SourceRecord> event : batch) {
                            records.add(event.value());
                            committer.markProcessed(event);
                        }
                        committer.markBatchFinished();
                    })
                    .build();
            executor.execute(engine);
        }

        String next() throws Exception {
            while (true) {
                SourceRecord record = records.poll(30, TimeUnit.SECONDS);
                if (record == null) {
                    throw new AssertionError("No record within 30 s; engine: " + failure.get());
                }
                if (record.topic().equals("eagle")) {
                    continue;
                }
                Struct key = (Struct) record.key();
                String keyText = key.get("SC") + "/" + key.get("SN");
                if (record.value() == null) {
                    return "tombstone " + keyText;
                }
                Struct value = (Struct) record.value();
                String before = row(value.getStruct("before"));
                return value.getString("op") + " " + keyText + " " + before + "->" + row(value.getStruct("after"));
            }
        }

        private String row(Struct row) {
            return row == null ? "null" : row.get("ID") + " " + row.get("LN");
        }

        @Override
        public void close() throws Exception {
            engine.close();
            executor.shutdown();
            executor.awaitTermination(20, TimeUnit.SECONDS);
        }
    }
}
