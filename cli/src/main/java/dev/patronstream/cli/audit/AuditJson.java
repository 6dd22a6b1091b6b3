package dev.patronstream.cli.audit;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The report as JSON. The names are documented in {@code docs/audit.md} and stay. */
public final class AuditJson {

    private AuditJson() {}

    /** Returns the whole report, with every difference. */
    public static ObjectNode of(AuditReport report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("clean", report.isClean());
        json.put("database", report.read().database());
        json.put("incarnation", report.epoch().getIncarnation());
        json.put("watermark", report.epoch().getWatermark());
        json.put("epoch", report.epoch().getEpoch());
        json.put("businessDate", report.epoch().getBusinessDate().toString());
        report.epoch().getFreshAsOf().ifPresent(fresh -> json.put("freshAsOf", fresh.toString()));
        json.put("readAt", report.read().at().toString());
        json.put("isolation", report.read().atOneMoment() ? "snapshot" : "read-committed");
        json.put("capturedUpTo", report.read().capturedUpTo());
        json.put("rolledBack", report.read().rolledBack());
        ArrayNode topics = json.putArray("topics");
        for (AuditReport.Topic topic : report.topics()) {
            ObjectNode node = topics.addObject().put("topic", topic.name());
            node.put("expected", topic.expected()).put("found", topic.found());
            for (Difference.Kind kind : Difference.Kind.values()) {
                node.put(kind.word(), report.count(topic.name(), kind));
            }
        }
        ArrayNode differences = json.putArray("differences");
        for (Difference difference : report.differences()) {
            ObjectNode node = differences.addObject().put("topic", difference.topic());
            node.put("kind", difference.kind().word()).put("key", difference.key());
            ArrayNode fields = node.putArray("fields");
            difference.fields().forEach(fields::add);
        }
        ArrayNode warnings = json.putArray("warnings");
        report.warnings().forEach(warnings::add);
        return json;
    }
}
