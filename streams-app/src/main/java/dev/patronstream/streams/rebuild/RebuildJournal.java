package dev.patronstream.streams.rebuild;

import dev.patronstream.schemas.secret.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rebuild that has cleared what it clears and replays: noted in a file beside the state, so that the next one goes on
 * with the replay instead of clearing again. A rebuild that was killed before that begins again.
 *
 * @param begun when it began
 * @param all whether the feeds were cleared too
 * @param epoch the epoch that was current at the beginning
 * @param epochsFrom where the topic of applied epochs ended after the clearing: an announcement from there on is of the
 *     replay
 * @param ends where the outputs ended after the clearing, by topic
 */
record RebuildJournal(Instant begun, boolean all, long epoch, long epochsFrom, Map<String, Long> ends) {

    private static final String FILE = "rebuild-in-progress";

    RebuildJournal {
        ends = Map.copyOf(ends);
    }

    static Optional<RebuildJournal> read(Path stateDirectory) {
        Path file = stateDirectory.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            Map<String, Long> ends = new TreeMap<>();
            for (String line : lines.subList(4, lines.size())) {
                String[] parts = line.split(" ", 2);
                ends.put(parts[1], Long.parseLong(parts[0]));
            }
            return Optional.of(new RebuildJournal(
                    Instant.parse(lines.get(0)),
                    Boolean.parseBoolean(lines.get(1)),
                    Long.parseLong(lines.get(2)),
                    Long.parseLong(lines.get(3)),
                    ends));
        } catch (MalformedInputException | RuntimeException e) {
            // Not what a rebuild writes: it is begun again, which clears what there is.
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + file + " cannot be read", e);
        }
    }

    void write(Path stateDirectory) {
        List<String> lines = new ArrayList<>(
                List.of(begun.toString(), Boolean.toString(all), Long.toString(epoch), Long.toString(epochsFrom)));
        ends.forEach((topic, end) -> lines.add(end + " " + topic));
        try {
            OwnerOnly.write(stateDirectory.resolve(FILE), String.join("\n", lines));
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + stateDirectory + " cannot be written", e);
        }
    }

    static void delete(Path stateDirectory) {
        try {
            Files.deleteIfExists(stateDirectory.resolve(FILE));
        } catch (IOException e) {
            throw new UncheckedIOException("The folder " + stateDirectory + " cannot be written", e);
        }
    }
}
