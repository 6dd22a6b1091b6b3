package dev.patronstream.cli.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.command.CapturedTerminal;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSettings;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.oracle.ExpectedFile;
import dev.patronstream.sandbox.oracle.FeedRules;
import dev.patronstream.sandbox.oracle.HistoricTables;
import dev.patronstream.sandbox.oracle.Oracle;
import dev.patronstream.sandbox.oracle.VendorMemory;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.ledger.Receipts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the vendor finds in the folder, against what an independent query says of the database at the file's watermark. */
@Tag("faults")
class EveryFileTest {

    private static final String FEED = "destiny";
    private static final int SCHOOL_YEAR = 2026;
    private static final int STUDENTS = 400;
    private static final int FIRST_SWAPPED = 88_000_001;
    private static final int SWAPPED = 20;
    private static final int FIRST_LEAVING = 70_001;
    private static final int LEAVING = 4;
    private static final int NOBODY = 77_777_777;
    private static final int FILES = 6;

    @TempDir
    Path folder;

    private VendorMemory memory = VendorMemory.empty(Duration.ofDays(90));

    /** The clock of the connector: goes as fast as any other, from where it is set. */
    private static final class SetClock implements java.time.InstantSource {
        private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

        void set(Instant now) {
            ahead.set(Duration.between(Instant.now(), now));
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead.get());
        }
    }

    @Test
    void everyFileIsTheDatabaseAtItsWatermarkUnderTransfersAndBarcodeSwapsAcrossMidnight() throws Exception {
        LocalDate day = LocalDate.of(2026, 11, 30);
        SetClock clock = new SetClock();
        clock.set(day.atTime(LocalTime.of(21, 0))
                .atZone(ZoneId.of(District.TIME_ZONE.toString()))
                .toInstant());
        try (LiveDistrict district = new LiveDistrict(folder, STUDENTS, yaml -> yaml)) {
            district.sql(people(district, day));
            district.startConnector(clock);
            district.startStreamsApp();
            try (Life life = district.life(11, 200, EnumSet.noneOf(dev.patronstream.sandbox.life.LifeKind.class));
                    BarcodeSwaps swaps = new BarcodeSwaps(district);
                    Snapshotter snapshotter = district.snapshotter(Duration.ofMinutes(1))) {
                district.await("life", () -> life.total() > 400 && swaps.done() > 5);
                List<ExpectedFile> files = new ArrayList<>();
                for (int i = 0; i < FILES; i++) {
                    files.add(requireOraclesFile(district, snapshotter, day));
                }
                clock.set(day.plusDays(1)
                        .atTime(LocalTime.of(0, 1))
                        .atZone(ZoneId.of(District.TIME_ZONE.toString()))
                        .toInstant());
                district.await("the next day", () -> district.streamsApp()
                        .status()
                        .applied()
                        .orElseThrow()
                        .getBusinessDate()
                        .equals(day.plusDays(1)));
                for (int i = 0; i < FILES; i++) {
                    files.add(requireOraclesFile(district, snapshotter, day.plusDays(1)));
                }
                requireThatSomethingHappened(files, swaps);
                assertTrue(life.failure().isEmpty(), () -> life.failure().toString());
            }
        }
    }

    /** Students who will swap their numbers, and staff whose last day is the day. */
    private static List<String> people(LiveDistrict district, LocalDate day) {
        int school = district.configuration().deliveries().feeds().get(0).selection().schools().stream()
                .sorted()
                .findFirst()
                .orElseThrow();
        List<String> sql = new ArrayList<>();
        for (int i = 0; i < SWAPPED; i++) {
            sql.add("INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, TG, DEL) VALUES (" + school + ", " + (80_000 + i)
                    + ", " + (FIRST_SWAPPED + i) + ", N'Swap" + i + "', N'Ana', 9, ' ', 0)");
        }
        for (int i = 0; i < LEAVING; i++) {
            sql.add("INSERT INTO dbo.STF (ID, LN, FN, PSC, TG, LD, DEL) VALUES (" + (FIRST_LEAVING + i * 25)
                    + ", N'Leaving', N'Bo', " + school + ", ' ', '" + day + "T00:00:00', 0)");
        }
        return sql;
    }

    /** Returns the file as it would be without those who left: whom the database has. */
    private ExpectedFile requireOraclesFile(LiveDistrict district, Snapshotter snapshotter, LocalDate day)
            throws Exception {
        Delivery delivery = snapshotter.snapshot(FEED, new SnapshotOptions(Optional.empty(), true));
        assertEquals(DeliveryResult.DELIVERED, delivery.getResult(), delivery::toString);
        assertEquals(day, delivery.getBusinessDate().orElseThrow());
        ExpectedFile feed = Oracle.expected(
                new HistoricTables(
                        district.sandbox().sqlServer().history(),
                        delivery.getWatermark().orElseThrow()),
                FeedRules.usual(
                        SCHOOL_YEAR,
                        new District(new DistrictSettings(1, STUDENTS, SCHOOL_YEAR, District.today())).sites()),
                day);
        VendorMemory.Delivery next = memory.next(feed, delivery.getStartedAt());
        memory = next.memory();
        ExpectedFile expected = next.file();
        byte[] delivered = Files.readAllBytes(district.sandbox().sftpFolder().resolve(delivery.getFileName()));
        assertEquals(new String(expected.csv(), UTF_8), new String(delivered, UTF_8), delivery.getId());
        assertArrayEquals(expected.csv(), delivered);
        assertEquals(expected.rows().size(), delivery.getRows());
        return feed;
    }

    /** Equal files prove little if nothing moved. */
    private static void requireThatSomethingHappened(List<ExpectedFile> files, BarcodeSwaps swaps) {
        assertTrue(files.get(0).rows().size() > 100);
        assertTrue(swaps.done() > 20, "swaps: " + swaps.done());
        assertEquals(files.size(), new HashSet<>(files).size(), "no two files are alike");
        Set<String> before = persons(files.get(FILES - 1));
        Set<String> after = persons(files.get(FILES));
        for (int i = 0; i < LEAVING; i++) {
            String leaving = "staff/" + (FIRST_LEAVING + i * 25);
            assertTrue(before.contains(leaving), leaving);
            assertFalse(after.contains(leaving), leaving);
        }
        assertNotEquals(names(files.get(0)), names(files.get(FILES)));
    }

    private static Set<String> persons(ExpectedFile file) {
        Set<String> persons = new HashSet<>();
        file.rows().forEach(row -> persons.add(row.person()));
        return persons;
    }

    /** By barcode, the last names of those who swap. */
    private static List<String> names(ExpectedFile file) {
        return file.rows().stream()
                .filter(row -> row.values().get(3).startsWith("Swap"))
                .map(row -> row.values().get(1) + " " + row.values().get(3))
                .toList();
    }

    /** Two students at a time exchange their numbers, and with them their barcodes, in one transaction. */
    private static final class BarcodeSwaps implements AutoCloseable {
        private final LiveDistrict district;
        private final Thread thread = new Thread(this::run, "barcode-swaps");
        private volatile boolean stopped;
        private final AtomicLong done = new AtomicLong();

        BarcodeSwaps(LiveDistrict district) {
            this.district = district;
            thread.start();
        }

        long done() {
            return done.get();
        }

        private void run() {
            try (Connection connection = district.sandbox().connect();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                for (int i = 0; !stopped; i++) {
                    int one = FIRST_SWAPPED + i % SWAPPED;
                    int other = FIRST_SWAPPED + (i * 7 + 3) % SWAPPED;
                    if (one != other) {
                        statement.execute("UPDATE dbo.STU SET ID = " + NOBODY + " WHERE ID = " + one);
                        statement.execute("UPDATE dbo.STU SET ID = " + one + " WHERE ID = " + other);
                        statement.execute("UPDATE dbo.STU SET ID = " + other + " WHERE ID = " + NOBODY);
                        connection.commit();
                        done.incrementAndGet();
                    }
                    Thread.sleep(50);
                }
            } catch (SQLException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws InterruptedException {
            stopped = true;
            thread.join();
        }
    }

    @Test
    void whatCannotReachItsWatermarkFailsAndTheVendorKeepsTheOldFile() throws Exception {
        try (LiveDistrict district = new LiveDistrict(folder, 100, yaml -> yaml)) {
            district.startConnector();
            district.startStreamsApp();
            try (Snapshotter patient = district.snapshotter(Duration.ofMinutes(1));
                    Snapshotter hasty = district.snapshotter(Duration.ofSeconds(10))) {
                assertEquals(
                        DeliveryResult.DELIVERED,
                        patient.snapshot(FEED, SnapshotOptions.DELIVER).getResult());
                Path file = district.sandbox().sftpFolder().resolve("patrons.csv");
                byte[] before = Files.readAllBytes(file);

                long applied = district.appliedEpoch();
                district.stopStreamsApp();
                district.sql(List.of("UPDATE dbo.STU SET LN = N'Unseen-Yet' WHERE TG = ' ' AND GR BETWEEN 1 AND 12"));
                district.await(
                        "the change is published",
                        () -> district.connector().status().lastEpoch().orElseThrow() > applied + 1);
                Delivery failed = hasty.snapshot(FEED, SnapshotOptions.DELIVER);
                assertEquals(DeliveryResult.FAILED, failed.getResult());
                String why = failed.getMessage().orElseThrow();
                assertTrue(why.contains("The streams application has applied changes up to epoch"), why);
                assertTrue(why.contains("(waited 10.0 s)"), why);
                assertArrayEquals(before, Files.readAllBytes(file));
                List<Delivery> receipts = new Receipts(
                                district.configuration().topics(),
                                district.clients().kafkaProperties(),
                                district.clients().avro())
                        .of(FEED);
                assertEquals(failed, receipts.get(receipts.size() - 1));
                CapturedTerminal early = new CapturedTerminal(Map.of());
                assertEquals(1, early.run(audit(district, "10s")));
                assertTrue(
                        early.error().contains("The streams application has applied changes up to epoch"),
                        early.error());
                CapturedTerminal audit = new CapturedTerminal(Map.of());
                CompletableFuture<Integer> exit =
                        CompletableFuture.supplyAsync(() -> audit.run(audit(district, "60s")));

                district.startStreamsApp();
                Delivery healed = patient.snapshot(FEED, SnapshotOptions.DELIVER);
                assertEquals(DeliveryResult.DELIVERED, healed.getResult(), healed::toString);
                assertTrue(Files.readString(file).contains("Unseen-Yet"));
                assertEquals(0, exit.get(), () -> audit.error() + audit.out());
            }
        }
    }

    private static String[] audit(LiveDistrict district, String wait) {
        return new String[] {
            "audit", "--wait", wait, "--config", district.file().toString()
        };
    }
}
