package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.topic.TopicRecord;
import dev.patronstream.streams.people.Person;
import dev.patronstream.streams.topics.TopicReader;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes over what the output topics hold already, wherever the state does not know it: at a start without state, for a
 * new feed, for a topic that was made again. What was written before is then compared with like everything else, so a
 * rebuild that changes nothing writes nothing.
 *
 * <p>Interrupted, it begins the topic again: only a topic that was read to its end is noted in the ledger.
 */
final class PriorOutput {

    private final TopicReader reader;
    private final Ledger ledger;
    private final Deque<Step> steps = new ArrayDeque<>();
    private @Nullable Iterator<List<TopicRecord<byte[]>>> scan;
    private long done;

    /** One thing to do, in calls that each do about so much; returns whether it is over. */
    @FunctionalInterface
    private interface Step {
        boolean advance(int most);
    }

    PriorOutput(
            TopicReader reader,
            Ledger ledger,
            Collection<WrittenTopic<?>> outputs,
            Map<String, WrittenTopic<?>> retired,
            Announcements announcements) {
        this.reader = reader;
        this.ledger = ledger;
        retired.forEach((name, output) -> {
            steps.add(most -> forget(output, most));
            steps.add(most -> {
                ledger.forgetOutput(name);
                return true;
            });
        });
        for (WrittenTopic<?> output : outputs) {
            String identity = reader.identity(output.topic());
            if (!isKnown(output.name(), output.topic(), identity)) {
                steps.add(most -> forget(output, most));
                steps.add(most -> load(output, identity));
            }
        }
        String identity = reader.identity(announcements.topic());
        if (!isKnown(Stores.EPOCHS, announcements.topic(), identity)) {
            steps.add(most -> {
                announcements.load(reader);
                return taken(Stores.EPOCHS, identity);
            });
        }
    }

    /** Whether the topic is the one that was written to, and the record that stands last in it the one written last. */
    private boolean isKnown(String name, String topic, String identity) {
        return ledger.output(name).equals(Optional.of(identity))
                && reader.last(topic).map(WrittenTopic::digest).equals(ledger.last(name));
    }

    boolean isOver() {
        return steps.isEmpty();
    }

    /** How many records have been read. */
    long done() {
        return done;
    }

    /** Does some of the work: about so many records, or whole topics as long as they are small. */
    void advance(int most) {
        long end = done + most;
        while (!steps.isEmpty() && done < end && steps.element().advance(most)) {
            steps.remove();
        }
    }

    private static boolean forget(WrittenTopic<?> output, int most) {
        return output.forget(most) < most;
    }

    private boolean load(WrittenTopic<?> output, String identity) {
        scan = scan == null ? reader.scan(output.topic()) : scan;
        if (scan.hasNext()) {
            for (TopicRecord<byte[]> record : scan.next()) {
                output.load(person(record.key()), record);
                done++;
            }
            return false;
        }
        scan = null;
        output.save();
        return taken(output.name(), identity);
    }

    private boolean taken(String name, String identity) {
        ledger.output(name, identity);
        ledger.forgetRules();
        return true;
    }

    /** Empty for the key of a record that something else wrote: nobody is looked for under it. */
    private static Optional<Person> person(String key) {
        int slash = key.indexOf('/');
        return Keys.isPerson(key)
                ? Optional.of(new Person(
                        PatronKind.valueOf(key.substring(0, slash).toUpperCase(Locale.ROOT)),
                        Integer.parseInt(key, slash + 1, key.length(), 10)))
                : Optional.empty();
    }
}
