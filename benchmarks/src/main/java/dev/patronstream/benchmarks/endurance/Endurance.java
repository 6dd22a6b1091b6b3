package dev.patronstream.benchmarks.endurance;

import dev.patronstream.benchmarks.endurance.fault.Fault;
import dev.patronstream.benchmarks.endurance.fault.FaultPlan;
import dev.patronstream.benchmarks.endurance.fault.Victim;
import dev.patronstream.benchmarks.endurance.judge.Evidence;
import dev.patronstream.benchmarks.endurance.judge.Findings;
import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.benchmarks.endurance.judge.Judgment;
import dev.patronstream.benchmarks.endurance.judge.Tape;
import dev.patronstream.sandbox.life.Life;
import dev.patronstream.sandbox.life.LifeSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.standin.SourceHistory;
import dev.patronstream.standin.SqlServerStandIn;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One run: everything is started, life begins, faults happen, everything comes to rest, and is judged. */
final class Endurance {

    private static final Topics TOPICS = new Topics("eagle");
    private static final Duration UNTIL_MIDNIGHT = Duration.ofMinutes(3);
    private static final long SETTLE_MILLIS = 2_000;

    private final EnduranceSettings settings;
    private final Consumer<String> journal;
    private final Findings findings = new Findings();
    private final Instant began = Instant.now();

    /**
     * Plans a run.
     *
     * @param journal gets a line for each thing that happens
     */
    Endurance(EnduranceSettings settings, Consumer<String> journal) {
        this.settings = settings;
        this.journal = journal;
    }

    /** Runs; takes as long as the faults take, and some minutes. */
    EnduranceReport run() throws InterruptedException, IOException, SQLException {
        return run(FaultPlan.of(settings.seed(), settings.faults(), settings.mostlyKills(), settings.brokers()));
    }

    /** Runs with faults of one's own choice. */
    EnduranceReport run(List<Fault> plan) throws InterruptedException, IOException, SQLException {
        journal.accept("seed " + settings.seed() + ", everything in " + settings.directory());
        try (Surroundings surroundings = new Surroundings(settings, zoneShortBeforeMidnight())) {
            surroundings.start();
            journal.accept("the surroundings are up: " + surroundings.rows() + " rows");
            try (Processes processes = new Processes(surroundings, settings.directory())) {
                processes.start();
                return run(plan, surroundings, processes);
            }
        }
    }

    private EnduranceReport run(List<Fault> plan, Surroundings surroundings, Processes processes)
            throws InterruptedException, IOException, SQLException {
        Striker striker;
        Orders orders = new Orders(processes, settings.seed());
        Map<String, VendorWatch> vendor = new TreeMap<>();
        Surroundings.FEEDS.forEach(feed -> vendor.put(feed, new VendorWatch(surroundings.vendorFile(feed))));
        StatusWatch status = new StatusWatch(processes);
        Tape tape = new Tape(surroundings.bootstrapServers(), Judgment.followed(TOPICS, Surroundings.FEEDS));
        LifeSettings usual = LifeSettings.usual(settings.seed(), settings.changesPerSecond(), surroundings.today());
        long events;
        String audit = "";
        try (Pulse pulse = new Pulse(TOPICS, surroundings.bootstrapServers(), surroundings.registryUrl());
                orders;
                status) {
            Upheavals upheavals =
                    new Upheavals(surroundings, processes, pulse, tape, orders, settings, findings, TOPICS);
            striker = new Striker(surroundings, processes, pulse, upheavals, status, settings, findings, journal);
            status.start();
            try (Life life = Life.start(usual, surroundings::connect, event -> {})) {
                orders.start();
                striker.strike(plan);
                striker.recover();
                life.close();
                events = life.total();
                life.failure().ifPresent(failure -> findings.add(Kind.STUCK, "Life ended: " + failure.getMessage()));
            }
            orders.close();
            rest(surroundings, pulse, orders);
            audit = new AuditCall(surroundings, settings.directory(), findings).run();
            journal.accept("audit: " + audit);
        }
        vendor.forEach((feed, watch) -> {
            watch.close();
            if (watch.absences() > 0) {
                findings.add(Kind.RECEIPT, "The vendor's file of " + feed + " was gone " + watch.absences() + " times");
            }
        });
        // A delivery of the schedule may be under way: an orderly stop ends it after some seconds, as a kill would.
        Instant stopped = Instant.now();
        for (Victim service : Processes.SERVICES) {
            if (!processes.stop(service)) {
                findings.add(Kind.STUCK, service.id() + " did not stop on SIGTERM");
            }
        }
        processes.stop(Victim.SQLSERVER);
        journal.accept("judging ...");
        if (!tape.drain(settings.patience())) {
            findings.add(Kind.STUCK, "The topics could not be read to their ends");
        }
        Map<String, Object> counts;
        List<SqlServerStandIn> databases = surroundings.openDatabases();
        try (tape) {
            counts = Judgment.of(
                    evidence(
                            surroundings,
                            striker,
                            processes,
                            orders,
                            vendor,
                            stopped,
                            tape,
                            status.claims(),
                            databases),
                    findings);
        } finally {
            databases.forEach(SqlServerStandIn::close);
        }
        counts.put("transactions of life", events);
        counts.put("orders without an answer", orders.unanswered());
        counts.put("processes started", processes.starts());
        return new EnduranceReport(
                settings,
                began,
                Instant.now(),
                striker.kills(),
                Healing.of(striker.strikes(), status.looks()),
                processes.ownEnds(),
                counts,
                audit,
                findings);
    }

