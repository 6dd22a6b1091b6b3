package dev.patronstream.embedded.registry;

/**
 * One version of a subject.
 *
 * @param id the schema's id; the same text has the same id in every subject
 * @param schema the schema's text as Avro writes it
 * @param deleted whether another registry has soft-deleted it: only its id can still be read
 */
record SchemaVersion(String subject, int version, int id, String schema, boolean deleted) {

    SchemaVersion asDeleted() {
        return new SchemaVersion(subject, version, id, schema, true);
    }
}
