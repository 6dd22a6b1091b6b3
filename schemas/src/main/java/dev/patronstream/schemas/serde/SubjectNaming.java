package dev.patronstream.schemas.serde;

import java.util.Arrays;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/** How a schema's subject is named; the constants are Confluent's strategies, taken by class name or simple name. */
enum SubjectNaming {
    TopicNameStrategy,
    RecordNameStrategy,
    TopicRecordNameStrategy;

    String subject(String topic, boolean isKey, Schema schema) {
        return switch (this) {
            case TopicNameStrategy -> topic + (isKey ? "-key" : "-value");
            case RecordNameStrategy -> schema.getFullName();
            case TopicRecordNameStrategy -> topic + "-" + schema.getFullName();
        };
    }

    static SubjectNaming of(String key, Optional<String> configured) {
        if (configured.isEmpty()) {
            return TopicNameStrategy;
        }
        String name = configured.get();
        String simple = name.startsWith("class ") ? name.substring(6) : name;
        return Arrays.stream(values())
                .filter(naming -> simple.equals(naming.name()) || simple.endsWith("." + naming.name()))
                .findFirst()
                .orElseThrow(() -> new ConfigException(key, name, "one of " + Arrays.toString(values())));
    }
}
