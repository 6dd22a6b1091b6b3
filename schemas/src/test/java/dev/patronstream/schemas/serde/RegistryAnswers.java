package dev.patronstream.schemas.serde;

/** What a registry answered, for tests of other packages. */
public final class RegistryAnswers {

    private RegistryAnswers() {}

    /** A call that the registry answered with an HTTP status. */
    public static RegistryException refused(int status) {
        return new RegistryException("The registry answered " + status, status, 0);
    }

    /** The schema that was asked for is there, and is one of JSON Schema. */
    public static RegistryException ofOtherType() {
        return RegistryException.ofOtherType(7, "JSON");
    }
}
