package dev.patronstream.streams.people;

import java.util.Optional;

/** The names of the teachers, where they are captured. */
@FunctionalInterface
public interface TeacherNames {

    /** Of a district that does not capture teachers. */
    TeacherNames NONE = (school, number) -> Optional.empty();

    /** Returns the name of the teacher of a number at a school; empty if there is no such teacher, or no name. */
    Optional<String> name(int schoolCode, int teacherNumber);
}
