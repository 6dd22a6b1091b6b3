package dev.patronstream.benchmarks.endurance.fault;

import dev.patronstream.benchmarks.endurance.fault.Fault.BrokerRestart;
import dev.patronstream.benchmarks.endurance.fault.Fault.Cut;
import dev.patronstream.benchmarks.endurance.fault.Fault.DeletedTopic;
import dev.patronstream.benchmarks.endurance.fault.Fault.Freeze;
import dev.patronstream.benchmarks.endurance.fault.Fault.Kill;
import dev.patronstream.benchmarks.endurance.fault.Fault.LostTail;
import dev.patronstream.benchmarks.endurance.fault.Fault.RegistryDown;
import dev.patronstream.benchmarks.endurance.fault.Fault.RoleKill;
import dev.patronstream.benchmarks.endurance.fault.Fault.RoleKill.Role;
import dev.patronstream.benchmarks.endurance.fault.Fault.SftpDown;
import dev.patronstream.benchmarks.endurance.fault.Fault.SlowDisk;
import dev.patronstream.benchmarks.endurance.fault.Fault.Timing;
import dev.patronstream.benchmarks.endurance.fault.Fault.UncleanElection;
import dev.patronstream.benchmarks.endurance.fault.Fault.Upheaval;
import dev.patronstream.benchmarks.endurance.fault.Fault.Upheaval.What;
import dev.patronstream.benchmarks.endurance.fault.Fault.Zombie;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The faults of a run, in their order: the same seed gives the same plan.
 *
 * <p>They are dealt from a deck of ten cards that is shuffled again when it is empty. Three of them are kills, or eight
 * where kills are what a run is for; the others are losses, upheavals and disturbances, each kind in turn.
 */
public final class FaultPlan {

    private static final int CARDS = 10;
    private static final int KILLS = 3;
    private static final int MOSTLY_KILLS = 8;
    private static final List<Victim> SERVICES = List.of(Victim.CONNECTOR, Victim.STREAMS_APP, Victim.SNAPSHOTTER);
    private static final List<Victim> WITH_DISKS = List.of(Victim.SQLSERVER, Victim.KAFKA, Victim.STREAMS_APP);

    private enum Card {
        KILL,
        LOST_TAIL,
        DELETED_TOPIC,
        UPHEAVAL,
        FREEZE,
        CUT,
        BROKER_RESTART,
        REGISTRY_DOWN,
        SFTP_DOWN,
        ZOMBIE,
        SLOW_DISK,
        ROLE_KILL
    }

    private final Random random;
    private final Turns<Card> disturbances;
    private final Turns<Card> losses;
    private final Turns<LostTopic> tails;
    private final Turns<LostTopic> topics;
    private final Turns<What> upheavals;
    private final int killsPerDeck;
    private final int brokers;
    private final List<Victim> victims;
    private final Turns<Role> roles;

    private FaultPlan(long seed, boolean mostlyKills, int brokers) {
        this.brokers = brokers;
        this.victims = Victim.all(brokers);
        this.random = new Random(seed);
        this.killsPerDeck = mostlyKills ? MOSTLY_KILLS : KILLS;
        this.disturbances =
                new Turns<>(List.copyOf(EnumSet.range(Card.FREEZE, brokers == 1 ? Card.SLOW_DISK : Card.ROLE_KILL)));
        this.losses = new Turns<>(List.of(Card.LOST_TAIL, Card.LOST_TAIL, Card.DELETED_TOPIC, Card.UPHEAVAL));
        this.tails = new Turns<>(List.of(LostTopic.values()));
        this.topics = new Turns<>(List.of(LostTopic.values()));
        this.upheavals = new Turns<>(List.of(What.values()));
        this.roles = new Turns<>(List.of(Role.values()));
    }

    /** Each of some things once, in another order each time. */
    private final class Turns<T> implements Supplier<T> {

        private final List<T> all;
        private final List<T> left = new ArrayList<>();

        Turns(List<T> all) {
            this.all = List.copyOf(all);
        }

        @Override
        public T get() {
            if (left.isEmpty()) {
                left.addAll(all);
                Collections.shuffle(left, random);
            }
            return left.remove(0);
        }
    }

    /** Returns the plan of a seed. */
    public static List<Fault> of(long seed, int faults, boolean mostlyKills, int brokers) {
        FaultPlan plan = new FaultPlan(seed, mostlyKills, brokers);
        return Stream.generate(plan::deck).flatMap(List::stream).limit(faults).toList();
    }

    private List<Fault> deck() {
        List<Card> cards = new ArrayList<>(Collections.nCopies(killsPerDeck, Card.KILL));
        for (int i = 0; cards.size() < CARDS; i++) {
            cards.add(i % 2 == 0 ? losses.get() : disturbances.get());
        }
        Collections.shuffle(cards, random);
        return cards.stream().map(this::fault).toList();
    }

    private Fault fault(Card card) {
        Timing timing = new Timing(random.nextInt(10) < 6, millis(0, 3_000));
        // A loss, or a zombie, only proves something if all was at work.
        Timing atWork = new Timing(true, timing.pause());
        return switch (card) {
            case KILL -> new Kill(timing, victims(), millis(0, 2_000));
            case LOST_TAIL ->
                brokers == 1
                        ? new LostTail(
                                atWork,
                                random.nextBoolean() ? List.of(Victim.KAFKA) : victims,
                                tails.get(),
                                random.nextInt(100))
                        : new UncleanElection(atWork, tails.get(), random.nextInt(100));
            case DELETED_TOPIC -> new DeletedTopic(atWork, topics.get(), random.nextInt(100));
            case UPHEAVAL -> new Upheaval(atWork, upheavals.get(), random.nextBoolean());
            case FREEZE -> new Freeze(timing, oneOf(victims), millis(500, 12_000));
            case CUT -> new Cut(timing, oneOf(Link.all(brokers)), millis(0, 5_000));
            case BROKER_RESTART -> new BrokerRestart(timing, brokers == 1 ? Victim.KAFKA : oneOf(Victim.BROKERS));
            case ROLE_KILL -> new RoleKill(atWork, roles.get(), millis(0, 2_000));
            case REGISTRY_DOWN -> new RegistryDown(timing, millis(1_000, 8_000));
            case SFTP_DOWN -> new SftpDown(timing, millis(1_000, 8_000));
            case ZOMBIE -> new Zombie(atWork);
            case SLOW_DISK -> new SlowDisk(timing, oneOf(WITH_DISKS), millis(20, 300), millis(3_000, 8_000));
        };
    }

    /** One process half of the time, else several, and sometimes all: the power failed. */
    private List<Victim> victims() {
        int chance = random.nextInt(20);
        if (chance < 10) {
            return List.of(oneOf(victims));
        } else if (chance < 18) {
            List<Victim> shuffled = new ArrayList<>(chance < 14 ? victims : SERVICES);
            Collections.shuffle(shuffled, random);
            return shuffled.subList(0, 2 + random.nextInt(2));
        }
        return victims;
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private Duration millis(int least, int most) {
        return Duration.ofMillis(least + random.nextInt(most - least));
    }
}
