package dev.patronstream.benchmarks.endurance;

import dev.patronstream.benchmarks.endurance.fault.Fault.DeletedTopic;
import dev.patronstream.benchmarks.endurance.fault.Fault.LostTail;
import dev.patronstream.benchmarks.endurance.fault.Fault.RoleKill;
import dev.patronstream.benchmarks.endurance.fault.Fault.UncleanElection;
import dev.patronstream.benchmarks.endurance.fault.Fault.Upheaval;
import dev.patronstream.benchmarks.endurance.fault.LostTopic;
import dev.patronstream.benchmarks.endurance.fault.Victim;
import dev.patronstream.benchmarks.endurance.judge.Findings;
import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.benchmarks.endurance.judge.Tape;
import dev.patronstream.benchmarks.endurance.process.Child;
import dev.patronstream.benchmarks.endurance.process.Cluster;
import dev.patronstream.sandbox.district.District;
import dev.patronstream.sandbox.district.DistrictSql;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.topic.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;

/** Takes away what has to be made good: topics and their tails, changes, the database, the state. For one thread. */
final class Upheavals {

    private static final long ANSWER_SECONDS = 30;
    private static final long UNREAD_MILLIS = 4_000;
    private static final int TIMES = 5;
    private static final Duration UNTIL_WRITTEN = Duration.ofSeconds(20);

    private final Surroundings surroundings;
    private final Processes processes;
    private final Pulse pulse;
    private final Tape tape;
    private final Orders orders;
    private final EnduranceSettings settings;
    private final Findings findings;
    private final Topics topics;

    Upheavals(
            Surroundings surroundings,
            Processes processes,
            Pulse pulse,
            Tape tape,
            Orders orders,
            EnduranceSettings settings,
            Findings findings,
            Topics topics) {
        this.surroundings = surroundings;
        this.processes = processes;
        this.pulse = pulse;
        this.tape = tape;
        this.orders = orders;
        this.settings = settings;
        this.findings = findings;
        this.topics = topics;
    }

    String happen(LostTail lost) throws InterruptedException {
        String topic = choose(lost.what(), lost.which());
        processes.kill(lost.victims());
        String outcome = dev.patronstream.sandbox.kafka.LostTail.lose(
                        surroundings.kafka().folder(Victim.KAFKA), topic)
                .map(loss -> {
                    tape.lostTail(topic, loss.offset());
                    return topic + " lost " + loss.bytes() + " bytes, from offset " + loss.offset();
                })
                .orElse(topic + " had nothing to lose");
        lost.victims().forEach(processes::start);
        return outcome;
    }

    /** Returns who has a role at the moment. */
    Victim broker(RoleKill.Role role) throws InterruptedException {
        try (Cluster cluster = new Cluster(surroundings.kafka())) {
            return Striker.until(settings.patience(), () -> switch (role) {
                        case CONTRACT_LEADER -> cluster.leader(topics.enrollments());
                        case FEED_LEADER -> cluster.leader(topics.feed(Surroundings.FEED));
                        case CONNECTORS_COORDINATOR -> cluster.coordinator(topics.connectorTransactionalId());
                        case STREAMS_COORDINATOR -> cluster.coordinator(topics.streamsApplicationId());
                    })
                    .orElseThrow(() -> new IllegalStateException("No broker is the " + role));
        }
    }

