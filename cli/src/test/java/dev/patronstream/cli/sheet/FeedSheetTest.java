package dev.patronstream.cli.sheet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.FeedState;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        return sheet(feeds, Optional.empty());
    }

    /** As the command prints it. */
    private List<String> sheet(String feeds, Optional<Instant> sent) throws IOException {
        Configuration configuration = ConfigurationReader.read(write(feeds), Map.of("PASSWORD", "x"), Set.of());
        FeedSettings feed = configuration.deliveries().feeds().get(0);
        EpochApplied applied = EpochApplied.newBuilder()
                .setEpoch(7)
                .setIncarnation("")
                .setWatermark("")
                .setBusinessDate(LocalDate.of(2026, 11, 24))
                .setFreshAsOf(Instant.parse("2026-11-24T18:15:02Z"))
                .setPublishedAt(Instant.EPOCH)
                .setFeeds(Map.of(feed.feed(), feed.selection().fingerprint()))
                .setPatrons(5000)
                .setFeedEntries(Map.of(feed.feed(), 412L))
                .setFeedDigests(Map.of())
                .build();
        FeedState state = FeedState.newBuilder()
                .setFeed(feed.feed())
                .setVersion(1)
                .setSequence(1)
                .setHeld(sent.map(time -> HeldDelivery.newBuilder()
                                .setDeliveryId("1")
                                .setSentAt(time)
                                .build())
                        .orElse(null))
                .build();
        FeedSheet sheet = new FeedSheet(feed, configuration);
        return sheet.lines("may be read by reading-app", sheet.fresh(Optional.of(applied), state));
    }

    @Test
    void onlyWhatGoesToAVendorIsSent() throws IOException {
        String office = "office: {schools: [10], fields: [names], schedule: '0 2 * * *', time-zone: UTC";
        List<String> kept = sheet(office + "}", Optional.empty());
        assertEquals("  A file is written at \"0 2 * * *\", UTC.", kept.get(kept.size() - 1));
        assertFalse(String.join(" ", kept).contains("vendor"), kept.toString());
        String there = office + ", destination: {folder: {path: /srv/exports, file: a.csv}}}";
        List<String> sent = sheet(there, Optional.of(Instant.parse("2026-11-24T10:00:03Z")));
        assertEquals(
                List.of(
                        "  412 patrons in the topic, with every change until 2026-11-24T18:15:02Z.",
                        "  The vendor's file was sent at 2026-11-24T10:00:03Z.",
                        "  The file is sent at \"0 2 * * *\", UTC."),
                sent.subList(sent.size() - 3, sent.size()));
        assertTrue(sheet(there, Optional.empty()).contains("  The vendor has no file yet."), sent.toString());
        List<String> asked = sheet(there.replace("schedule: '0 2 * * *', ", ""), Optional.empty());
        assertEquals("  The file is sent on demand.", asked.get(asked.size() - 1));
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
