package dev.patronstream.embedded.registry;

import java.util.Locale;

/** What may be done to a subject. */
enum Mode {
    READWRITE,
    READONLY,
    READONLY_OVERRIDE,
    IMPORT;

    boolean writable() {
        return this == READWRITE || this == IMPORT;
    }

    static Mode parse(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw RegistryException.invalidMode();
        }
    }
}
