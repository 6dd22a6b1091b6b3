package dev.patronstream.cli.vendor;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * How a vendor's clients sign in, and where. Immutable; the password never appears in {@link #toString}.
 *
 * @param vendor name of account and consumer group
 * @param password its password
 * @param mechanism which kind of SCRAM
 * @param protocol {@code SASL_PLAINTEXT} or {@code SASL_SSL}
 * @param servers addresses of Kafka's brokers
 * @param registry address of the schema registry
 */
public record VendorLogin(
        String vendor, String password, String mechanism, String protocol, String servers, String registry) {

    private static final int PASSWORD_BYTES = 24;
    private static final String ENCRYPTED = "SASL_SSL";

    /** Returns that of an account of the embedded broker, with a new random password. */
    public static VendorLogin embedded(String vendor, String servers, String registry) {
        return new VendorLogin(vendor, newPassword(), "SCRAM-SHA-256", "SASL_PLAINTEXT", servers, registry);
    }

    /**
     * Returns that of an account of another cluster, with a new random password: as the district's clients sign in,
     * where they do so with SCRAM, else as most clusters offer it.
     *
     * @param kafka properties of the district's own clients
     */
    public static VendorLogin existing(String vendor, Map<String, String> kafka, String servers, String registry) {
        String protocol = kafka.getOrDefault("security.protocol", ENCRYPTED);
        return new VendorLogin(
                vendor,
                newPassword(),
                mechanism(kafka),
                protocol.startsWith("SASL_") ? protocol : ENCRYPTED,
                servers,
                registry);
    }

    /** Returns which kind of SCRAM vendors of another cluster use. */
    static String mechanism(Map<String, String> kafka) {
        String mechanism = kafka.getOrDefault("sasl.mechanism", "");
        return mechanism.startsWith("SCRAM-") ? mechanism : "SCRAM-SHA-512";
    }

    boolean isEncrypted() {
        return protocol.equals(ENCRYPTED);
    }

    private static String newPassword() {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    @Override
    public String toString() {
        return "VendorLogin[" + vendor + "]";
    }
}
