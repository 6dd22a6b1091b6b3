package dev.patronstream.connector;

/** A password that does not show itself: not in logs, not in messages, not in a debugger's list of fields. */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** Wraps a password. */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /** Returns the password, for the one who needs it to connect. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
