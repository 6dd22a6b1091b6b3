package dev.patronstream.cli.explain;

import static dev.patronstream.cli.explain.TrickyFeed.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The summer school's own feed, as the page shows it. */
class SummerFeedsTest {

    private static final String HEAD = """
        district: eagle
        time-zone: America/Los_Angeles
        sqlserver: {host: sis.eagle.example, database: DST26000EAGLE, user: patronstream, password: "${env:PASSWORD}"}
        kafka: {embedded: {}}
        """;
    private static final Instant IN_JULY = Instant.parse("2027-07-06T09:00:00Z");

    @TempDir
    Path folder;

    private List<FeedSettings> feeds(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("patronstream.yaml"), HEAD + yaml);
        return ConfigurationReader.read(file, Map.of("PASSWORD", "x"), Set.of())
                .deliveries()
                .feeds();
    }

    private static String page() throws IOException {
        String section = Files.readString(Path.of("..", "docs", "summer.md"))
                .split("## A summer school beside the pause\n", 2)[1];
        return section.split("```yaml\n", 2)[1].split("```", 2)[0];
    }

    @SafeVarargs
    private static Optional<Integer> school(FeedSettings feed, Map<String, @Nullable Object>... rows) {
        List<SourceRow> all = new ArrayList<>();
        for (Map<String, @Nullable Object> row : rows) {
            int code = (Integer) Objects.requireNonNull(row.remove("SC"));
            all.add(SourceRow.student(code, all.size() + 1, 1001, row));
        }
        return TrickyFeed.state(all, feed.selection())
                .filter(PersonState::isIn)
                .flatMap(state -> state.patron().getPrimary().getSchoolCode());
    }

    @Test
    void theYearIsPausedAndTheSummerIsNot() throws IOException {
        List<FeedSettings> feeds = feeds(page());
        assertTrue(feeds.get(0).safeguards().pausedUntil(IN_JULY).isPresent());
        assertFalse(feeds.get(1).safeguards().pausedUntil(IN_JULY).isPresent());
        assertTrue(feeds.get(1).safeguards().leavers().omitted());
    }

    @Test
    void aStudentOfBothIsInBothFeedsByTheSchoolsOfEach() throws IOException {
        List<FeedSettings> feeds = feeds(page());
        assertEquals(Optional.of(20), school(feeds.get(0), at(80), at(20)));
        assertEquals(Optional.of(80), school(feeds.get(1), at(80), at(20)));
        assertEquals(Optional.empty(), school(feeds.get(0), at(80)));
        assertEquals(Optional.of(80), school(feeds.get(1), at(80)));
    }

    @Test
    void inOneSystemOfTheVendorEachIsInOneOfThem() throws IOException {
        List<FeedSettings> feeds = feeds(page().replaceAll("(?m)^    schools:", "    system: library\n    schools:"));
        assertEquals(Optional.of(20), school(feeds.get(0), at(80), at(20)));
        assertEquals(Optional.empty(), school(feeds.get(1), at(80), at(20)));
        assertEquals(Optional.of(80), school(feeds.get(1), at(80)));
    }
}
