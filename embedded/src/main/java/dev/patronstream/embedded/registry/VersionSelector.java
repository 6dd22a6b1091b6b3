package dev.patronstream.embedded.registry;

import java.util.Optional;

/** A version as the REST calls name it: a number, or {@code latest} (also {@code -1}). */
record VersionSelector(int number) {

    private static final int LATEST = -1;

    static VersionSelector parse(String text) {
        if (text.equals("latest")) {
            return new VersionSelector(LATEST);
        }
        try {
            int number = Integer.parseInt(text);
            if (number > 0 || number == LATEST) {
                return new VersionSelector(number);
            }
        } catch (NumberFormatException notANumber) {
            // Answered below, as for a number out of range.
        }
        throw RegistryException.invalidVersion(text);
    }

    boolean isLatest() {
        return number == LATEST;
    }

    Optional<SchemaVersion> find(RegistryState state, String subject, boolean withDeleted) {
        return isLatest()
                ? state.latest(subject, withDeleted)
                : state.version(subject, number).filter(version -> withDeleted || !version.deleted());
    }
}
