package dev.patronstream.connector;

import dev.patronstream.connector.epoch.CommittedReader;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.source.CapturedLayout;
import dev.patronstream.connector.source.Incarnation;
import dev.patronstream.connector.source.LogEntry;
import dev.patronstream.connector.source.Source;
import dev.patronstream.connector.source.SourceDatabase;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.Topics;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the stream can go on where it stopped, or the tables have to be read anew.
 *
 * @param source the database, under the identity it is known by
 * @param position where capture stands
 * @param last the last complete epoch
 * @param snapshot why a snapshot is needed; empty when the stream goes on
 * @param notices what a person may want to know of, though nothing has to be done
 */
record StartPlan(
        Source source, Position position, Optional<Progress> last, Optional<String> snapshot, List<String> notices) {

    private static final String REENABLED =
            "change data capture was disabled and enabled again, and what happened in" + " between was not captured";

    /**
     * What was found in Kafka.
     *
     * @param topicIds by topic that the position rests on: the id it has now
     */
    record Stored(Optional<Position> position, Optional<Progress> progress, Map<String, String> topicIds) {}

    /** Compares what is stored with the database and the topics. */
    static StartPlan of(Stored stored, Source source, SourceDatabase database, CommittedReader reader, Topics topics)
            throws SQLException {
        Map<String, Long> ends = new HashMap<>();
        topics.contracts().forEach(topic -> ends.put(topic, reader.end(topic)));
        ends.put(topics.schemaHistory(), reader.end(topics.schemaHistory()));
        long epoch = Math.max(
                stored.position().map(Position::epoch).orElse(0L),
                stored.progress().map(Progress::getEpoch).orElse(0L));
        if (stored.position().isEmpty()) {
            String reason = stored.progress().isEmpty()
                    ? "first start"
                    : "the stored position of the source is gone from topic " + topics.offsets();
            Source known = stored.progress()
                    .map(Progress::getIncarnation)
                    .filter(id -> id.equals(source.incarnation().id())
                            || id.startsWith(source.incarnation().id() + "#"))
                    .map(id -> source.known(source.incarnation().withId(id)))
                    .orElse(source);
            Position from = fresh(epoch, known, null, ends, topics);
            return new StartPlan(known, from, stored.progress(), Optional.of(reason), List.of());
        }
        Position position = stored.position().get();
        Optional<String> otherDatabase = differs(position, source, database);
        Incarnation incarnation = otherDatabase.isPresent()
                ? distinct(source.incarnation(), position.incarnation())
                : source.incarnation().withId(position.incarnation().id());
        Source known = source.known(incarnation);
        List<String> changes = position.layout() == null
                ? List.of()
                : source.layout().changesSince(new CapturedLayout(position.layout()));
        Optional<String> snapshot = otherDatabase
                .or(position::unfinishedSnapshot)
                .or(() -> topicsDiffer(position, stored, topics, ends))
                .or(() -> position.columns().equals(source.columnsFingerprint())
                        ? Optional.empty()
                        : Optional.of(columnsChanged(changes)))
                .or(() -> Retention.lost(
                        source.capturedTables(), position.instances(), source.tracked(), position.watermarkLsn()));
        if (snapshot.isPresent()) {
            Position before = otherDatabase.isPresent() ? forgetting(position) : position;
            Position from = fresh(epoch, known, before, ends, topics);
            return new StartPlan(known, from, stored.progress(), snapshot, List.of());
        }
        return new StartPlan(known, position, stored.progress(), Optional.empty(), changes);
    }

    /** Why a snapshot is needed when other columns are captured. */
    static String columnsChanged(List<String> changes) {
        return changes.isEmpty()
                ? "other columns are captured than before"
                : "the captured columns are others than before: " + String.join(", ", changes);
    }

    /** Why a snapshot is needed when the log ends before what was published. */
    static String restored(Lsn end, Lsn watermark) {
        return "the database was restored to an earlier point: its log ends at " + end + ", but changes up to "
                + watermark + " were published";
    }

    /** Why the log is not the one the position belongs to; empty when it is. */
    private static Optional<String> differs(Position position, Source source, SourceDatabase database)
            throws SQLException {
        if (!position.incarnation().isSameAs(source.incarnation())) {
            return Optional.of("the database is another one than before: "
                    + source.incarnation().id() + " instead of "
                    + position.incarnation().id());
        }
        Lsn watermark = position.watermarkLsn();
        if (watermark.isAfter(database.maxLsn()) && !watermark.equals(Lsn.NONE)) {
            return Optional.of(isMadeAnew(position, source) ? REENABLED : restored(database.maxLsn(), watermark));
        }
        @Nullable LogEntry stored = position.logEntry();
        if (stored == null || isCleanedUp(new Lsn(stored.lsn()), source)) {
            return Optional.empty();
        }
        boolean same =
                database.entryUpTo(new Lsn(stored.lsn())).filter(stored::equals).isPresent();
        return same
                ? Optional.empty()
                : Optional.of("the database was restored: its log has another entry at " + stored.lsn());
    }

    /** Whether none of today's capture instances was there when the position was published. */
    private static boolean isMadeAnew(Position position, Source source) {
        return source.instances().stream().noneMatch(now -> position.instances().stream()
                .anyMatch(before ->
                        before.name().equals(now.name()) && before.createdAt().equals(now.createdAt())));
    }

    /** The clean-up removes the log's entries together with the changes below the lowest start LSN. */
    private static boolean isCleanedUp(Lsn lsn, Source source) {
        return source.tracked().stream().allMatch(table -> table.startLsn().isAfter(lsn));
    }

    private static Optional<String> topicsDiffer(
            Position position, Stored stored, Topics topics, Map<String, Long> ends) {
        Map<String, String> before = position.topics() == null ? Map.of() : position.topics();
        for (String topic : new TreeMap<>(before).keySet()) {
            if (!before.get(topic).equals(stored.topicIds().getOrDefault(topic, before.get(topic)))) {
                return Optional.of("topic " + topic + " was deleted and made anew");
            }
        }
        if (ends.get(topics.schemaHistory()) == 0) {
            return Optional.of("topic " + topics.schemaHistory() + ", which keeps the tables' definitions, is empty");
        }
        for (String topic : topics.contracts()) {
            if (position.nextOffsets().getOrDefault(topic, 0L) > ends.get(topic)) {
                return Optional.of("topic " + topic + " was deleted and made anew");
            }
        }
        if (stored.progress()
                        .filter(last -> last.getEpoch() == position.epoch())
                        .isEmpty()
                && position.epoch() > 0) {
            return Optional.of("topic " + topics.progress() + " does not hold the last epoch, " + position.epoch());
        }
        return Optional.empty();
    }

    /** A place before a snapshot: what was written before stays counted, and an epoch begun in part goes on. */
    private static Position fresh(
            long epoch, Source source, @Nullable Position before, Map<String, Long> ends, Topics topics) {
        // A topic of a table that is not captured at present keeps its place, for when it is again.
        Map<String, Long> nextOffsets = new HashMap<>(before == null ? Map.of() : before.nextOffsets());
        topics.contracts().forEach(topic -> {
            long end = ends.get(topic);
            nextOffsets.put(
                    topic,
                    before == null ? end : Math.min(end, before.nextOffsets().getOrDefault(topic, 0L)));
        });
        return new Position(
                epoch,
                source.incarnation(),
                before == null ? Lsn.NONE.text() : before.watermark(),
                before == null ? null : before.logEntry(),
                source.columnsFingerprint(),
                source.layout().types(),
                before == null ? null : before.topics(),
                List.of(),
                nextOffsets,
                before == null ? null : before.unfinished());
    }

    /** LSNs of another database say nothing in this one. */
    private static Position forgetting(Position before) {
        return new Position(
                before.epoch(),
                before.incarnation(),
                Lsn.NONE.text(),
                null,
                before.columns(),
                before.layout(),
                before.topics(),
                List.of(),
                before.nextOffsets(),
                before.unfinished());
    }

    /** LSNs of two lives must differ in name even where nothing else tells them apart. */
    private static Incarnation distinct(Incarnation now, Incarnation before) {
        if (!before.id().startsWith(now.id())) {
            return now;
        }
        String suffix = before.id().substring(now.id().length());
        int life = suffix.matches("#\\d+") ? Integer.parseInt(suffix.substring(1)) : 1;
        return now.withId(now.id() + "#" + (life + 1));
    }
}
