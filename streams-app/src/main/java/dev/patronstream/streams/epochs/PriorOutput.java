package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.streams.people.Person;
import dev.patronstream.streams.topics.TopicReader;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Takes over what the output topics hold already, wherever the state does not know it: at a start without state, for a
 * new feed, for a topic that was made again. What was written before is then compared with like everything else, so a
 * rebuild that changes nothing writes nothing.
 *
 * <p>Interrupted, it begins the topic again: only a topic that was read to its end is noted in the ledger.
 */
public final class PriorOutput {

    public static final String EPOCHS = "epochs";

    private final TopicReader reader;
    private final Ledger ledger;
    private final Deserializer<EpochApplied> epochs;
    private final Deque<Step> steps = new ArrayDeque<>();
    private TopicReader.@Nullable Scan scan;
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
            String epochsTopic,
            Deserializer<EpochApplied> epochs) {
        this.reader = reader;
        this.ledger = ledger;
        this.epochs = epochs;
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
        String identity = reader.identity(epochsTopic);
        if (!isKnown(EPOCHS, epochsTopic, identity)) {
            steps.add(most -> loadEpoch(epochsTopic, identity));
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
        TopicReader.Scan current = scan == null ? reader.scan(output.topic()) : scan;
        scan = current;
        if (!current.isFinished()) {
            for (TopicReader.Entry entry : current.next()) {
                output.load(person(entry.key()), entry);
                done++;
            }
            return false;
        }
        scan = null;
        output.save();
        ledger.output(output.name(), identity);
        ledger.forgetRules();
        return true;
    }

    private boolean loadEpoch(String topic, String identity) {
        RecordForm<EpochApplied> form = RecordForm.of(Keys.EPOCH::equals, epochs);
        reader.last(topic, entry -> !form.read(entry.sent(topic)).isForeign())
                .map(TopicReader.Entry::value)
                .ifPresentOrElse(
                        value -> ledger.announced(
                                epochs.deserialize(topic, value.get()).getEpoch()),
                        ledger::announcedNone);
        ledger.last(EPOCHS, reader.last(topic).map(WrittenTopic::digest));
        ledger.output(EPOCHS, identity);
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
