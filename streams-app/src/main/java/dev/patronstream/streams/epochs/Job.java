package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.PatronKind;
import dev.patronstream.streams.people.Person;
import java.util.Optional;

/**
 * The step that is being taken: an epoch, or a new evaluation of everybody for the epoch that was applied last.
 *
 * @param epoch the epoch
 * @param isNew whether the epoch's end waits in the inbox, to be removed at the end
 * @param phase how far it is
 * @param everybody whether every person is evaluated, or only those whose rows changed
 * @param last with everybody: the person evaluated last, if any
 * @param rules the rules that it evaluates by
 */
record Job(WaitingEpoch epoch, boolean isNew, Phase phase, boolean everybody, Optional<Person> last, String rules) {

    enum Phase {
        /** Rows go from the inbox into the persons. */
        FOLDING,
        /** Persons are evaluated, differences written. */
        EVALUATING
    }

    static Job apply(WaitingEpoch epoch, boolean everybody, String rules) {
        return new Job(epoch, true, Phase.FOLDING, everybody, Optional.empty(), rules);
    }

    static Job evaluateAgain(WaitingEpoch applied, String rules) {
        return new Job(applied, false, Phase.EVALUATING, true, Optional.empty(), rules);
    }

    /** The rules, or what was written before, are not what they were: everybody is evaluated from the beginning. */
    Job withEverybody(String newRules) {
        return new Job(epoch, isNew, phase, true, Optional.empty(), newRules);
    }

    Job evaluating() {
        return new Job(epoch, isNew, Phase.EVALUATING, everybody, Optional.empty(), rules);
    }

    Job after(Person person) {
        return new Job(epoch, isNew, phase, everybody, Optional.of(person), rules);
    }

    /** What a restart needs, without the epoch's record: one line. */
    String text() {
        return String.join(
                " ",
                phase.name(),
                isNew ? "new" : "again",
                everybody ? "everybody" : "changed",
                Long.toString(epoch.offset()),
                last.map(person -> person.kind() + ":" + person.id()).orElse("-"),
                rules);
    }

    static Job of(String text, WaitingEpoch epoch) {
        String[] parts = text.split(" ", 6);
        return new Job(
                epoch,
                parts[1].equals("new"),
                Phase.valueOf(parts[0]),
                parts[2].equals("everybody"),
                parts[4].equals("-") ? Optional.empty() : Optional.of(person(parts[4])),
                parts[5]);
    }

    /** The offset that stands in the text: it is needed to read the epoch's record. */
    static long offset(String text) {
        return Long.parseLong(text.split(" ", 6)[3]);
    }

    private static Person person(String text) {
        int colon = text.indexOf(':');
        return new Person(
                PatronKind.valueOf(text.substring(0, colon)), Integer.parseInt(text, colon + 1, text.length(), 10));
    }
}
