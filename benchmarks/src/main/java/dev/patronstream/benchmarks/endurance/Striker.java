package dev.patronstream.benchmarks.endurance;

import dev.patronstream.benchmarks.endurance.fault.Fault;
import dev.patronstream.benchmarks.endurance.fault.Strike;
import dev.patronstream.benchmarks.endurance.fault.Victim;
import dev.patronstream.benchmarks.endurance.judge.Findings;
import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.benchmarks.endurance.process.Child;
import dev.patronstream.benchmarks.endurance.process.SlowedDisk;
import dev.patronstream.benchmarks.endurance.process.TcpRelay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Lets faults happen, one after the other, and puts everything back. For one thread. */
final class Striker {

    private static final Duration ZOMBIES_LIFE = Duration.ofMinutes(2);
    private static final long LOOK_MILLIS = 100;

    private final Surroundings surroundings;
    private final Processes processes;
    private final Pulse pulse;
    private final Upheavals upheavals;
    private final StatusWatch status;
    private final EnduranceSettings settings;
    private final Findings findings;
    private final Consumer<String> journal;
    private final List<Strike> strikes = new ArrayList<>();
    private long kills;

    Striker(
            Surroundings surroundings,
            Processes processes,
            Pulse pulse,
            Upheavals upheavals,
            StatusWatch status,
            EnduranceSettings settings,
            Findings findings,
            Consumer<String> journal) {
        this.surroundings = surroundings;
        this.processes = processes;
        this.pulse = pulse;
        this.upheavals = upheavals;
        this.status = status;
        this.settings = settings;
        this.findings = findings;
        this.journal = journal;
    }

    List<Strike> strikes() {
        return List.copyOf(strikes);
    }

    /** How many processes were killed. */
    long kills() {
        return kills;
    }

    /** Carries out a plan until its end, or until the time is over. */
    void strike(List<Fault> plan) throws InterruptedException {
        Instant end = Instant.now().plus(settings.atMost());
        for (Fault fault : plan) {
            if (Instant.now().isAfter(end)) {
                journal.accept("The time is over; " + (plan.size() - strikes.size()) + " faults are left out");
                return;
            }
            if (fault.timing().recovered() && !recover()) {
                return;
            }
            Thread.sleep(fault.timing().pause().toMillis());
            Instant at = Instant.now();
            long epoch = pulse.last().epoch();
            journal.accept("fault " + (strikes.size() + 1) + " of " + plan.size() + ", epoch " + epoch + ": "
                    + fault.inWords());
            String outcome = happen(fault);
            Instant done = Instant.now();
            strikes.add(new Strike(strikes.size() + 1, fault, at, epoch, done, outcome, Optional.empty()));
            if (!outcome.isEmpty()) {
                journal.accept("  " + outcome);
            }
            if (fault.isLoss() && !(recover() && calm(done))) {
                return;
            }
        }
    }

    /** Waits until two more epochs are applied; false, and a finding, if they do not come. */
    boolean recover() throws InterruptedException {
        Instant began = Instant.now();
        long epoch = pulse.last().epoch();
        if (!await(settings.patience(), () -> pulse.last().epoch() >= epoch + 2)) {
            String last = strikes.isEmpty() ? "the start" : "fault " + strikes.size();
            findings.add(
                    Kind.STUCK,
                    "No epoch was applied for " + settings.patience().toSeconds() + " s after " + last
                            + "; the last one is " + pulse.last().epoch());
            return false;
        }
        int place = strikes.size() - 1;
        // A loss is waited for at once; what is waited for again before the next fault is not its own time.
        if (place >= 0 && strikes.get(place).recovery().isEmpty()) {
            strikes.set(place, strikes.get(place).recoveredIn(Duration.between(began, Instant.now())));
        }
        return true;
    }

    /** Waits until both feeds are delivered and all has been good for a while; false, and a finding, if that does not come. */
    private boolean calm(Instant since) throws InterruptedException {
        for (String feed : Surroundings.FEEDS) {
            if (!upheavals.isDelivered(feed)) {
                findings.add(
                        Kind.STUCK,
                        "Nothing of " + feed + " was delivered for "
                                + settings.patience().toSeconds() + " s after fault " + strikes.size());
                return false;
            }
        }
        boolean isCalm = await(settings.patience(), () -> status.isGoodSince(since, settings.calm()));
        if (!isCalm) {
            findings.add(
                    Kind.STUCK,
                    "The status is not good, " + settings.patience().toSeconds() + " s after fault " + strikes.size()
                            + ": " + status.last().sentence());
        }
        return isCalm;
    }

