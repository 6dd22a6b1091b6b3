package dev.patronstream.embedded.registry;

import java.util.List;

/**
 * One version of a subject.
 *
 * @param id the schema's id; the same text has the same id in every subject
 * @param schema the schema's canonical text
 * @param deleted whether it is soft-deleted: its id can still be read, its version only when asked for
 */
record SchemaVersion(
        String subject, int version, int id, String schema, List<SchemaReference> references, boolean deleted) {

    SchemaVersion {
        references = List.copyOf(references);
    }

    SchemaVersion asDeleted() {
        return new SchemaVersion(subject, version, id, schema, references, true);
    }

    /** What makes two schemas the same one: the text, and where its foreign types come from. */
    Content content() {
        return new Content(schema, references);
    }

    /** The text of a schema and its references. */
    record Content(String schema, List<SchemaReference> references) {}
}
