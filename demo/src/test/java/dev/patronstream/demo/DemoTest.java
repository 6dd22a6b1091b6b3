package dev.patronstream.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.config.ConfigurationReader;
import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.sandbox.Sandbox;
import dev.patronstream.sandbox.SandboxSettings;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.HistoricTables;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.sandbox.oracle.VendorMemory;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {

    private static final int SCHOOL_YEAR = 2026;
    private static final int STUDENTS = 400;

    @TempDir
    Path folder;

    @Test
    void whatTheDemoDeliversIsWhatTheDatabaseHeldAtTheWatermarkAlsoAfterASecondRun() throws Exception {
        String first = demo();
        assertTrue(first.contains("First delivery"), first);
        assertTrue(first.contains("The way of a row"), first);
        assertTrue(first.contains("after the commit)"), first);
        assertFalse(first.contains("\u001b"), "no control codes where there is no terminal");
        int receipts = requireThatTheLastFileIsTheOraclesOne();

        String second = demo();
        assertTrue(second.contains("as it was left"), second);
        assertTrue(requireThatTheLastFileIsTheOraclesOne() > receipts);
    }

    private String demo() {
        CapturedTerminal terminal = new CapturedTerminal(Map.of());
        int exit = terminal.run(
                "demo",
                "--students",
                Integer.toString(STUDENTS),
                "--changes-per-second",
                "40",
                "--for",
                "8s",
                "--port",
                "0",
                "--dir",
                folder.toString());
        assertEquals(0, exit, terminal.error() + terminal.out());
        assertEquals("", terminal.error());
        return terminal.out();
    }

    /** Byte for byte; returns how many receipts there are. */
    private int requireThatTheLastFileIsTheOraclesOne() throws Exception {
        try (Sandbox sandbox = Sandbox.start(SandboxSettings.in(folder).withStudents(STUDENTS), (what, detail) -> {})) {
            List<Delivery> receipts = receipts(sandbox);
            ExpectedFile expected = new ExpectedFile(List.of(), List.of(), Map.of());
            VendorMemory memory = VendorMemory.empty(Duration.ofDays(90));
            Delivery last = receipts.get(0);
            for (Delivery receipt : receipts) {
                // Whom the vendor was sent before decides who is sent as a leaver, so every file is worked out.
                if (Receipts.hasArrived(receipt.getResult())) {
                    VendorMemory.Delivery next = memory.next(expected(sandbox, receipt), receipt.getStartedAt());
                    expected = next.file();
                    memory = next.memory();
                    last = receipt;
                }
            }
            assertTrue(
                    receipts.stream().anyMatch(receipt -> receipt.getLeavers() > 0),
                    "somebody has left, and may be back by now: " + last);
            byte[] delivered = Files.readAllBytes(sandbox.sftpFolder().resolve("patrons.csv"));
            assertTrue(
                    expected.rows().size() > 100,
                    "the district has patrons: " + expected.rows().size());
            assertEquals(new String(expected.csv(), UTF_8), new String(delivered, UTF_8));
            assertArrayEquals(expected.csv(), delivered);
            assertEquals(expected.rows().size(), last.getRows());
            return receipts.size();
        }
    }

    private static ExpectedFile expected(Sandbox sandbox, Delivery receipt) {
        return Oracle.expected(
                new HistoricTables(
                        sandbox.sqlServer().history(), receipt.getWatermark().orElseThrow()),
                FeedRules.usual(
                        SCHOOL_YEAR,
                        new District(new DistrictSettings(1, STUDENTS, SCHOOL_YEAR, District.today())).sites()),
                receipt.getBusinessDate().orElseThrow());
    }

    private static List<Delivery> receipts(Sandbox sandbox) {
        Configuration configuration =
                ConfigurationReader.read(sandbox.configuration(), Map.of(), EnumSet.allOf(Part.class));
        try (Cluster cluster = Cluster.open(configuration)) {
            ClusterClients clients = cluster.clients();
            return new ArrayList<>(
                    new Receipts(configuration.topics(), clients.kafkaProperties(), clients.avro()).of("destiny"));
        }
    }
}
