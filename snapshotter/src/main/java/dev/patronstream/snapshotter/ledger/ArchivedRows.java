package dev.patronstream.snapshotter.ledger;

import dev.patronstream.schemas.DeliveredRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;

/**
 * The file beside an archived CSV that says what the vendor holds once it has that CSV: by person the row, or that
 * nothing is to be remembered any more. With it a delivery can be made later, by another process, from the archive alone.
 *
 * <p>An Avro container file. Stateless.
 */
public final class ArchivedRows {

    public static final String FILE = "rows.avro";

    private static final String KEY = "key";
    private static final String ROW = "row";
    private static final Schema SCHEMA = SchemaBuilder.record("ArchivedRow")
            .namespace("dev.patronstream.snapshotter")
            .fields()
            .requiredString(KEY)
            .name(ROW)
            .type(Schema.createUnion(Schema.create(Schema.Type.NULL), DeliveredRow.getClassSchema()))
            .withDefault(null)
            .endRecord();

    private ArchivedRows() {}

    /** Takes what the vendor will hold of one person. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Takes one person: the row, whose delivery is empty text where it is this one; nothing to forget the person.
         */
        void take(String key, Optional<DeliveredRow> row) throws IOException;
    }

    /** Gives out what the vendor will hold: every person once. */
    @FunctionalInterface
    public interface Source {
        void giveTo(Sink sink) throws IOException;
    }

    /** Writes the file to a stream that stays open. */
    public static void write(OutputStream out, Source source) throws IOException {
        DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new SpecificDatumWriter<>(SCHEMA));
        writer.setCodec(CodecFactory.deflateCodec(1));
        writer.setEncoder(block -> EncoderFactory.get().binaryEncoder(block, null));
        writer.create(SCHEMA, out);
        source.giveTo((key, row) -> {
            GenericRecord record = new GenericData.Record(SCHEMA);
            record.put(KEY, key);
            record.put(ROW, row.orElse(null));
            writer.append(record);
        });
        // Closing it would close the stream, which its owner has yet to bring to the disk.
        writer.flush();
    }

    public static void read(Path file, Sink sink) throws IOException {
        try (DataFileReader<GenericRecord> reader =
                new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(SCHEMA))) {
            for (GenericRecord record : reader) {
                sink.take(String.valueOf(record.get(KEY)), Optional.ofNullable((DeliveredRow) record.get(ROW)));
            }
        }
    }
}
