package dev.patronstream.standin.session;

import java.util.Optional;

/** The system procedures of a server, by name. */
@FunctionalInterface
public interface Procedures {
    /** The procedure, if it exists; the name in lower case, without schema. */
    Optional<Procedure> find(String name);
}
