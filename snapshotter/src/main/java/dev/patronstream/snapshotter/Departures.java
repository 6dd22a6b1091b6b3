package dev.patronstream.snapshotter;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.snapshotter.cut.Cut;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.delivery.DeliveredTable;
import dev.patronstream.snapshotter.delivery.HeldPatrons;
import dev.patronstream.snapshotter.layout.RowsWithLeavers;
import dev.patronstream.snapshotter.safety.Leavers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The people whom the vendor was sent and who do not qualify any more, and what a delivery does about them. Not
 * thread-safe.
 */
public final class Departures {

    private final Leavers rule;
    private final Cut cut;
    private final List<Cut> otherFeeds;
    private final DeliveredTable held;
    private final Instant at;
    private final Map<Long, DeliveredRow> remembered;

    /**
     * Finds who has left.
     *
     * @param rule what the configuration says of leavers
     * @param cut the feed
     * @param otherFeeds the other feeds of the same system
     * @param held what the vendor holds
     * @param at start of the delivery
     */
    public Departures(Leavers rule, Cut cut, List<Cut> otherFeeds, DeliveredTable held, Instant at) {
        this.rule = rule;
        this.cut = cut;
        this.otherFeeds = List.copyOf(otherFeeds);
        this.held = held;
        this.at = at;
        this.remembered = held.rowsOf((person, row) -> hasLeft(person) && !isForgotten(person, row));
    }

    /** Whether a person is not in the feed. */
    public boolean hasLeft(long person) {
        return !cut.holds(person);
    }

    /** Whether a person is in another feed of the same system. */
    public boolean isInOtherFeed(long person) {
        return otherFeeds.stream().anyMatch(other -> other.holds(person));
    }

    /** Who went to another feed of the system is that feed's business; who left long ago is nobody's. */
    public boolean isForgotten(long person, HeldPatrons.Held row) {
        return row.leftAt().filter(since -> !rememberedUntil(since).isAfter(at)).isPresent() || isInOtherFeed(person);
    }

    /** Returns from when on somebody is forgotten who left at a time. */
    public Instant rememberedUntil(Instant leftAt) {
        return leftAt.plus(rule.remembered());
    }

    /** Returns the rows last delivered of those who are remembered, by {@link PersonNumber} in its order. */
    public Map<Long, DeliveredRow> remembered() {
        return remembered;
    }

    /** Returns since when somebody has left who is remembered: since this delivery, unless an earlier one noted it. */
    Optional<Instant> leftAt(long person) {
        return Optional.ofNullable(remembered.get(person))
                .map(row -> row.getLeftAt().orElse(at));
    }

    /** Returns those who are sent as inactive. */
    public List<RowsWithLeavers.Leaver> toSend() {
        if (rule instanceof Leavers.Omitted) {
            return List.of();
        }
        return remembered.entrySet().stream()
                .map(leaver -> new RowsWithLeavers.Leaver(
                        PersonNumber.kind(leaver.getKey()),
                        PersonNumber.id(leaver.getKey()),
                        leaver.getValue().getValues()))
                .toList();
    }

    /** Returns of whom the vendor's row is to be forgotten. */
    List<String> forgotten() {
        List<String> keys = new ArrayList<>();
        held.forEach((person, row) -> {
            if (hasLeft(person) && isForgotten(person, row)) {
                keys.add(PersonNumber.key(person));
            }
        });
        return keys;
    }
}
