package dev.patronstream.streams.epochs;

import dev.patronstream.schemas.table.JoinedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random acts in a district that is small enough for everything to meet everything. */
final class Acts {

    private static final int SCHOOLS = 4;
    private static final int NUMBERS = 2;
    private static final int STUDENTS = 4;
    private static final int STAFF = 3;
    private static final int TEACHERS = 1;

    private Acts() {}

    /** Changes, ends of epochs, and the reading of records. */
    static Arbitrary<Act> calm() {
        return Arbitraries.frequencyOf(Tuple.of(6, changes()), Tuple.of(1, ends()), Tuple.of(6, reading()));
    }

    /** These, and whatever may happen to the application. */
    static Arbitrary<Act> any() {
        return Arbitraries.frequencyOf(
                Tuple.of(12, changes()), Tuple.of(2, ends()), Tuple.of(12, reading()), Tuple.of(1, mishaps()));
    }

    static Arbitrary<Act> enrollments() {
        return Combinators.combine(
                        school(),
                        upTo(NUMBERS),
                        upTo(STUDENTS),
                        Arbitraries.of("L0", "L1", "L2"),
                        Arbitraries.of("", "", "", "*", "I"),
                        Arbitraries.of("", "", "C"),
                        days(3),
                        days(TEACHERS))
                .as(Act.PutEnrollment::new);
    }

    private static Arbitrary<Act> changes() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, enrollments()),
                Tuple.of(2, Combinators.combine(school(), upTo(NUMBERS)).as(Act.RemoveEnrollment::new)),
                Tuple.of(
                        2,
                        Combinators.combine(
                                        upTo(STAFF),
                                        upTo(SCHOOLS),
                                        Arbitraries.of(
                                                Optional.<String>empty(), Optional.<String>empty(), Optional.of("R")),
                                        days(5))
                                .as(Act.PutStaff::new)),
                Tuple.of(1, upTo(STAFF).map(Act.RemoveStaff::new)),
                Tuple.of(
                        1,
                        Combinators.combine(school(), Arbitraries.of("Name 0", "Name 1", "Name 2"))
                                .as(Act.PutSchool::new)),
                Tuple.of(1, school().map(Act.RemoveSchool::new)),
                Tuple.of(
                        1,
                        Combinators.combine(school(), upTo(TEACHERS), Arbitraries.of("T0", "T1"))
                                .as(Act.PutTeacher::new)),
                Tuple.of(1, Combinators.combine(school(), upTo(TEACHERS)).as(Act.RemoveTeacher::new)),
                Tuple.of(
                        1,
                        Arbitraries.of(District.TOPICS.with(JoinedTable.ALL).contracts())
                                .map(Act.Marker::new)));
    }

    private static Arbitrary<Act> ends() {
        return Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.just(new Act.EndEpoch())),
                Tuple.of(1, Arbitraries.integers().between(1, 3).map(Act.NextDay::new)));
    }

    private static Arbitrary<Act> reading() {
        return Arbitraries.frequencyOf(
                Tuple.of(6, inputs().map(Act.Deliver::new)),
                Tuple.of(2, Arbitraries.just(new Act.Tick())),
                Tuple.of(1, Arbitraries.just(new Act.Commit())));
    }

    private static Arbitrary<Act> mishaps() {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(new Act.Crash())),
                Tuple.of(2, Arbitraries.just(new Act.Restart())),
                Tuple.of(2, inputs().map(Act.Compact::new)),
                Tuple.of(2, Arbitraries.just(new Act.LoseState())),
                Tuple.of(1, Arbitraries.just(new Act.LosePositions())),
                Tuple.of(2, Arbitraries.just(new Act.Reconfigure())),
                Tuple.of(
                        6,
                        Combinators.combine(anyTopic(), Arbitraries.integers().between(1, 3))
                                .as(Act.LoseTail::new)),
                Tuple.of(
                        3,
                        Combinators.combine(
                                        Arbitraries.oneOf(inputs(), outputs()),
                                        Arbitraries.integers().between(1, 9))
                                .as(Act.LoseBeginning::new)),
                Tuple.of(
                        1,
                        Arbitraries.of(District.TOPICS.with(JoinedTable.ALL).contracts())
                                .map(Act.MakeAgain::new)),
                Tuple.of(1, Arbitraries.just(new Act.Settle())));
    }

    private static Arbitrary<Integer> school() {
        return Arbitraries.integers().between(1, SCHOOLS);
    }

    private static Arbitrary<Integer> upTo(int most) {
        return Arbitraries.integers().between(0, most);
    }

    private static Arbitrary<OptionalInt> days(int most) {
        return Arbitraries.integers()
                .between(-1, most)
                .map(days -> days < 0 ? OptionalInt.empty() : OptionalInt.of(days));
    }

    private static Arbitrary<String> anyTopic() {
        return Arbitraries.frequencyOf(
                Tuple.of(2, inputs()), Tuple.of(1, Arbitraries.of(Stores.NAMES)), Tuple.of(1, outputs()));
    }

    private static Arbitrary<String> outputs() {
        return Arbitraries.of(District.TOPICS.patrons(), District.TOPICS.feed("small"), District.TOPICS.epochs());
    }

    private static Arbitrary<String> inputs() {
        List<String> topics =
                new ArrayList<>(District.TOPICS.with(JoinedTable.ALL).contracts());
        topics.add(District.TOPICS.progress());
        return Arbitraries.of(topics);
    }
}
