package dev.patronstream.standin.security;

/**
 * A right given to or withheld from somebody.
 *
 * @param name such as {@code SELECT} or {@code VIEW DATABASE STATE}
 * @param grantee the principal's ID; of a login for a right on the server
 * @param denied whether it is withheld: that outweighs every grant
 */
record Permission(String name, Securable on, int grantee, boolean denied) {

    /** Whether it is of this name, or of one that includes it. */
    boolean covers(String wanted) {
        return name.equals(wanted)
                || name.equals("CONTROL")
                || (name.equals("VIEW DATABASE STATE") && wanted.equals("VIEW DATABASE PERFORMANCE STATE"))
                || (name.equals("VIEW SERVER STATE") && wanted.equals("VIEW SERVER SECURITY STATE"));
    }
}
