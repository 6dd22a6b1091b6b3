package dev.patronstream.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeSettings;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.JdbcTables;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.schemas.HeldDelivery;
import dev.patronstream.schemas.Hold;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.layout.PatronRow;
import dev.patronstream.snapshotter.ledger.HeldPatrons;
import dev.patronstream.snapshotter.ledger.RowFingerprint;
import dev.patronstream.snapshotter.safety.Safeguards;
import dev.patronstream.snapshotter.safety.check.Candidate;
import dev.patronstream.snapshotter.safety.check.Checks;
import dev.patronstream.snapshotter.safety.check.Comparison;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The thresholds that the sandbox writes for its feed, by the real checks, against its own life at its wildest. */
class SandboxSafeguardsTest {

    private static final int EVENTS = 400;
    private static final int ROUNDS = 3;

    @TempDir
    Path folder;

    @Test
    void theSandboxesOwnLifeIsNeverHeldAndASchoolThatGoesIs() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(200), (what, detail) -> {});
                Connection connection = sandbox.connect()) {
            Safeguards safeguards = ConfigurationReader.read(
                            sandbox.configuration(), Map.of(), EnumSet.allOf(Part.class))
                    .deliveries()
                    .feeds()
                    .get(0)
                    .safeguards();
            assertTrue(safeguards.sendsFirst());
            assertEquals(List.of(), safeguards.pauses());
            FeedRules rules = FeedRules.usual(2026, sandbox.sites());
            List<ExpectedFile> states = new ArrayList<>();
            states.add(Oracle.expected(new JdbcTables(connection), rules, District.today()));
            for (int round = 1; round <= ROUNDS; round++) {
                live(sandbox, round);
                states.add(Oracle.expected(new JdbcTables(connection), rules, District.today()));
            }
            // From any state to any other: deliveries may be seldom, and life goes both ways.
            for (ExpectedFile before : states) {
                for (ExpectedFile after : states) {
                    assertEquals(List.of(), holds(safeguards, before, after));
                }
            }
            assertTrue(states.stream().distinct().count() == ROUNDS + 1, "life goes on");

            connection.createStatement().executeUpdate("UPDATE STU SET DEL = 1 WHERE SC = 20");
            ExpectedFile accident = Oracle.expected(new JdbcTables(connection), rules, District.today());
            List<String> checks = holds(safeguards, states.get(ROUNDS), accident).stream()
                    .map(Hold::getCheck)
                    .toList();
            assertTrue(
                    checks.containsAll(List.of("removed-above", "per-site-removed-above", "school-gone")),
                    checks.toString());
        }
    }

    private static void live(Sandbox sandbox, long seed) throws InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(4));
        try (Life life = Life.start(LifeSettings.usual(seed, 300, District.today()), sandbox::connect, event -> {})) {
            while (life.total() < EVENTS) {
                assertEquals(Optional.empty(), life.failure());
                assertTrue(Instant.now().isBefore(deadline), "only " + life.total() + " events");
                Thread.sleep(50);
            }
        }
    }

    private static List<Hold> holds(Safeguards safeguards, ExpectedFile before, ExpectedFile after) {
        Comparison comparison = new Comparison(new Vendor(rows(before)), Optional.empty(), Set.of(), person -> false);
        rows(after).values().forEach(comparison::take);
        comparison.end();
        Instant now = Instant.now();
        long rows = after.rows().size();
        long leftOut = after.leftOut().size();
        return new Checks(safeguards.thresholds(), safeguards.sendsFirst())
                .holds(new Candidate(
                        new Candidate.Counts(rows + leftOut, rows, leftOut),
                        new Candidate.Form(after.header(), "", true),
                        now,
                        now,
                        Optional.empty(),
                        Optional.empty(),
                        comparison,
                        Optional.of(HeldDelivery.newBuilder()
                                .setDeliveryId("destiny-1")
                                .setColumns(before.header())
                                .build())));
    }

    private static Map<Long, PatronRow> rows(ExpectedFile file) {
        int site = file.header().indexOf("Site Short Name");
        int status = file.header().indexOf("Status");
        TreeMap<Long, PatronRow> rows = new TreeMap<>();
        for (ExpectedFile.Row row : file.rows()) {
            long person = PersonNumber.ofKey(row.person());
            PatronKind kind = PersonNumber.kind(person);
            rows.put(person, new PatronRow(kind, PersonNumber.id(person), file.header(), row.values(), site, status));
        }
        return rows;
    }

    private record Vendor(Map<Long, PatronRow> rows) implements HeldPatrons {

        @Override
        public Optional<Held> of(long person) {
            return Optional.ofNullable(rows.get(person)).map(Vendor::held);
        }

        @Override
        public void forEach(BiConsumer<Long, Held> use) {
            rows.forEach((person, row) -> use.accept(person, held(row)));
        }

        private static Held held(PatronRow row) {
            RowFingerprint print = RowFingerprint.of(row.filled(), Optional.empty(), Set.of());
            return new Held(print, print, row.siteName(), row.statusCode(), Optional.empty());
        }
    }
}