    private String happen(Fault fault) throws InterruptedException {
        if (fault instanceof Fault.LostTail lost) {
            kills += lost.victims().size();
            return upheavals.happen(lost);
        } else if (fault instanceof Fault.UncleanElection election) {
            kills += Victim.BROKERS.size();
            return upheavals.happen(election);
        } else if (fault instanceof Fault.RoleKill kill) {
            Victim broker = upheavals.broker(kill.role());
            kill(List.of(broker), kill.down());
            return broker.id();
        } else if (fault instanceof Fault.DeletedTopic deleted) {
            return upheavals.happen(deleted);
        } else if (fault instanceof Fault.Upheaval upheaval) {
            return upheavals.happen(upheaval);
        } else if (fault instanceof Fault.Kill kill) {
            kill(kill.victims(), kill.down());
        } else if (fault instanceof Fault.Freeze freeze) {
            Child child = processes.child(freeze.victim());
            child.freeze();
            Thread.sleep(freeze.duration().toMillis());
            child.thaw();
        } else if (fault instanceof Fault.Zombie) {
            return zombie();
        } else if (fault instanceof Fault.Cut cut) {
            TcpRelay relay = surroundings.relay(cut.link());
            relay.cut();
            Thread.sleep(cut.duration().toMillis());
            relay.mend();
        } else if (fault instanceof Fault.BrokerRestart restart) {
            boolean inTime = processes.stop(restart.broker());
            processes.start(restart.broker());
            return inTime ? "" : "the broker had to be killed";
        } else if (fault instanceof Fault.RegistryDown down) {
            surroundings.stopRegistry();
            Thread.sleep(down.duration().toMillis());
            return startRegistry();
        } else if (fault instanceof Fault.SftpDown down) {
            surroundings.stopSftp();
            Thread.sleep(down.duration().toMillis());
            surroundings.startSftp();
        } else if (fault instanceof Fault.SlowDisk slow) {
            return slowDisk(slow);
        }
        return "";
    }

    private void kill(List<Victim> victims, Duration down) throws InterruptedException {
        processes.kill(victims);
        kills += victims.size();
        Thread.sleep(down.toMillis());
        victims.forEach(processes::start);
    }

    /** The registry needs the broker, which may be on its way back itself. */
    private String startRegistry() throws InterruptedException {
        boolean started = await(settings.patience(), () -> {
            try {
                surroundings.startRegistry();
                return true;
            } catch (RuntimeException e) {
                return false;
            }
        });
        if (!started) {
            findings.add(Kind.STUCK, "The registry did not start again");
        }
        return "";
    }

    private String zombie() throws InterruptedException {
        Child first = processes.child(Victim.CONNECTOR);
        first.freeze();
        Instant frozen = Instant.now();
        Child same = processes.replaceConnector();
        boolean tookOver =
                await(settings.patience(), () -> pulse.last().publishedAt().isAfter(frozen));
        same.thaw();
        if (!tookOver) {
            findings.add(Kind.STUCK, "A second connector did not take over from a frozen one");
        }
        boolean ended = first.awaitEnd(ZOMBIES_LIFE);
        if (!ended) {
            findings.add(
                    Kind.ZOMBIE,
                    "A connector went on beside the one that had taken over; its log is "
                            + first.log().getFileName());
            first.kill();
            return "the old connector did not end";
        }
        return "the old connector ended with exit code " + first.exitCode() + ": " + first.lastWords();
    }

    private String slowDisk(Fault.SlowDisk slow) throws InterruptedException {
        long pid = processes.child(slow.victim()).pid();
        Optional<SlowedDisk> slowed = SlowedDisk.of(pid, slow.each());
        if (slowed.isEmpty()) {
            return "not imitated: strace is not there, may not attach, or the process was ending";
        }
        try (SlowedDisk disk = slowed.get()) {
            Thread.sleep(slow.duration().toMillis());
        }
        return "";
    }

    /** A condition whose look may be interrupted. */
    interface Condition {
        boolean isTrue() throws InterruptedException;
    }

    /** A question that may be interrupted. */
    interface Question<T> {
        Optional<T> ask() throws InterruptedException;
    }

    /** Asks until there is an answer, or the time is over. */
    static <T> Optional<T> until(Duration patience, Question<T> question) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<T> answer = question.ask();
        while (answer.isEmpty() && System.nanoTime() <= deadline) {
            Thread.sleep(LOOK_MILLIS);
            answer = question.ask();
        }
        return answer;
    }

    /** Waits for a condition; whether it came true in time. */
    static boolean await(Duration patience, Condition condition) throws InterruptedException {
        return until(patience, () -> condition.isTrue() ? Optional.of(true) : Optional.empty())
                .isPresent();
    }
}