    /** Waits until everything committed has gone all the way, and takes one more delivery of it. */
    private void rest(Surroundings surroundings, Pulse pulse, Orders orders) throws InterruptedException {
        SourceHistory history = SourceHistory.over(surroundings::connect);
        // Twice: life's last transaction may still be committed after life was told to stop.
        for (int times = 0; times < 2; times++) {
            if (!Striker.await(settings.patience(), () -> isThrough(history, pulse))) {
                findings.add(
                        Kind.STUCK,
                        "The last commits did not come through; the feeds stand at "
                                + pulse.last().watermark());
            }
            Thread.sleep(SETTLE_MILLIS);
        }
        for (String feed : Surroundings.FEEDS) {
            Instant before = Instant.now();
            Optional<String> result = Optional.empty();
            while (!result.equals(Optional.of("delivered"))
                    && Instant.now().isBefore(before.plus(settings.patience()))) {
                result = orders.orderOne(feed, true).map(Orders.Answer::result);
                Thread.sleep(500);
            }
            if (!result.equals(Optional.of("delivered"))) {
                findings.add(
                        Kind.STUCK,
                        "The delivery of " + feed + " after the last fault ended with " + result.orElse("no answer"));
            }
        }
    }

    /** Whether nothing was changed in the database after the watermark of the feeds. */
    private static boolean isThrough(SourceHistory history, Pulse pulse) {
        return history.transactionsAfter(pulse.last().watermark()).stream()
                .allMatch(transaction -> transaction.changes().isEmpty());
    }

    private Evidence evidence(
            Surroundings surroundings,
            Striker striker,
            Processes processes,
            Orders orders,
            Map<String, VendorWatch> vendor,
            Instant stopped,
            Tape tape,
            List<Evidence.Claim> claims,
            List<SqlServerStandIn> databases) {
        List<Instant> disturbances = new ArrayList<>(List.of(stopped));
        striker.strikes().forEach(strike -> disturbances.add(strike.at()));
        processes.ownEnds().forEach(end -> disturbances.add(end.when()));
        List<Evidence.Feed> feeds = Surroundings.FEEDS.stream()
                .map(feed -> new Evidence.Feed(
                        feed,
                        surroundings.rules(feed),
                        surroundings.archive().resolve(feed),
                        surroundings.vendorFile(feed),
                        Surroundings.file(feed),
                        orders.answers(feed),
                        vendor.get(feed).sightings()))
                .toList();
        return new Evidence(
                TOPICS,
                tape,
                surroundings.bootstrapServers(),
                surroundings.registryUrl(),
                databases.stream().map(SqlServerStandIn::history).toList(),
                Surroundings.MAX_ROWS,
                feeds,
                disturbances,
                claims);
    }

    /** A time zone in which midnight comes a few minutes after the start: a run that changes the business date. */
    private static ZoneOffset zoneShortBeforeMidnight() {
        int day = (int) Duration.ofDays(1).toMinutes();
        int now = LocalTime.now(ZoneOffset.UTC).get(java.time.temporal.ChronoField.MINUTE_OF_DAY);
        int ahead = Math.floorMod(day - (int) UNTIL_MIDNIGHT.toMinutes() - now, day);
        int minutes = ahead > day / 2 ? ahead - day : ahead;
        return ZoneOffset.ofTotalSeconds(
                Math.toIntExact(ChronoUnit.MINUTES.getDuration().toSeconds() * minutes));
    }
}
