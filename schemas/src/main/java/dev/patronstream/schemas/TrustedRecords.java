package dev.patronstream.schemas;

import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Tells Avro that the contract records may be made from a schema.
 *
 * <p>Since 1.12.2 Avro makes objects only of classes it was told to trust, one setting for the whole JVM. Without it
 * every read into a generated record, and every copy of one that holds another, fails with a
 * {@code SecurityException}. What others have set stays in force. Every generated record makes the setting when its class
 * is loaded; who reads into one before that makes it as well.
 */
public final class TrustedRecords {

    private static final String PACKAGE = TrustedRecords.class.getPackageName();

    static {
        ClassSecurityPredicate contracts = type -> type.getPackageName().equals(PACKAGE);
        ClassSecurityValidator.setGlobal(
                ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(), contracts));
    }

    private TrustedRecords() {}

    /** Makes the setting; what it does it does once, however often it is called. */
    public static void declare() {
        // Loading the class has done it.
    }
}
