package dev.patronstream.benchmarks.speed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.patronstream.connector.row.ColumnValues;
import dev.patronstream.connector.row.ContractColumn;
import dev.patronstream.connector.row.ContractRow;
import dev.patronstream.connector.row.RowMapper;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.Phase;
import dev.patronstream.schemas.Source;
import dev.patronstream.schemas.feed.FeedSelection;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.layout.PatronFile;
import dev.patronstream.snapshotter.layout.PatronRow;
import dev.patronstream.snapshotter.layout.destiny.DestinyLayoutSettings;
import dev.patronstream.snapshotter.rules.Rule;
import dev.patronstream.snapshotter.rules.RuleAction;
import dev.patronstream.snapshotter.rules.Rules;
import dev.patronstream.streams.people.FeedEntries;
import dev.patronstream.streams.people.Patrons;
import dev.patronstream.streams.people.PrimaryOrder;
import dev.patronstream.streams.people.Stamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What is done to one row on its way, without input or output: the row of STU, its contract record, the patron, the
 * feed's entry, the row of the file. Each step works on what the one before has made. JMH makes it and calls it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MicroBenchmarks {

    private static final int PATRONS = 1_000;
    private static final int FIRST_ID = 99_400_000;
    private static final int BYTES_OF_FILE = PATRONS * 200;

    /** What the connector reads of STU where nothing further is asked for. */
    private static final List<String> COLUMNS = List.of(
            "SC", "SN", "ID", "LN", "FN", "MN", "GN", "GR", "TG", "SP", "CU", "TR", "SEM", "NID", "NS", "NG", "NT",
            "ED", "LD", "DEL");

    private static final Map<String, Integer> PLACES =
            IntStream.range(0, COLUMNS.size()).boxed().collect(Collectors.toMap(COLUMNS::get, Function.identity()));
    private static final Source SOURCE = Source.newBuilder()
            .setIncarnation("eagle-1")
            .setCommitLsn("00000027:00000758:0005")
            .setChangeLsn("00000027:00000758:0003")
            .setCommittedAt(Instant.parse("2026-11-23T12:00:00Z"))
            .setPhase(Phase.STREAM)
            .build();

    private final RowMapper mapper = new RowMapper(
            List.of(new TableColumns(
                    SourceTable.STU,
                    SourceTable.STU.columns().stream()
                            .filter(column -> column.group().isEmpty())
                            .collect(Collectors.toMap(Function.identity(), (ContractColumn column) -> column.names()
                                    .get(0))),
                    Optional.of(SourceTable.DELETED),
                    List.of(),
                    Map.of())),
            problem -> {
                throw new IllegalStateException("A row is not as it should be: " + problem);
            });
    private final @Nullable Object[] values = values(10, 1);

    private final Patrons patrons = new Patrons(school -> Optional.of("Eagle High School " + school));
    private final FeedSelection feed = new FeedSelection(
            "destiny",
            Set.of(10, 20),
            EnumSet.of(PatronStatus.ACTIVE),
            EnumSet.allOf(PatronKind.class),
            PatronRules.DEFAULT);
    private final FeedEntries feedEntries = new FeedEntries(feed);
    private final PrimaryOrder order = PrimaryOrder.ofFeed(feed);
    private final Stamp stamp = new Stamp(3, SOURCE.getIncarnation(), SOURCE.getCommitLsn(), SOURCE.getCommittedAt());
    private final List<Enrollment> enrollments = List.of(enrollment(10, 1), enrollment(20, 1));

    private final List<FeedEntry> entries = IntStream.rangeClosed(1, PATRONS)
            .mapToObj(student -> entry(List.of(enrollment(10, student))).orElseThrow())
            .toList();
    private final Layout layout = layoutWithAllRules();
    private final List<List<String>> fileRows = fileRows();

    private final Kept<Enrollment> enrollment = new Kept<>(enrollments.get(0));
    private final Kept<FeedEntry> entry = new Kept<>(entries.get(0));

    /** A record with the serdes of the stages, and with Avro's own parts, made once and used again for each record. */
    private static final class Kept<T extends SpecificRecord> {

        private static final String TOPIC = "eagle.micro";

        /** Bytes before the record: Confluent's wire format. */
        private static final int HEADER = 5;

        private final T record;
        private final Serializer<T> serializer;
        private final Deserializer<T> deserializer;
        private final byte[] bytes;

        private final DatumWriter<T> writer;
        private final DatumReader<T> reader;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        private final BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        private final BinaryDecoder decoder;

        @SuppressWarnings("unchecked") // The class of a T.
        Kept(T record) {
            Class<T> type = (Class<T>) record.getClass();
            SpecificData data = SpecificData.getForClass(type);
            this.record = record;
            this.writer = new SpecificDatumWriter<>(record.getSchema(), data);
            this.reader = new SpecificDatumReader<>(record.getSchema(), record.getSchema(), data);
            HttpServer registry = registry();
            try {
                AvroSerdes serdes = new AvroSerdes(Map.of(
                        "schema.registry.url",
                        "http://127.0.0.1:" + registry.getAddress().getPort()));
                this.serializer = serdes.serializer(type);
                this.deserializer = serdes.deserializer(type);
                // Both ask the registry once.
                this.bytes = written();
                this.decoder = DecoderFactory.get().binaryDecoder(bytes, null);
                read();
            } finally {
                registry.stop(0);
            }
        }

        /** A registry of the one schema that is asked for. */
        private static HttpServer registry() {
            ObjectMapper json = new ObjectMapper();
            AtomicReference<byte[]> known = new AtomicReference<>(new byte[0]);
            HttpServer server;
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.createContext("/", exchange -> {
                if (exchange.getRequestMethod().equals("POST")) {
                    ObjectNode posted = (ObjectNode) json.readTree(exchange.getRequestBody());
                    known.set(json.writeValueAsBytes(posted.put("id", 1)));
                }
                exchange.sendResponseHeaders(200, known.get().length);
                exchange.getResponseBody().write(known.get());
                exchange.close();
            });
            server.start();
            return server;
        }

        byte[] written() {
            return serializer.serialize(TOPIC, record);
        }

        byte[] writtenByAvro() throws IOException {
            out.reset();
            out.write(bytes, 0, HEADER);
            writer.write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        }

        T read() {
            return deserializer.deserialize(TOPIC, bytes);
        }

        @SuppressWarnings("NullAway") // Avro takes null where no record is to be used again.
        T readByAvro() throws IOException {
            return reader.read(null, DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, decoder));
        }
    }

    @Benchmark
    public ContractRow mapped() {
        return mapper.map(SourceTable.STU, ColumnValues.row(PLACES, values), false);
    }

    @Benchmark
    public byte[] enrollmentWritten() {
        return enrollment.written();
    }

    @Benchmark
    public byte[] enrollmentWrittenByAvro() throws IOException {
        return enrollment.writtenByAvro();
    }

    @Benchmark
    public Enrollment enrollmentRead() {
        return enrollment.read();
    }

    @Benchmark
    public Enrollment enrollmentReadByAvro() throws IOException {
        return enrollment.readByAvro();
    }

    /** As for each feed that chooses primary enrollments itself. */
    @Benchmark
    public Optional<FeedEntry> evaluated() {
        return entry(enrollments);
    }

    @Benchmark
    public byte[] entryWritten() {
        return entry.written();
    }

    @Benchmark
    public byte[] entryWrittenByAvro() throws IOException {
        return entry.writtenByAvro();
    }

    @Benchmark
    public FeedEntry entryRead() {
        return entry.read();
    }

    @Benchmark
    public FeedEntry entryReadByAvro() throws IOException {
        return entry.readByAvro();
    }

    /** From the entries of a feed to the bytes of its file. */
    @Benchmark
    @OperationsPerInvocation(PATRONS)
    public byte[] file() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES_OF_FILE);
        PatronCsv.csv(new PatronFile(layout, entries), List.of(out));
        return out.toByteArray();
    }

    /** From values that are known before to the same bytes. */
    @Benchmark
    @OperationsPerInvocation(PATRONS)
    public byte[] fileByFastCsv() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES_OF_FILE);
        try (Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
                CsvWriter csv =
                        CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text)) {
            fileRows.forEach(csv::writeRecord);
        }
        return out.toByteArray();
    }

    private Optional<FeedEntry> entry(List<Enrollment> rows) {
        return feedEntries.entry(patrons.student(rows, order, stamp), rows);
    }

    private Enrollment enrollment(int school, int student) {
        ContractRow row = mapper.map(SourceTable.STU, ColumnValues.row(PLACES, values(school, student)), false);
        return (Enrollment) row.live(SOURCE).orElseThrow();
    }

    /** A row as the driver hands it over; of every twentieth student with a letter that is not plain. */
    private static @Nullable Object[] values(int school, int student) {
        String login = "student" + student;
        return new @Nullable Object[] {
            school,
            student,
            FIRST_ID + student,
            student % 20 == 0 ? "Muñoz" : "Garcia" + student,
            "Maria",
            "Isabel",
            "F",
            (short) 9,
            "",
            "",
            12,
            "",
            login + "@eagle.example",
            login,
            school,
            (short) 10,
            "",
            LocalDateTime.of(2026, 8, 20, 0, 0),
            null,
            false
        };
    }

    /** Destiny's usual columns, with the rules that are usually off, too. */
    private static Layout layoutWithAllRules() {
        DestinyLayoutSettings usual = DestinyLayoutSettings.usual(Map.of(10, "EHS", 20, "EMS"), 2026);
        Rules all = new Rules(Arrays.stream(Rule.values())
                .filter(Rules.USUAL::isOff)
                .collect(Collectors.toMap(Function.identity(), rule -> RuleAction.WARN)));
        return new DestinyLayoutSettings(
                        usual.context(),
                        usual.identifiers(),
                        usual.people(),
                        usual.form(),
                        usual.omit(),
                        usual.columns(),
                        all)
                .layout();
    }

    private List<List<String>> fileRows() {
        List<List<String>> rows = new ArrayList<>(List.of(layout.headers()));
        for (PatronRow row : new PatronFile(layout, entries)) {
            rows.add(row.values());
        }
        return rows;
    }
}
