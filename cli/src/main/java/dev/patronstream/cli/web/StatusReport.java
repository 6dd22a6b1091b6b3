package dev.patronstream.cli.web;

import dev.patronstream.schemas.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How everything in the district stands at one moment, whichever process says so. Immutable. Holds counts and keys only, nothing about a single person.
 *
 * @param origin the process that says so
 * @param now the moment of the report
 * @param stages the stages in the order of the way of a row
 * @param freshness how old what is published may be
 * @param patrons persons in the patron table; empty where nobody has said
 * @param feeds the feeds in the order of the configuration
 * @param deliveries the last receipts, newest first
 * @param counters what capture did since its start, by a camelCase name ({@code rowsPublished})
 */
public record StatusReport(
        Origin origin,
        Instant now,
        List<Stage> stages,
        Freshness freshness,
        OptionalLong patrons,
        List<Feed> feeds,
        List<Delivery> deliveries,
        Map<String, Long> counters) {

    /**
     * The process that says so.
     *
     * @param district name of its district
     * @param version version of this program
     * @param startedAt when it started
     * @param timeZone the district's, which people's times are in
     */
    public record Origin(String district, String version, Instant startedAt, ZoneId timeZone) {}

    /** Copies the collections. */
    public StatusReport {
        stages = List.copyOf(stages);
        feeds = List.copyOf(feeds);
        deliveries = List.copyOf(deliveries);
        counters = Collections.unmodifiableMap(new TreeMap<>(counters));
    }

    /** The parts a row passes, and those they stand on. */
    public enum StageName {
        /** Reads Aeries and publishes what changed. */
        CAPTURE,
        /** Keeps the patron table and the feeds. */
        PATRONS,
        /** Writes the files and delivers them. */
        DELIVERIES,
        KAFKA,
        REGISTRY,
        /** The topic by which the processes know of each other. */
        STAGES,
        /** The disks that this process writes to. */
        DISKS
    }

    /** What a stage does, in one word. */
    public enum StageState {
        STARTING,
        /** It does a long piece of work: reads all tables, rebuilds the patron table. */
        WORKING,
        RUNNING,
        /** Something outside fails; it tries again by itself, deliveries by their schedules. */
        RETRYING,
        /** It waits for a person to decide. */
        HELD,
        FAILED,
        STOPPED,
        /** Nothing has been heard of it for a minute: it is gone, hangs, or cannot reach Kafka. */
        SILENT,
        /** No process has it, though the district needs it. */
        MISSING
    }

    /**
     * How one stage stands.
     *
     * @param name which
     * @param state in one word
     * @param sentence the same in one sentence for people: what it does, or what went wrong and what to do
     * @param since when it came into this state
     * @param details for experts, by a short label: epoch, watermark, offsets, addresses; in their order
     * @param notices for people: what they should know, and what happened lately, the newest first
     * @param instances the processes that have it, the one that does the work first; none of what no process of ours has
     */
    public record Stage(
            StageName name,
            StageState state,
            String sentence,
            Instant since,
            Map<String, String> details,
            List<Notice> notices,
            List<Instance> instances) {

        /** Copies the collections, in their order. */
        public Stage {
            details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
            notices = List.copyOf(notices);
            instances = List.copyOf(instances);
        }

        /** A stage of which there is nothing else to know. */
        public Stage(StageName name, StageState state, String sentence, Instant since, Map<String, String> details) {
            this(name, state, sentence, since, details, List.of(), List.of());
        }
    }

    /**
     * What a person should know.
     *
     * @param at when it happened; empty when it is so now
     * @param text for people
     */
    public record Notice(Optional<Instant> at, String text) {}

    /** Whether a process does the work of its stage. */
    public enum Role {
        LEADS,
        /** Another one does; it takes over when that one is gone. */
        WAITS,
        /** Neither, or not known. */
        NEITHER
    }

    /**
     * One process that has a stage.
     *
     * @param process where: {@code process 4711 on sis1}
     * @param isHere whether it is the process that says so
     * @param state what it says of itself, or that it is silent
     * @param sentence the same for people
     * @param role whether it does the work
     * @param roleSince since when
     * @param lastHeard when it said something last
     * @param statusUrl its own page, if it has one
     */
    public record Instance(
            String process,
            boolean isHere,
            StageState state,
            String sentence,
            Role role,
            Instant roleSince,
            Instant lastHeard,
            Optional<String> statusUrl) {}

    /** What is known of the freshness. */
    public enum FreshnessState {
        /** Every change committed before a known moment is in. */
        KNOWN,
        /** Nobody tells, or not yet. */
        UNKNOWN,
        /** The database's capture job has not finished a scan for longer than it should take. */
        STALLED,
        /** What is in was fresh once: nothing newer has come for longer than the configuration allows. */
        STALE
    }

    /**
     * How old what is published may be.
     *
     * @param state what is known
     * @param asOf every change committed before this time is in; empty when that is not known
     * @param note for people, why it is not known or stands still; empty text when all is well
     */
    public record Freshness(FreshnessState state, Optional<Instant> asOf, String note) {

        /** Before anything is known. */
        public static final Freshness NOT_YET =
                new Freshness(FreshnessState.UNKNOWN, Optional.empty(), "nothing has been read yet");

        /** Returns how old what is published may be at a moment; never negative, whatever the clocks say. */
        public Optional<Duration> age(Instant now) {
            return asOf.map(time -> {
                Duration age = Duration.between(time, now);
                return age.isNegative() ? Duration.ZERO : age;
            });
        }
    }

    /**
     * How one feed stands.
     *
     * @param name its name
     * @param schools the schools it selects, by code
     * @param entries persons in it; empty where this process does not know
     * @param delivering whether a delivery is under way
     * @param times when it is delivered
     * @param lastReceipt the last attempt, whatever became of it
     * @param lastDelivery the receipt of the file that the vendor holds
     * @param failure in words, why the last attempt did not succeed; empty when it did
     */
    public record Feed(
            String name,
            List<School> schools,
            OptionalLong entries,
            boolean delivering,
            Times times,
            Optional<Delivery> lastReceipt,
            Optional<Delivery> lastDelivery,
            Optional<String> failure) {}

    /**
     * A school.
     *
     * @param code its code in Aeries
     * @param site what the vendor calls it; empty where the configuration does not say
     * @param name what people call it: its name in Aeries; as long as that is not known, the site or the code
     */
    public record School(int code, Optional<String> site, String name) {}

    /**
     * When a feed is delivered.
     *
     * @param onChange whether it is delivered when it has changed
     * @param nextRun when its schedule comes next; empty without one
     * @param pausedUntil until when nothing of it is delivered; empty while it is not paused
     */
    public record Times(boolean onChange, Optional<Instant> nextRun, Optional<Instant> pausedUntil) {}
}
