package dev.patronstream.embedded.registry;

/**
 * A call that the registry refuses, with Confluent's error code; the HTTP status is the code's first three digits.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">Schema Registry API
 *     reference</a>
 */
final class RegistryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;

    private RegistryException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }

    int httpStatus() {
        return code < 1000 ? code : code / 100;
    }

    static RegistryException badRequest(String message) {
        return new RegistryException(400, message);
    }

    static RegistryException incompatible(String message) {
        return new RegistryException(409, message);
    }

    static RegistryException subjectNotFound(String subject) {
        return new RegistryException(40401, "Subject '" + subject + "' not found.");
    }

    static RegistryException versionNotFound(int version) {
        return new RegistryException(40402, "Version " + version + " not found.");
    }

    static RegistryException schemaNotFound() {
        return new RegistryException(40403, "Schema not found");
    }

    static RegistryException schemaNotFound(int id) {
        return new RegistryException(40403, "Schema " + id + " not found");
    }

    static RegistryException subjectSoftDeleted(String subject) {
        return new RegistryException(
                40404, "Subject '" + subject + "' was soft deleted. Set permanent=true to delete permanently");
    }

    static RegistryException subjectNotSoftDeleted(String subject) {
        return new RegistryException(
                40405, "Subject '" + subject + "' was not deleted first before being permanently deleted");
    }

    static RegistryException versionSoftDeleted(String subject, int version) {
        return new RegistryException(
                40406,
                "Subject '" + subject + "' Version " + version
                        + " was soft deleted. Set permanent=true to delete permanently");
    }

    static RegistryException versionNotSoftDeleted(String subject, int version) {
        return new RegistryException(
                40407,
                "Subject '" + subject + "' Version " + version
                        + " was not deleted first before being permanently deleted");
    }

    static RegistryException noSubjectConfig(String subject) {
        return new RegistryException(
                40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
    }

    static RegistryException noSubjectMode(String subject) {
        return new RegistryException(40409, "Subject '" + subject + "' does not have subject-level mode configured");
    }

    static RegistryException invalidSchema(String message) {
        return new RegistryException(42201, "Invalid schema: " + message);
    }

    static RegistryException invalidVersion(String version) {
        return new RegistryException(
                42202,
                "The specified version '" + version + "' is not a valid version id. Allowed values are between [1,"
                        + " 2^31-1] and the string \"latest\"");
    }

    static RegistryException invalidCompatibility() {
        return new RegistryException(
                42203,
                "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive,"
                        + " forward_transitive, and full_transitive");
    }

    static RegistryException invalidMode() {
        return new RegistryException(
                42204, "Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE and IMPORT");
    }

    static RegistryException operationNotPermitted(String message) {
        return new RegistryException(42205, message);
    }

    static RegistryException referenceExists(String subject, int version) {
        return new RegistryException(
                42206, "One or more references exist to subject '" + subject + "' version " + version);
    }

    static RegistryException idTaken(int id) {
        return new RegistryException(42207, "Overwrite new schema with id " + id + " is not permitted.");
    }

    static RegistryException storeFailed(String message) {
        return new RegistryException(50001, message);
    }
}
