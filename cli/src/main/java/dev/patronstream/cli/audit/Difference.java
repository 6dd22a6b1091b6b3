package dev.patronstream.cli.audit;

import dev.patronstream.cli.json.AvroJson;
import java.util.List;

/**
 * A record that is not as the database says.
 *
 * @param topic the record's topic
 * @param kind what is wrong with it
 * @param key the record's key; for a key that is none of the topic's, the offset, since nobody knows what it says
 * @param fields the fields that differ, by name, or why it cannot be compared; never a value
 */
public record Difference(String topic, Kind kind, String key, List<String> fields) {

    public enum Kind {
        /** The database has it, the topic does not. */
        MISSING,
        /** The topic has it, the database does not. */
        EXTRA,
        /** Both have it, with other fields. */
        DIFFERENT;

        /** Returns the word that people and programs read. */
        public String word() {
            return AvroJson.word(this);
        }
    }
}
