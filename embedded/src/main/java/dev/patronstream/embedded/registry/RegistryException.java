package dev.patronstream.embedded.registry;

/**
 * A call that the registry refuses, with Confluent's error code; the HTTP status is the code's first three digits.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API
 *     reference</a>
 */
final class RegistryException extends RuntimeException {

    static final int BAD_REQUEST = 400;
    static final int INCOMPATIBLE = 409;
    static final int NO_SUBJECT = 40401;
    static final int NO_VERSION = 40402;
    static final int NO_SCHEMA = 40403;
    static final int NO_SUBJECT_LEVEL = 40408;
    static final int INVALID_SCHEMA = 42201;
    static final int INVALID_VERSION = 42202;
    static final int INVALID_LEVEL = 42203;
    static final int STORE_FAILED = 50001;

    private static final long serialVersionUID = 1L;

    private final int code;

    RegistryException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }

    int httpStatus() {
        return code < 1000 ? code : code / 100;
    }
}
