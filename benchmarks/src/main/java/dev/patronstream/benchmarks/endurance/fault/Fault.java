package dev.patronstream.benchmarks.endurance.fault;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Something that goes wrong, and for how long.
 *
 * <p>A fault strikes after its {@link Timing}; everything is put back before the next one.
 */
public sealed interface Fault {

    /** When a fault strikes: once everything works again, or without waiting, and then after a pause. */
    record Timing(boolean recovered, Duration pause) {}

    Timing timing();

    /** In words, for the report. */
    String inWords();

    /** The same fault under one name, for counting. */
    default String kind() {
        return inWords().replaceFirst(" (of|from|for|before) .*", "").replaceFirst(" [0-9].*", "");
    }

    /** {@code kill -9} of one process or several at once; they are started again after {@code down}. */
    record Kill(Timing timing, List<Victim> victims, Duration down) implements Fault {
        public Kill {
            victims = List.copyOf(victims);
        }

        @Override
        public String inWords() {
            return "kill -9 of " + victims.stream().map(Victim::id).collect(Collectors.joining(" + "));
        }
    }

    /** SIGSTOP, and SIGCONT later. */
    record Freeze(Timing timing, Victim victim, Duration duration) implements Fault {
        @Override
        public String inWords() {
            return "freeze of " + victim.id() + " for " + duration.toMillis() + " ms";
        }
    }

    /** The connector is frozen, another one started, and the first one thawed: it has to see that it is not needed. */
    record Zombie(Timing timing) implements Fault {
        @Override
        public String inWords() {
            return "zombie of connector";
        }
    }

    /** A line is cut and refuses connections for a while. */
    record Cut(Timing timing, Link link, Duration duration) implements Fault {
        @Override
        public String inWords() {
            return "cut line of " + link.name().toLowerCase(java.util.Locale.ROOT) + " for " + duration.toMillis()
                    + " ms";
        }
    }

    /** {@code kill -9} of the broker that has a role at the moment; it is started again after {@code down}. */
    record RoleKill(Timing timing, Role role, Duration down) implements Fault {

        /** What a broker of several is to the others and to clients. */
        public enum Role {
            CONTRACT_LEADER("leader of a contract topic"),
            FEED_LEADER("leader of a feed"),
            CONNECTORS_COORDINATOR("coordinator of the connector's transactions"),
            STREAMS_COORDINATOR("coordinator of the streams application's transactions");

            private final String words;

            Role(String words) {
                this.words = words;
            }
        }

        @Override
        public String inWords() {
            return "kill -9: " + role.words;
        }
    }

    /** A broker that missed records everybody else has is made the leader of a topic: they are gone, while all runs. */
    record UncleanElection(Timing timing, LostTopic what, int which) implements Fault {
        @Override
        public String inWords() {
            return "unclean election: " + what.inWords();
        }

        @Override
        public boolean isLoss() {
            return true;
        }
    }

    /** A broker is stopped in order and started again. */
    record BrokerRestart(Timing timing, Victim broker) implements Fault {
        @Override
        public String inWords() {
            return "broker restart";
        }
    }

    /** The registry is stopped; who needs a schema meanwhile has to wait. */
    record RegistryDown(Timing timing, Duration duration) implements Fault {
        @Override
        public String inWords() {
            return "registry down for " + duration.toMillis() + " ms";
        }
    }

    /** The vendor's server is stopped. */
    record SftpDown(Timing timing, Duration duration) implements Fault {
        @Override
        public String inWords() {
            return "sftp down for " + duration.toMillis() + " ms";
        }
    }

    /** Every {@code fsync}, {@code fdatasync}, {@code pwrite64} and rename of a process waits. */
    record SlowDisk(Timing timing, Victim victim, Duration each, Duration duration) implements Fault {
        @Override
        public String inWords() {
            return "slow disk of " + victim.id() + " for " + duration.toMillis() + " ms, " + each.toMillis()
                    + " ms a call";
        }
    }

    /** A power failure took what the broker had not written to the disk: the last transaction of a topic is gone. */
    record LostTail(Timing timing, List<Victim> victims, LostTopic what, int which) implements Fault {
        public LostTail {
            victims = List.copyOf(victims);
        }

        @Override
        public String inWords() {
            return "lost tail of " + what.inWords() + ", with kill -9 of "
                    + victims.stream().map(Victim::id).collect(Collectors.joining(" + "));
        }

        @Override
        public String kind() {
            return "lost tail: " + what.inWords();
        }

        @Override
        public boolean isLoss() {
            return true;
        }
    }

    /** A topic is deleted. */
    record DeletedTopic(Timing timing, LostTopic what, int which) implements Fault {
        @Override
        public String inWords() {
            return "deleted: " + what.inWords();
        }

        @Override
        public String kind() {
            return inWords();
        }

        @Override
        public boolean isLoss() {
            return true;
        }
    }

    /** What a person or a machine does to the database or the installation, for which no process is to be blamed. */
    record Upheaval(Timing timing, What what, boolean second) implements Fault {

        /** What is done, and in which of two ways. */
        public enum What {
            RETENTION_PASSED("changes cleaned up before they were read", ""),
            RESTORED("database put back to an earlier point", ""),
            TRACKED_ANEW("table tracked again, so it is read again", ""),
            REBUILD("rebuild", ", the feeds too"),
            RESELECTED("another selection of schools", ""),
            MASS_DELETE("mass delete that is held, then undone", ", approved first");

            private final String words;
            private final String other;

            What(String words, String other) {
                this.words = words;
                this.other = other;
            }
        }

        @Override
        public String inWords() {
            return what.words + (second ? what.other : "");
        }

        @Override
        public String kind() {
            return what.words;
        }

        @Override
        public boolean isLoss() {
            return true;
        }
    }

    /** Whether it takes something away that has to be made good: then the next fault waits until the status is good. */
    default boolean isLoss() {
        return false;
    }
}
