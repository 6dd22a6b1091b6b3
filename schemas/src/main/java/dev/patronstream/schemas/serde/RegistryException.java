package dev.patronstream.schemas.serde;

import org.apache.kafka.common.errors.SerializationException;

/**
 * A call to the schema registry did not succeed. The message says what was asked, what the registry answered and, where
 * that is known, what to do. Retries have been made already.
 */
public final class RegistryException extends SerializationException {

    private static final long serialVersionUID = 1L;

    /** HTTP status when no answer came. */
    public static final int NO_ANSWER = 0;

    /** In place of an error code: the registry answered, with a schema that is not Avro. */
    private static final int OTHER_TYPE = -1;

    /** In place of an error code: what answered is no registry. */
    static final int NO_REGISTRY = -2;

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final int status;
    private final int errorCode;

    RegistryException(String message, int status, int errorCode) {
        super(message);
        this.status = status;
        this.errorCode = errorCode;
    }

    RegistryException(String message, Throwable cause) {
        super(message, cause);
        this.status = NO_ANSWER;
        this.errorCode = NO_ANSWER;
    }

    static RegistryException ofOtherType(int id, String type) {
        return new RegistryException("The schema with id " + id + " is of type " + type + ", not AVRO", OK, OTHER_TYPE);
    }

    /** Whether the registry has no Avro schema under the id that was asked for: none, or one of another type. */
    public boolean isNoAvroSchema() {
        return errorCode == OTHER_TYPE || (status == NOT_FOUND && errorCode != NO_REGISTRY);
    }

    /** Returns the HTTP status, or {@link #NO_ANSWER}. */
    public int status() {
        return status;
    }

    /** Returns the registry's own error code (for example 40401: no such subject), or none above 0 where it gave none. */
    public int errorCode() {
        return errorCode;
    }

    /** Whether the same call may succeed later: no answer came, or the registry was in trouble. */
    public boolean isRetriable() {
        return status == NO_ANSWER || status >= 500 || status == 429;
    }
}
