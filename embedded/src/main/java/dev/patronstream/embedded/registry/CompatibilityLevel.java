package dev.patronstream.embedded.registry;

import java.util.Locale;

/** Which readers must be able to read which writers' records, and how far back. */
enum CompatibilityLevel {
    NONE(false, false, false),
    BACKWARD(true, false, false),
    BACKWARD_TRANSITIVE(true, false, true),
    FORWARD(false, true, false),
    FORWARD_TRANSITIVE(false, true, true),
    FULL(true, true, false),
    FULL_TRANSITIVE(true, true, true);

    private final boolean newReadsOld;
    private final boolean oldReadsNew;
    private final boolean transitive;

    CompatibilityLevel(boolean newReadsOld, boolean oldReadsNew, boolean transitive) {
        this.newReadsOld = newReadsOld;
        this.oldReadsNew = oldReadsNew;
        this.transitive = transitive;
    }

    /** Whether the new schema must read what the old one wrote. */
    boolean newReadsOld() {
        return newReadsOld;
    }

    /** Whether the old schema must read what the new one writes. */
    boolean oldReadsNew() {
        return oldReadsNew;
    }

    /** Whether this holds against all earlier versions, not just the last. */
    boolean transitive() {
        return transitive;
    }

    /** Reads a name in any case. */
    static CompatibilityLevel parse(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new RegistryException(
                    RegistryException.INVALID_LEVEL,
                    "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive,"
                            + " forward_transitive, and full_transitive");
        }
    }
}
