package dev.patronstream.streams.epochs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A state of the topology in a text file: the topics it has read, what it has written, the content of its stores, its
 * positions, and the schemas of all of it. A line each, fields parted by tabs, bytes in hex. The identity of a topic in
 * the ledger is its name here.
 */
@SuppressWarnings("ArrayRecordComponent") // Lines of a file: read and written, never compared.
public final class KeptState {

    /** A record of a contract topic or of the progress topic. */
    public record Input(String topic, long offset, String key, byte @Nullable [] value) {}

    /** A record of an output. */
    public record Output(String topic, String key, byte @Nullable [] value, long epoch) {}

    /** An entry of a state store, and so a record of its changelog. */
    public record Entry(String store, byte[] key, byte[] value) {}

    private static final HexFormat HEX = HexFormat.of();
    private static final String TOMBSTONE = "-";

    /** Schemas by id, from 1 on. */
    public final List<String> schemas = new ArrayList<>();

    public final List<Input> inputs = new ArrayList<>();
    public final List<Output> outputs = new ArrayList<>();
    public final List<Entry> entries = new ArrayList<>();
    public final Map<String, Long> positions = new TreeMap<>();

    /** Reads a kept state of the test resources. */
    public static KeptState read(String resource) {
        KeptState kept = new KeptState();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(KeptState.class.getResourceAsStream(resource), resource),
                StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(kept::take);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return kept;
    }

    /** Returns the lines of the file. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        schemas.forEach(schema -> lines.add(line("schema", schema)));
        inputs.forEach(input ->
                lines.add(line("input", input.topic, Long.toString(input.offset), input.key, hex(input.value))));
        outputs.forEach(output ->
                lines.add(line("output", output.topic, output.key, hex(output.value), Long.toString(output.epoch))));
        entries.stream()
                .map(entry -> line("entry", entry.store, hex(entry.key), hex(entry.value)))
                .sorted(Comparator.naturalOrder())
                .forEach(lines::add);
        positions.forEach((topic, offset) -> lines.add(line("position", topic, Long.toString(offset))));
        return lines;
    }

    private void take(String line) {
        String[] parts = line.split("\t", -1);
        switch (parts[0]) {
            case "schema" -> schemas.add(parts[1]);
            case "input" -> inputs.add(new Input(parts[1], Long.parseLong(parts[2]), parts[3], bytes(parts[4])));
            case "output" -> outputs.add(new Output(parts[1], parts[2], bytes(parts[3]), Long.parseLong(parts[4])));
            case "entry" -> entries.add(new Entry(parts[1], HEX.parseHex(parts[2]), HEX.parseHex(parts[3])));
            case "position" -> positions.put(parts[1], Long.parseLong(parts[2]));
            default -> throw new IllegalArgumentException("Not a line of a kept state: " + parts[0]);
        }
    }

    private static String line(String... parts) {
        return String.join("\t", parts);
    }

    private static String hex(byte @Nullable [] bytes) {
        return bytes == null ? TOMBSTONE : HEX.formatHex(bytes);
    }

    private static byte @Nullable [] bytes(String hex) {
        return hex.equals(TOMBSTONE) ? null : HEX.parseHex(hex);
    }
}
