package dev.patronstream.snapshotter.notice;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.patronstream.snapshotter.file.FileFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the alerts that were sent in a file, so that a restart repeats and forgets none. When the file is lost, the
 * conditions that still hold are reported once more. Not thread-safe.
 */
final class NoticeMemory {

    private static final Logger LOGGER = LoggerFactory.getLogger(NoticeMemory.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Kept>> LIST = new TypeReference<>() {};

    private final Path file;

    NoticeMemory(Path file) {
        this.file = file;
    }

    private record Kept(
            String district,
            String feed,
            String occasion,
            String at,
            String text,
            String delivery,
            @Nullable String condition,
            List<String> sentTo) {}

    List<Entry> read() {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return JSON.readValue(file.toFile(), LIST).stream()
                    .map(NoticeMemory::entry)
                    .toList();
        } catch (IOException | RuntimeException e) {
            LOGGER.atWarn()
                    .addKeyValue("file", file)
                    .setCause(e)
                    .log("The alerts that were sent cannot be read; conditions that still hold are reported once more");
            return List.of();
        }
    }

    /** Writes also in a thread that was interrupted: an alert that went out must not go out again. */
    void write(List<Entry> entries) throws IOException {
        byte[] json = JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(entries.stream().map(NoticeMemory::kept).toList());
        FileFolder folder = new FileFolder(file.toAbsolutePath().getParent());
        boolean interrupted = Thread.interrupted();
        try {
            folder.write(file.getFileName().toString(), out -> out.write(json));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * A notice, what distinguishes it from the next one of the same occasion, and the names of the channels that took
     * it.
     */
    record Entry(Notice notice, String condition, Set<String> sentTo) {
        Entry {
            sentTo = Set.copyOf(sentTo);
        }
    }

    private static Kept kept(Entry entry) {
        Notice notice = entry.notice();
        return new Kept(
                notice.district(),
                notice.subject().orElse(""),
                notice.occasion().name(),
                notice.at().toString(),
                notice.text(),
                notice.delivery().orElse(""),
                entry.condition(),
                entry.sentTo().stream().sorted().toList());
    }

    private static Entry entry(Kept kept) {
        return new Entry(
                new Notice(
                        kept.district(),
                        Optional.of(kept.feed()).filter(feed -> !feed.isEmpty()),
                        Occasion.valueOf(kept.occasion()),
                        Instant.parse(kept.at()),
                        kept.text(),
                        Optional.of(kept.delivery()).filter(id -> !id.isEmpty())),
                Objects.requireNonNullElse(kept.condition(), ""),
                Set.copyOf(kept.sentTo()));
    }
}