    /**
     * One follower is killed and misses what the others take; then those are killed, and the follower is elected. The
     * others come back and cut what it does not have.
     */
    String happen(UncleanElection election) throws InterruptedException {
        String topic = choose(election.what(), election.which());
        try (Cluster cluster = new Cluster(surroundings.kafka())) {
            if (!Striker.await(settings.patience(), () -> cluster.inSync(topic).size() == Victim.BROKERS.size())) {
                throw new IllegalStateException("Not every broker has all of " + topic);
            }
            Victim leader = Striker.until(settings.patience(), () -> cluster.leader(topic))
                    .orElseThrow(() -> new IllegalStateException("Nobody leads " + topic));
            List<Victim> followers =
                    Victim.BROKERS.stream().filter(broker -> broker != leader).toList();
            Victim stale = followers.get(0);
            List<Victim> others = List.of(leader, followers.get(1));
            processes.kill(List.of(stale));
            Striker.await(settings.patience(), () -> cluster.inSync(topic).size() == others.size());
            long from = cluster.endOnDisk(stale, topic);
            boolean lost = Striker.await(UNTIL_WRITTEN, () -> cluster.end(topic) > from);
            long end = cluster.end(topic);
            processes.kill(others);
            tape.lostTail(topic, from);
            processes.start(stale);
            boolean elected = Striker.await(settings.patience(), () -> cluster.electUncleanly(topic, stale));
            others.forEach(processes::start);
            if (!elected) {
                throw new IllegalStateException(stale.id() + " was not elected to lead " + topic);
            }
            return topic + (lost ? " lost offsets " + from + " to " + end : " had nothing to lose") + "; " + stale.id()
                    + " leads";
        }
    }

