package dev.patronstream.streams.epochs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What the topology knows about itself, by name: the epoch applied last, the step being taken, what the outputs were
 * evaluated with, which topics the state belongs to. Empty means that there is no state at all.
 */
final class Ledger {

    private static final String APPLIED = "applied";
    private static final String APPLIED_OFFSET = "applied-offset";
    private static final String JOB = "job";
    private static final String JOB_EPOCH = "job-epoch";
    private static final String ANNOUNCED = "announced";
    private static final String RULES = "rules";
    private static final String COUNT = "count/";
    private static final String DIGEST = "digest/";
    private static final String INPUT = "input/";
    private static final String OUTPUT = "output/";
    private static final String LAST = "last/";

    private final KeyValueStore<Bytes, byte[]> store;
    private final BiFunction<Long, Bytes, WaitingEpoch> epochs;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private boolean changed;

    /** @param epochs reads a progress record of an offset */
    Ledger(KeyValueStore<Bytes, byte[]> store, BiFunction<Long, Bytes, WaitingEpoch> epochs) {
        this.store = store;
        this.epochs = epochs;
    }

    /** The epoch applied last. */
    Optional<WaitingEpoch> applied() {
        return text(APPLIED_OFFSET).map(offset -> epochs.apply(Long.parseLong(offset), bytes(APPLIED)));
    }

    void applied(WaitingEpoch epoch) {
        put(APPLIED_OFFSET, Long.toString(epoch.offset()));
        store.put(key(APPLIED), epoch.wire().get());
        changed = true;
    }

    /** The text of the step that was not finished when the state was committed. */
    Optional<String> job() {
        return text(JOB);
    }

    /** The epoch of that step, whose record stands at the offset. */
    WaitingEpoch jobEpoch(long offset) {
        return epochs.apply(offset, bytes(JOB_EPOCH));
    }

    void job(Job job) {
        put(JOB, job.text());
        if (store.get(key(JOB_EPOCH)) == null) {
            store.put(key(JOB_EPOCH), job.epoch().wire().get());
        }
    }

    void jobDone() {
        if (text(JOB).isPresent()) {
            remove(JOB);
            store.delete(key(JOB_EPOCH));
        }
    }

    /** The epoch whose record stands in the topic of applied epochs; empty when there is none or it was taken back. */
    OptionalLong announced() {
        return number(ANNOUNCED);
    }

    void announced(long epoch) {
        put(ANNOUNCED, Long.toString(epoch));
    }

    void announcedNone() {
        remove(ANNOUNCED);
    }

    /** The rules that all persons were last evaluated with; empty when everybody has to be evaluated. */
    Optional<String> rules() {
        return text(RULES);
    }

    void rules(String rules) {
        put(RULES, rules);
    }

    void forgetRules() {
        remove(RULES);
    }

    long count(String output) {
        return number(COUNT + output).orElse(0);
    }

    /** The sum of the values of an output, as {@link dev.patronstream.schemas.topic.ContentDigest} makes it. */
    long digest(String output) {
        return number(DIGEST + output).orElse(0);
    }

    void content(String output, long count, long digest) {
        put(COUNT + output, Long.toString(count));
        put(DIGEST + output, Long.toString(digest));
    }

    /** The identity of an input topic that the state was built from. */
    Optional<String> input(String topic) {
        return text(INPUT + topic);
    }

    void input(String topic, String identity) {
        put(INPUT + topic, identity);
    }

    void forgetInput(String topic) {
        remove(INPUT + topic);
    }

    /** The identity of an output's topic; known only while the state holds all that stands in the topic. */
    Optional<String> output(String name) {
        return text(OUTPUT + name);
    }

    void output(String name, String identity) {
        put(OUTPUT + name, identity);
    }

    /** The digest of the record that was written last to an output, or stands last in its topic. */
    Optional<String> last(String output) {
        return text(LAST + output);
    }

    void last(String output, Optional<String> digest) {
        digest.ifPresentOrElse(text -> put(LAST + output, text), () -> remove(LAST + output));
    }

    void forgetOutput(String name) {
        remove(OUTPUT + name);
        remove(COUNT + name);
        remove(DIGEST + name);
        remove(LAST + name);
    }

    /** The names of all outputs that the state holds. */
    List<String> outputs() {
        List<String> names = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> found = store.range(key(OUTPUT), StoreKeys.last(key(OUTPUT)))) {
            while (found.hasNext()) {
                names.add(new String(found.next().key.get(), StandardCharsets.UTF_8).substring(OUTPUT.length()));
            }
        }
        return names;
    }

    /** Whether anything was noted since the last time this was asked. */
    boolean hasChanged() {
        boolean since = changed;
        changed = false;
        return since;
    }

    /** Whether nothing was ever noted. */
    boolean isEmpty() {
        try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
            return !all.hasNext();
        }
    }

    private OptionalLong number(String name) {
        return text(name).map(text -> OptionalLong.of(Long.parseLong(text))).orElseGet(OptionalLong::empty);
    }

    private Optional<String> text(String name) {
        String known = texts.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        byte[] bytes = store.get(key(name));
        if (bytes == null) {
            return Optional.empty();
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        texts.put(name, text);
        return Optional.of(text);
    }

    private void put(String name, String text) {
        if (!text.equals(texts.put(name, text))) {
            store.put(key(name), text.getBytes(StandardCharsets.UTF_8));
            changed = true;
        }
    }

    private void remove(String name) {
        if (text(name).isPresent()) {
            texts.remove(name);
            store.delete(key(name));
            changed = true;
        }
    }

    private Bytes bytes(String name) {
        return Bytes.wrap(Objects.requireNonNull(store.get(key(name)), name));
    }

    private static Bytes key(String name) {
        return Bytes.wrap(name.getBytes(StandardCharsets.UTF_8));
    }
}
