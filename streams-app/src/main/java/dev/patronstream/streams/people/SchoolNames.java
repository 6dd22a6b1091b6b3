package dev.patronstream.streams.people;

import java.util.Optional;

/** The names of the district's schools. */
@FunctionalInterface
public interface SchoolNames {

    /** Returns the name of a school; empty if the school has no row, or no name. */
    Optional<String> name(int schoolCode);
}