    String happen(DeletedTopic deleted) throws InterruptedException {
        String topic = choose(deleted.what(), deleted.which());
        tape.deleting(topic);
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(topic)).all().get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(topic + " could not be deleted: " + e, e);
        }
        return topic;
    }

    private String choose(LostTopic what, int which) throws InterruptedException {
        try (Admin admin = admin()) {
            Set<String> names = admin.listTopics().names().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            List<String> choices = what.among(names, topics, Surroundings.FEEDS);
            if (choices.isEmpty()) {
                throw new IllegalStateException("There is no topic of the kind " + what.inWords());
            }
            return choices.get(which % choices.size());
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The topics could not be listed: " + e, e);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", surroundings.bootstrapServers()));
    }

    String happen(Upheaval upheaval) throws InterruptedException {
        try {
            return switch (upheaval.what()) {
                case RETENTION_PASSED -> retentionPassed();
                case RESTORED -> restored();
                case TRACKED_ANEW -> trackedAgain();
                case REBUILD -> rebuild(upheaval.second());
                case RESELECTED -> reselected();
                case MASS_DELETE -> massDelete(upheaval.second());
            };
        } catch (SQLException e) {
            throw new IllegalStateException(upheaval.inWords() + " could not be done: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String retentionPassed() throws SQLException, InterruptedException {
        processes.kill(List.of(Victim.CONNECTOR));
        Thread.sleep(UNREAD_MILLIS);
        try (Connection connection = surroundings.connect();
                Statement statement = connection.createStatement()) {
            String lsn = "0x" + maxLsn().replace(":", "");
            for (String instance : List.of("dbo_LOC", "dbo_STF", "dbo_STU")) {
                statement.execute("EXEC sys.sp_cdc_cleanup_change_table @capture_instance = N'" + instance
                        + "', @low_water_mark = " + lsn);
            }
        }
        processes.start(Victim.CONNECTOR);
        return "";
    }

    /** Something of what is lost has to be in the feeds; where nothing was published there are no two lives. */
    private String restored() throws IOException, InterruptedException {
        processes.stop(Victim.SQLSERVER);
        Path backup = surroundings.backups().backUp();
        processes.start(Victim.SQLSERVER);
        AtomicReference<String> kept = new AtomicReference<>();
        Striker.await(settings.patience(), () -> {
            try {
                kept.set(maxLsn());
                return true;
            } catch (SQLException notUpYet) {
                return false;
            }
        });
        Striker.await(settings.patience(), () -> pulse.last().watermark().compareTo(kept.get()) > 0);
        processes.stop(Victim.SQLSERVER);
        surroundings.backups().restore(backup);
        processes.start(Victim.SQLSERVER);
        return "";
    }

    private String maxLsn() throws SQLException {
        try (Connection connection = surroundings.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT sys.fn_cdc_get_max_lsn()")) {
            row.next();
            return Lsn.of(row.getBytes(1)).text();
        }
    }

    private String trackedAgain() throws SQLException {
        String enable = DistrictSql.enableCapture(District.DATABASE, false).stream()
                .filter(batch -> batch.contains("N'STU'"))
                .findFirst()
                .orElseThrow();
        try (Connection connection = surroundings.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("EXEC sys.sp_cdc_disable_table @source_schema = N'dbo', @source_name = N'STU',"
                    + " @capture_instance = N'dbo_STU'");
            statement.execute(enable);
        }
        return "";
    }

    private String rebuild(boolean feedsToo) {
        Processes.SERVICES.forEach(processes::stop);
        Child rebuild = processes.command(
                Victim.STREAMS_APP,
                "rebuild",
                feedsToo ? List.of("rebuild", "--yes", "--all") : List.of("rebuild", "--yes"));
        if (rebuild.exitCode() != 0) {
            findings.add(Kind.STUCK, "rebuild ended with " + rebuild.exitCode() + ": " + rebuild.lastWords());
        }
        Processes.SERVICES.forEach(processes::start);
        return "";
    }

    private String reselected() throws IOException {
        processes.stop(Victim.SNAPSHOTTER);
        processes.stop(Victim.STREAMS_APP);
        surroundings.reselect();
        processes.start(Victim.STREAMS_APP);
        processes.start(Victim.SNAPSHOTTER);
        return "";
    }

    /** All students of a school are deleted by mistake: nothing may leave until a person has looked. */
    private String massDelete(boolean approved) throws SQLException, InterruptedException {
        orders.pause(true);
        try {
            update("UPDATE [dbo].[STU] SET [DEL] = 1 WHERE [SC] = " + surroundings.heldSchool());
            Optional<Orders.Answer> held = order("held");
            if (held.isEmpty()) {
                findings.add(Kind.SILENT, "A file without the students of a school was not held");
                return "not held";
            }
            String outcome = "held";
            if (approved) {
                outcome = approve(held.get());
            }
            update("UPDATE [dbo].[STU] SET [DEL] = 0 WHERE [SC] = " + surroundings.heldSchool());
            if (order("delivered").isEmpty()) {
                findings.add(Kind.STUCK, "The file was not delivered after the mass delete was undone");
            }
            return outcome + ", undone";
        } finally {
            orders.pause(false);
        }
    }

    /** Approves; when a schedule has put a newer file before the person meanwhile, that one. */
    private String approve(Orders.Answer first) throws InterruptedException {
        Optional<Orders.Answer> held = Optional.of(first);
        for (int times = 0; times < TIMES && held.isPresent(); times++) {
            Child approve = processes.command(
                    Victim.SNAPSHOTTER,
                    "approve",
                    List.of("deliveries", "approve", held.get().id()));
            if (approve.exitCode() == 0) {
                return "held, approved";
            }
            held = order("held");
        }
        findings.add(Kind.STUCK, "A held file could not be approved, five times");
        return "held";
    }

    /** Whether a delivery ends well within the patience: it arrives, or waits for a person. */
    boolean isDelivered(String feed) throws InterruptedException {
        return order(feed, Set.of("delivered", "held")).isPresent();
    }

    private Optional<Orders.Answer> order(String result) throws InterruptedException {
        return order(Surroundings.HELD_FEED, Set.of(result));
    }

    private Optional<Orders.Answer> order(String feed, Set<String> results) throws InterruptedException {
        long deadline = System.nanoTime() + settings.patience().toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Orders.Answer> answer = orders.orderOne(feed, true);
            if (answer.filter(given -> results.contains(given.result())).isPresent()) {
                return answer;
            }
            Thread.sleep(500);
        }
        return Optional.empty();
    }

    /** Tried again when it meets what the offices do at the moment. */
    private void update(String sql) throws SQLException {
        for (int times = 1; ; times++) {
            try (Connection connection = surroundings.connect();
                    Statement statement = connection.createStatement()) {
                statement.executeUpdate(sql);
                return;
            } catch (SQLException e) {
                if (times == TIMES) {
                    throw e;
                }
            }
        }
    }
}
