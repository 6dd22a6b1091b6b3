package dev.patronstream.connector.start;

import dev.patronstream.connector.check.CapturedLayout;
import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.Incarnation;
import dev.patronstream.connector.database.LogEntry;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.epoch.EpochNumbers;
import dev.patronstream.connector.epoch.Note;
import dev.patronstream.connector.epoch.Position;
import dev.patronstream.connector.epoch.TopicContent;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Progress;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.TopicIdentity;
import dev.patronstream.schemas.topic.Topics;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether capture can go on where it stopped, or the tables have to be compared with the topics first.
 *
 * @param source the database, under the identity it is known by
 * @param snapshot why a snapshot is needed; empty when the stream goes on
 * @param notices what a person may want to know of, though nothing has to be done
 */
public record StartPlan(
        Source source, Position position, Optional<Progress> last, Optional<String> snapshot, List<String> notices) {

    /**
     * What was found in Kafka.
     *
     * @param notes by topic that the position rests on: what it ends with now; of the history of the tables' definitions
     *     what it ended with when the position was written
     * @param unreadable why rows that were published cannot be read; empty when they can
     * @param lastEpoch the number after which the next epochs are numbered
     */
    public record Stored(
            Optional<Position> position,
            Optional<Progress> progress,
            Map<String, Note> notes,
            Optional<String> unreadable,
            long lastEpoch) {

        /** Reads it back. */
        public static Stored read(
                CommittedTopics reader,
                Topics topics,
                AvroSerdes serdes,
                Map<String, String> identities,
                Set<String> names) {
            Optional<Position> position = reader.newest(topics.offsets(), Position.FORM, Position.KEY);
            Optional<Progress> progress =
                    reader.newest(topics.progress(), RecordForm.of(serdes.deserializer(Progress.class)), Keys.PROGRESS);
            Map<String, Note> notes = new TreeMap<>();
            identities.forEach((topic, identity) -> {
                boolean growsAlone = topic.equals(topics.schemaHistory());
                long before = growsAlone
                                && position.isPresent()
                                && position.get().notes().containsKey(topic)
                        ? position.get().notes().get(topic).next()
                        : Long.MAX_VALUE;
                // The position does not rest on these two; they are watched for their settings and partitions.
                if (!topic.equals(topics.offsets()) && !topic.equals(topics.holds())) {
                    notes.put(topic, Note.of(reader, topic, identity, before));
                }
            });
            Optional<String> unreadable = TopicContent.unreadable(reader, topics, serdes);
            Stored found = new Stored(position, progress, notes, unreadable, 0);
            long known = Math.max(
                    position.map(Position::epoch).orElse(0L),
                    progress.map(Progress::getEpoch).orElse(0L));
            boolean anywhere = found.lost(topics).isPresent();
            long seen = EpochNumbers.highest(reader, topics, serdes, names, anywhere);
            return new Stored(position, progress, notes, unreadable, Math.max(known, seen));
        }

        /** Why the position and the topics do not fit each other; empty when they do. */
        Optional<String> lost(Topics topics) {
            if (position.isEmpty()) {
                return Optional.of(
                        notes.values().stream().allMatch(note -> note.next() == 0)
                                ? "first start"
                                : "the stored position of the source is gone from topic " + topics.offsets());
            }
            Map<String, Note> before = position.get().notes();
            for (String topic : notes.keySet()) {
                Note now = notes.get(topic);
                Note then = before.getOrDefault(topic, new Note(now.topicId(), 0, ""));
                Optional<String> other = TopicIdentity.lost(topic, then.topicId(), now.topicId());
                if (other.isPresent()) {
                    return other;
                }
                if (!then.fits(now)) {
                    return Optional.of("topic " + topic + " does not end with what capture wrote there last: it, or"
                            + " topic " + topics.offsets() + ", has lost its end");
                }
            }
            return unreadable;
        }
    }

    /** Compares what is stored with the database and the topics. */
    public static StartPlan of(Stored stored, Source source, SourceDatabase database, Topics topics)
            throws SQLException {
        Optional<String> lost = stored.lost(topics);
        if (stored.position().isEmpty()) {
            Source known = stored.progress()
                    .filter(last ->
                            last.getIncarnation().equals(source.incarnation().id())
                                    || last.getIncarnation()
                                            .startsWith(source.incarnation().id() + "#"))
                    .map(last -> {
                        Incarnation before = source.incarnation().withId(last.getIncarnation());
                        return source.known(
                                otherWay(new Lsn(last.getWatermark()), source).isPresent()
                                        ? distinct(source.incarnation(), before)
                                        : before);
                    })
                    .orElse(source);
            return new StartPlan(known, fresh(stored, known, false), stored.progress(), lost, List.of());
        }
        Position position = stored.position().get().withEpoch(stored.lastEpoch());
        Optional<String> otherDatabase = differs(position, source, database);
        Incarnation incarnation = otherDatabase.isPresent()
                ? distinct(source.incarnation(), position.incarnation())
                : source.incarnation().withId(position.incarnation().id());
        Source known = source.known(incarnation);
        CapturedLayout before = position.captured();
        List<String> changes = source.layout().changesSince(before);
        Optional<String> snapshot = otherDatabase
                .or(position::unfinishedSnapshot)
                .or(() -> lost)
                .or(() -> before.fingerprint().equals(source.layout().fingerprint())
                        ? Optional.empty()
                        : Optional.of(columnsChanged(changes)))
                .or(() -> source.polled()
                        ? Optional.empty()
                        : Retention.lost(
                                source.capturedTables(),
                                before.instances(),
                                source.tracked(),
                                position.watermarkLsn()));
        if (snapshot.isPresent()) {
            Position begin = fresh(stored, known, otherDatabase.isEmpty());
            return new StartPlan(known, begin, stored.progress(), snapshot, List.of());
        }
        return new StartPlan(known, position, stored.progress(), Optional.empty(), changes);
    }

    /** Why a snapshot is needed when other columns are captured. */
    public static String columnsChanged(List<String> changes) {
        return changes.isEmpty()
                ? "other columns are captured than before"
                : "the captured columns are others than before: " + String.join(", ", changes);
    }

    /** Why a snapshot is needed when the log ends before what was published. */
    public static String restored(Lsn end, Lsn watermark) {
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
        Optional<String> otherWay = otherWay(watermark, source);
        if (source.polled() || otherWay.isPresent()) {
            return otherWay;
        }
        if (watermark.isAfter(database.maxLsn()) && !watermark.equals(Lsn.NONE)) {
            return Optional.of(
                    isMadeAgain(position, source)
                            ? "change data capture was disabled and enabled again, and what happened in between was not"
                                    + " captured"
                            : restored(database.maxLsn(), watermark));
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

    /** Why what was published last is no place in what is captured now: one is an LSN, the other a time of reading. */
    private static Optional<String> otherWay(Lsn watermark, Source source) {
        return watermark.readAt().isPresent() == source.polled()
                ? Optional.empty()
                : Optional.of(
                        source.polled()
                                ? "the tables are polled from now on, without change data capture"
                                : "change data capture is used from now on, and no polling");
    }

    /** Whether none of today's capture instances was there when the position was published. */
    private static boolean isMadeAgain(Position position, Source source) {
        return source.tracked().stream()
                .noneMatch(now -> position.captured().instances().stream().anyMatch(now::isSameAs));
    }

    /** The clean-up removes the log's entries together with the changes below the lowest start LSN. */
    private static boolean isCleanedUp(Lsn lsn, Source source) {
        return source.tracked().stream().allMatch(table -> table.startLsn().isAfter(lsn));
    }

    /**
     * A place before a snapshot: it goes by what the topics hold, and an epoch begun in part goes on.
     *
     * @param sameLog whether the stored LSNs are of this log; those of another say nothing in it
     */
    private static Position fresh(Stored stored, Source source, boolean sameLog) {
        Optional<Position> before = stored.position();
        Optional<Position> place = before.filter(position -> sameLog);
        Position from = new Position(
                stored.lastEpoch(),
                source.incarnation(),
                place.map(Position::watermark).orElse((source.polled() ? Lsn.NOT_READ : Lsn.NONE).text()),
                place.map(Position::logEntry).orElse(null),
                new CapturedLayout(
                        source.layout().fingerprint(), source.layout().types(), List.of()),
                before.map(Position::notes).orElse(Map.of()),
                before.map(Position::unfinished).orElse(null),
                Map.of());
        return from.noting(stored.notes());
    }

    /** Two incarnations must differ in name even where nothing else tells them apart. */
    private static Incarnation distinct(Incarnation now, Incarnation before) {
        if (!before.id().startsWith(now.id())) {
            return now;
        }
        String suffix = before.id().substring(now.id().length());
        int life = suffix.matches("#\\d+") ? Integer.parseInt(suffix.substring(1)) : 1;
        return now.withId(now.id() + "#" + (life + 1));
    }
}
