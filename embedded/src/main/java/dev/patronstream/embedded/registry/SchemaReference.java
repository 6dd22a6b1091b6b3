package dev.patronstream.embedded.registry;

/**
 * A named type that a schema takes from another subject.
 *
 * @param name the type's full name as the schema writes it
 * @param subject the subject that holds it
 * @param version the version there
 */
record SchemaReference(String name, String subject, int version) {}
