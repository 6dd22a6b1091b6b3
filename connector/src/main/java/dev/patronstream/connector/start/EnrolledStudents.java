package dev.patronstream.connector.start;

import dev.patronstream.connector.check.Source;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.row.TableColumns;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Keys;
import dev.patronstream.schemas.Text;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.schemas.topic.RecordForm;
import dev.patronstream.schemas.topic.Topics;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Who counts as a student of the district when one year's database is held against the next: anyone who has a row that is
 * active or pre-enrolled by Aeries' own tags, the blank one and {@code *}. Those who have left are not counted: a new
 * year's database may have them or not.
 */
public final class EnrolledStudents {

    /** A new year has about as many students as the one before; a database with less than this share is half-filled. */
    private static final double LEAST_SHARE = 0.8;

    private static final Set<String> TAGS = Set.of("", "*");

    private EnrolledStudents() {}

    /** Whether the row makes its student one who counts. */
    public static boolean isEnrolled(Enrollment row) {
        return isEnrolled(row.getStatusTag());
    }

    private static boolean isEnrolled(Optional<String> tag) {
        return TAGS.contains(tag.map(Text::strip).orElse(""));
    }

    /** Returns the IDs of the students in the database. */
    static Set<Integer> inDatabase(SourceDatabase database, Source source) throws SQLException {
        Set<Integer> students = new HashSet<>();
        live(database, source, (student, tag) -> {
            if (isEnrolled(tag)) {
                students.add(student);
            }
        });
        return students;
    }

    /** Hands over student ID and status tag of every row of STU that lives; a row without a readable ID has no student. */
    static void live(SourceDatabase database, Source source, BiConsumer<Integer, Optional<String>> reader)
            throws SQLException {
        TableColumns students = source.tables().stream()
                .filter(columns -> columns.table() == SourceTable.STU)
                .findFirst()
                .orElseThrow();
        String id = students.column("studentId");
        String tag = students.column("statusTag");
        database.tables()
                .live(students, List.of(id, tag), source.snapshotIsolation(), row -> SourceTable.number(row.text(id))
                        .ifPresent(student -> reader.accept(student, Optional.ofNullable(row.text(tag)))));
    }

    /**
     * Returns the IDs of the students in the topic of enrollments.
     *
     * @param lastEpoch the last complete epoch; what a later one has written is passed over
     */
    public static Set<Integer> inTopic(CommittedTopics reader, Topics topics, AvroSerdes serdes, long lastEpoch) {
        Map<String, Integer> byRow = new HashMap<>();
        RecordForm<Enrollment> form =
                new RecordForm<>(Keys::isNumberInSchool, serdes.deserializer(Enrollment.class), true);
        reader.read(topics.enrollments(), form, record -> {
            if (record.isForeign() || record.epoch().orElse(0) > lastEpoch) {
                return;
            }
            byRow.remove(record.key());
            record.value()
                    .filter(EnrolledStudents::isEnrolled)
                    .ifPresent(row -> byRow.put(record.key(), row.getStudentId()));
        });
        return new HashSet<>(byRow.values());
    }

    /**
     * Says that a new year's database does not look filled yet; empty when it does.
     *
     * @param now students in the new database
     * @param before students in the topics
     */
    public static Optional<String> unfinished(String database, long now, long before) {
        return now < before * LEAST_SHARE
                ? Optional.of(String.format(
                        Locale.ROOT,
                        "The roll-over does not look finished: %,d of %,d students are enrolled in %s",
                        now,
                        before,
                        database))
                : Optional.empty();
    }
}
