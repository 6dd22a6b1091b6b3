package dev.patronstream.sandbox.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a power failure can do to the log of a broker that is stopped: the last transaction of a topic has never been. */
public final class LostTail {

    /** Places in a batch of records, by Kafka's documented format. */
    private static final int LENGTH_AT = 8;

    private static final int ATTRIBUTES_AT = 21;
    private static final int CONTROL = 0x20;

    private LostTail() {}

    /**
     * Cuts the last transaction off every partition of a topic, and deletes what a crash does not leave either.
     *
     * @return how many bytes are gone
     */
    public static long cut(Path kafka, String topic) {
        return lose(kafka, topic)
                .orElseThrow(() ->
                        new IllegalStateException("Topic " + topic + " has no transaction to lose under " + kafka))
                .bytes();
    }

    /**
     * What is gone.
     *
     * @param offset the first offset that is gone, of the partition that lost something last
     */
    public record Loss(long bytes, long offset) {}

    /** As {@link #cut}; empty when there is nothing to lose. */
    public static Optional<Loss> lose(Path kafka, String topic) {
        long bytes = 0;
        long offset = 0;
        try {
            for (Path folder : folders(kafka, topic)) {
                Loss loss = lose(folder);
                bytes += loss.bytes();
                offset = loss.bytes() > 0 ? loss.offset() : offset;
                delete(folder.getParent(), ".kafka_cleanshutdown", "checkpoint");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes == 0 ? Optional.empty() : Optional.of(new Loss(bytes, offset));
    }

    private static List<Path> folders(Path kafka, String topic) throws IOException {
        try (Stream<Path> all = Files.walk(kafka, 4)) {
            return all.filter(path -> path.getFileName().toString().matches("\\Q" + topic + "\\E-[0-9]+"))
                    .toList();
        }
    }

    private static Loss lose(Path folder) throws IOException {
        Path segment;
        try (Stream<Path> files = Files.list(folder)) {
            segment = files.filter(file -> file.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
        long size = Files.size(segment);
        ByteBuffer log = ByteBuffer.wrap(Files.readAllBytes(segment));
        int keep = lastTransaction(log);
        long offset = keep < size ? log.getLong(keep) : 0;
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(keep);
        }
        delete(folder, "index", ".snapshot", "checkpoint");
        return new Loss(size - keep, offset);
    }

    /** Where the last transaction begins: after the marker before the last one; without any, the last batch. */
    private static int lastTransaction(ByteBuffer log) {
        List<Integer> ends = new ArrayList<>(List.of(0));
        int at = 0;
        int batch = 0;
        while (at + ATTRIBUTES_AT < log.limit() && log.getInt(at + LENGTH_AT) > 0) {
            batch = at;
            boolean isMarker = (log.getShort(at + ATTRIBUTES_AT) & CONTROL) != 0;
            at += LENGTH_AT + Integer.BYTES + log.getInt(at + LENGTH_AT);
            if (isMarker) {
                ends.add(at);
            }
        }
        int last = ends.size() - 1;
        return last == 0 ? batch : ends.get(ends.get(last) == at ? last - 1 : last);
    }

    private static void delete(Path folder, String... endings) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Stream.of(endings).anyMatch(file.toString()::endsWith)) {
                    Files.delete(file);
                }
            }
        }
    }
}
