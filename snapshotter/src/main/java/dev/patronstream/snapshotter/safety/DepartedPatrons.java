package dev.patronstream.snapshotter.safety;

import dev.patronstream.schemas.DeliveredRow;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.layout.PatronFile;
import dev.patronstream.snapshotter.ledger.DeliveredTable;
import dev.patronstream.snapshotter.ledger.HeldPatrons;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The people whom the vendor was sent and of whom the file has no row any more, since they do not qualify or since a rule
 * leaves the row out, and what a delivery does about them. Not thread-safe.
 */
public final class DepartedPatrons {

    private final Leavers rule;
    private final PatronFile file;
    private final List<PatronFile> otherFiles;
    private final DeliveredTable held;
    private final Instant at;
    private final Map<Long, DeliveredRow> remembered;

    /** Finds who has left, at the start of a delivery. */
    public DepartedPatrons(
            Leavers rule, PatronFile file, List<PatronFile> otherFiles, DeliveredTable held, Instant at) {
        this.rule = rule;
        this.file = file;
        this.otherFiles = List.copyOf(otherFiles);
        this.held = held;
        this.at = at;
        this.remembered = held.rowsOf((person, row) -> hasLeft(person) && !isForgotten(person, row));
    }

    private boolean hasLeft(long person) {
        return !holds(file, person);
    }

    public boolean isInOtherFeed(long person) {
        return otherFiles.stream().anyMatch(other -> holds(other, person));
    }

    private static boolean holds(PatronFile file, long person) {
        return file.holds(PersonNumber.kind(person), PersonNumber.id(person));
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
    public Optional<Instant> leftAt(long person) {
        return Optional.ofNullable(remembered.get(person))
                .map(row -> row.getLeftAt().orElse(at));
    }

    public List<PatronFile.Leaver> toSend() {
        if (rule.omitted()) {
            return List.of();
        }
        return remembered.entrySet().stream()
                .map(leaver -> new PatronFile.Leaver(
                        PersonNumber.kind(leaver.getKey()),
                        PersonNumber.id(leaver.getKey()),
                        leaver.getValue().getValues()))
                .toList();
    }

    public List<String> forgotten() {
        List<String> keys = new ArrayList<>();
        held.forEach((person, row) -> {
            if (hasLeft(person) && isForgotten(person, row)) {
                keys.add(PersonNumber.key(person));
            }
        });
        return keys;
    }
}
