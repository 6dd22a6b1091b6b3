package dev.patronstream.sandbox.life;

import java.util.List;

/**
 * Something that happened and is committed. Keys only, no names.
 *
 * @param kind what happened
 * @param people the student IDs ({@code student/99400001}), staff IDs ({@code staff/1001}) or school codes ({@code
 *     school/10}) it happened to; empty for a mass change
 */
public record LifeEvent(LifeKind kind, List<String> people) {

    public LifeEvent {
        people = List.copyOf(people);
    }

    static LifeEvent ofStudent(LifeKind kind, int id) {
        return new LifeEvent(kind, List.of("student/" + id));
    }

    static LifeEvent ofStaff(LifeKind kind, int id) {
        return new LifeEvent(kind, List.of("staff/" + id));
    }
}
