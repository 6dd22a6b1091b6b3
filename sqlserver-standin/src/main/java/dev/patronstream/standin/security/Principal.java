package dev.patronstream.standin.security;

import java.util.Optional;

/**
 * A user or a role of the database.
 *
 * @param login the login that the user is for; none for roles
 */
record Principal(int id, String name, boolean role, Optional<String> login) {
    static final int PUBLIC = 0;
    static final int OWNER_ROLE = 16384;
    static final int READER_ROLE = 16390;
    static final int WRITER_ROLE = 16391;

    /** Whether it came with the database and stays. */
    boolean fixed() {
        return id <= 2 || id >= OWNER_ROLE;
    }
}
