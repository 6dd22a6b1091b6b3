package dev.patronstream.cli.sheet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedSheetTest {

    private static final Path PAGE = Path.of("..", "docs", "vendors.md");
    private static final String HEAD = """
        district: eagle
        directory: ./data
        sqlserver: {host: sis.eagle.example, database: DST26000EAGLE, user: patronstream, password: "${env:PASSWORD}"}
        kafka: {embedded: {}}
        feeds:
        """;

    @TempDir
    Path folder;

    private Path write(String feeds) throws IOException {
        return Files.writeString(
                folder.resolve("patronstream.yaml"), HEAD + feeds.indent(2).stripTrailing() + "\n");
    }

    private List<String> sheet(String feeds) throws IOException {
        Configuration configuration = ConfigurationReader.read(write(feeds), Map.of("PASSWORD", "x"), Set.of());
        return new FeedSheet(configuration.deliveries().feeds().get(0), configuration)
                .lines("may be read by reading-app", List.of("412 patrons in the topic."));
    }

    /** The page shows a configuration and the sheet that it makes. */
    @Test
    void thePageShowsTheSheetOfItsConfiguration() throws IOException {
        String section = Files.readString(PAGE).split("## The sheet to sign\n", 2)[1];
        String feeds = section.split("```yaml\nfeeds:\n", 2)[1].split("```", 2)[0].replaceAll("(?m)^ {2}", "");
        String shown = section.split("```text\n", 2)[1].split("```", 2)[0];
        assertEquals(String.join("\n", sheet(feeds)) + "\n", shown);
    }

    @Test
    void whatIsPrivateIsMarked() throws IOException {
        List<String> lines = sheet("""
            office:
              schools: [10]
              patrons: [students]
              fields: [birthDate, grade, enrollments, STU.U5]
            """);
        assertTrue(lines.contains("  birthDate *    STU.BD"), lines.toString());
        assertTrue(lines.contains("  STU.U5 *       STU.U5"), lines.toString());
        assertTrue(lines.contains("  grade          STU.GR"), lines.toString());
        assertTrue(
                lines.contains("  all enrollments of a student, those at other schools among them *"),
                lines.toString());
        assertTrue(lines.contains("  File: none; the archive on this machine only"), lines.toString());
    }

    @Test
    void aFeedOfEverythingShowsWhatIsCaptured() throws IOException {
        List<String> lines = sheet("""
            office: {schools: [10], fields: [everything]}
            other: {schools: [10], fields: [telephone, STF.U1]}
            """);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("  telephone *")), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("  STF.U1 *")), lines.toString());
        assertFalse(lines.stream().anyMatch(line -> line.startsWith("  birthDate")), lines.toString());
    }

    /** Who and what are said also where nothing runs. */
    @Test
    void theCommandSaysWhoAndWhatWithoutKafka() throws IOException {
        Path file = write("office: {schools: [10], fields: [names]}\nother: {schools: [20], fields: [grade]}");
        CapturedTerminal all = new CapturedTerminal(Map.of("PASSWORD", "x"));
        assertEquals(0, all.run("feeds", "--config", file.toString()), all::error);
        assertTrue(all.out().contains("Feed office\n") && all.out().contains("\n\nFeed other\n"), all.out());
        assertTrue(all.out().contains("Topic eagle.feed.office: not known, since Kafka does not answer"), all.out());
        CapturedTerminal one = new CapturedTerminal(Map.of("PASSWORD", "x"));
        assertEquals(0, one.run("feeds", "other", "--config", file.toString()), one::error);
        assertFalse(one.out().contains("Feed office"), one.out());
        assertEquals(2, new CapturedTerminal(Map.of()).run("feeds", "none", "--config", file.toString()));
    }
}
