package dev.patronstream.snapshotter.notice;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what people were told of in a file, so that a restart tells nothing twice and forgets nothing. A file that is
 * lost means that what is still so is reported once more. Not thread-safe.
 */
final class NoticeMemory {

    private static final Logger LOGGER = LoggerFactory.getLogger(NoticeMemory.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<List<Kept>> LIST = new TypeReference<>() {};

    private final Path file;

    NoticeMemory(Path file) {
        this.file = file;
    }

    /** As it stands in the file. */
    private record Kept(
            String district,
            String feed,
            String occasion,
            String at,
            String text,
            String delivery,
            @Nullable String condition,
            List<String> told) {}

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
                    .log("What people were told of cannot be read; what is still so is reported once more");
            return List.of();
        }
    }

    void write(List<Entry> entries) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Files.createDirectories(file.toAbsolutePath().getParent());
        JSON.writerWithDefaultPrettyPrinter()
                .writeValue(
                        unfinished.toFile(),
                        entries.stream().map(NoticeMemory::kept).toList());
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * A notice and who has it.
     *
     * @param notice the notice
     * @param condition what tells this from the next one of the same occasion; may be empty
     * @param told names of the channels that took it
     */
    record Entry(Notice notice, String condition, Set<String> told) {
        Entry {
            told = Set.copyOf(told);
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
                entry.told().stream().sorted().toList());
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
                Set.copyOf(kept.told()));
    }
}
