package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Progress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far the topology is, as it tells others. Immutable; may be ahead of what is committed by a fraction of a second.
 *
 * @param activity what it is doing
 * @param applied the epoch applied last, if any
 * @param counts by output ({@code patrons}, {@code feed.<feed>}): how many persons it holds
 * @param done how much of the activity is done, in the activity's own measure
 * @param total how much there is to do; 0 where that is not known
 * @param missing what the next epoch waits for: its rows, or columns that are not captured yet
 * @param passedOver what to say of the last records that something else wrote
 */
public record TopologyState(
        Activity activity,
        Optional<Progress> applied,
        Map<String, Long> counts,
        long done,
        long total,
        List<String> missing,
        List<String> passedOver) {

    /** What the topology is doing; where that can take long, with words for people. */
    public enum Activity {
        /** Nothing has been read yet. */
        STARTING("", ""),
        LOADING("Reading what the feeds hold already", "entries read"),
        REPLAYING("Replaying the source tables; nothing is written before they are read", "rows replayed"),
        FOLDING("Taking over many rows", "rows taken over"),
        EVALUATING("Evaluating many persons", "persons evaluated"),
        /** Every epoch that has been read is applied. */
        UP_TO_DATE("", ""),
        /** The end of an epoch has been read, some of its rows have not. */
        WAITING("", ""),
        /** A feed needs columns that the rows do not have yet. */
        AWAITING_COLUMNS("", "");

        private final String words;
        private final String unit;

        Activity(String words, String unit) {
            this.words = words;
            this.unit = unit;
        }

        /** Returns what it is doing, in words; empty for what takes no time. */
        public String words() {
            return words;
        }

        /** Returns what {@link TopologyState#done} counts; empty for what takes no time. */
        public String unit() {
            return unit;
        }
    }

    /** Before anything is known. */
    public static final TopologyState STARTING =
            new TopologyState(Activity.STARTING, Optional.empty(), Map.of(), 0, 0, List.of(), List.of());

    /** Whether it can go on only when rows come. */
    public boolean isWaiting() {
        return activity == Activity.WAITING || activity == Activity.AWAITING_COLUMNS || activity == Activity.REPLAYING;
    }

    /** Copies the collections. */
    public TopologyState {
        counts = Map.copyOf(counts);
        missing = List.copyOf(missing);
        passedOver = List.copyOf(passedOver);
    }
}
