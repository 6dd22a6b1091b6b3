package dev.patronstream.schemas.secret;

import java.util.function.Supplier;

/**
 * A password or passphrase that never shows itself: not in logs, messages or {@link #toString()}.
 *
 * <p>Asked for each time it is needed, so that a password that was changed in its file is taken up without a restart.
 * As safe for threads as the supplier.
 */
public final class Secret {

    private final Supplier<String> source;

    private Secret(Supplier<String> source) {
        this.source = source;
    }

    /** A secret that is looked up when it is needed. */
    public static Secret from(Supplier<String> source) {
        return new Secret(source);
    }

    /** A secret that is known already. */
    public static Secret of(String value) {
        return new Secret(() -> value);
    }

    /** Returns the secret itself, for the one call that needs it. */
    public String reveal() {
        return source.get();
    }

    @Override
    public String toString() {
        return "***";
    }
}
