package dev.patronstream.embedded.registry;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;

/** Judges a new schema by Avro's own rules of schema resolution. */
final class Compatibility {

    private Compatibility() {}

    /**
     * What is wrong with a new schema beside one earlier version.
     *
     * @return a line per incompatibility; empty if it is compatible
     */
    static List<String> complaints(CompatibilityLevel level, Schema newSchema, Schema oldSchema, int oldVersion) {
        List<String> complaints = new ArrayList<>();
        if (level.newReadsOld()) {
            complaints.addAll(describe(newSchema, oldSchema, "new", "old"));
        }
        if (level.oldReadsNew()) {
            complaints.addAll(describe(oldSchema, newSchema, "old", "new"));
        }
        if (!complaints.isEmpty()) {
            complaints.add("{oldSchemaVersion: " + oldVersion + "}");
            complaints.add("{compatibility: '" + level + "'}");
        }
        return complaints;
    }

    private static List<String> describe(Schema reader, Schema writer, String readerName, String writerName) {
        SchemaPairCompatibility pair = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        List<String> lines = new ArrayList<>();
        for (Incompatibility incompatibility : pair.getResult().getIncompatibilities()) {
            lines.add("{errorType:'" + incompatibility.getType() + "', description:'The " + readerName
                    + " schema cannot read what the " + writerName + " schema writes, at "
                    + incompatibility.getLocation() + "', additionalInfo:'" + incompatibility.getMessage() + "'}");
        }
        return lines;
    }
}
