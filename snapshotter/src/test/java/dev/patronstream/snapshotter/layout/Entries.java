package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.schemas.serde.AvroSerdes;
import java.util.Map;
import java.util.function.Consumer;

/** People for tests, as a feed's topic holds them. */
public final class Entries {

    static {
        // Avro makes contract records only once the serdes have declared them.
        new AvroSerdes(Map.of("schema.registry.url", "http://127.0.0.1:1"));
    }

    private Entries() {}

    /** An active fifth-grader, Ann Lee, of school 10. */
    public static FeedEntry student(int id, Consumer<FeedEntry.Builder> change) {
        FeedEntry.Builder entry = FeedEntry.newBuilder()
                .setFeed("destiny")
                .setKind(PatronKind.STUDENT)
                .setId(id)
                .setLastName("Lee")
                .setFirstName("Ann")
                .setGender("F")
                .setPrimary(enrollment(enrollment -> {}))
                .setEpoch(1)
                .setWatermark("00000027:00000758:0005");
        change.accept(entry);
        return entry.build();
    }

    /** Kim Park, of school 10. */
    public static FeedEntry staff(int id, Consumer<FeedEntry.Builder> change) {
        FeedEntry.Builder entry = FeedEntry.newBuilder()
                .setFeed("destiny")
                .setKind(PatronKind.STAFF)
                .setId(id)
                .setLastName("Park")
                .setFirstName("Kim")
                .setPrimary(Affiliation.newBuilder()
                        .setSchoolCode(10)
                        .setStatus(PatronStatus.ACTIVE)
                        .build())
                .setEpoch(1)
                .setWatermark("00000027:00000758:0005");
        change.accept(entry);
        return entry.build();
    }

    /** An active enrollment in grade 5 of school 10. */
    public static Affiliation enrollment(Consumer<Affiliation.Builder> change) {
        Affiliation.Builder enrollment = Affiliation.newBuilder()
                .setSchoolCode(10)
                .setSchoolName("Eagle High")
                .setStudentNumber(7)
                .setStatus(PatronStatus.ACTIVE)
                .setGrade(5);
        change.accept(enrollment);
        return enrollment.build();
    }

    /** A tie of a staff member. */
    public static Affiliation position(Consumer<Affiliation.Builder> change) {
        Affiliation.Builder position =
                Affiliation.newBuilder().setSchoolCode(10).setStatus(PatronStatus.ACTIVE);
        change.accept(position);
        return position.build();
    }
}
