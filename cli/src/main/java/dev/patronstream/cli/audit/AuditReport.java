package dev.patronstream.cli.audit;

import static dev.patronstream.cli.screen.TextTable.number;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.screen.TextTable;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.schemas.Lsn;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an audit found.
 *
 * @param epoch the epoch at whose end everything was compared
 * @param read how the database was read
 * @param topics the topics compared
 * @param differences every difference, by topic and key
 * @param warnings what a person should know about the database
 */
public record AuditReport(
        EpochApplied epoch,
        DatabaseRead read,
        List<Topic> topics,
        List<Difference> differences,
        List<String> warnings) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    /**
     * How the database was read.
     *
     * @param database its name
     * @param at when the tables were read, by the database's clock
     * @param atOneMoment whether they were read under snapshot isolation
     * @param capturedUpTo up to where changes were looked through
     * @param rolledBack how many rows had changed since the epoch and were put back
     */
    public record DatabaseRead(
            String database, Instant at, boolean atOneMoment, String capturedUpTo, long rolledBack) {}

    /**
     * A topic that was compared.
     *
     * @param name its name
     * @param expected how many records it should hold by the database
     * @param found how many it holds
     */
    public record Topic(String name, long expected, long found) {}

    public boolean isClean() {
        return differences.isEmpty();
    }

    private long count(String topic, Difference.Kind kind) {
        return differences.stream()
                .filter(difference -> difference.topic().equals(topic) && difference.kind() == kind)
                .count();
    }

    /** Whether the tables are polled, so that what was changed since the last reading counts as a difference. */
    boolean isPolled() {
        return new Lsn(epoch.getWatermark()).readAt().isPresent();
    }

    /** The same with those differences only that an earlier report has, too, whatever they were there. */
    AuditReport alsoIn(AuditReport earlier) {
        Set<String> before = earlier.differences.stream()
                .map(difference -> difference.topic() + " " + difference.key())
                .collect(Collectors.toSet());
        return new AuditReport(
                epoch,
                read,
                topics,
                differences.stream()
                        .filter(difference -> before.contains(difference.topic() + " " + difference.key()))
                        .toList(),
                warnings);
    }

    /** Returns the whole report as JSON, with every difference. The names are documented in {@code docs/audit.md} and stay. */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("clean", isClean());
        json.put("database", read.database());
        json.put("incarnation", epoch.getIncarnation());
        json.put("watermark", epoch.getWatermark());
        json.put("epoch", epoch.getEpoch());
        json.put("businessDate", epoch.getBusinessDate().toString());
        epoch.getFreshAsOf().ifPresent(fresh -> json.put("freshAsOf", fresh.toString()));
        json.put("readAt", read.at().toString());
        json.put("isolation", read.atOneMoment() ? "snapshot" : "read-committed");
        json.put("capturedUpTo", read.capturedUpTo());
        json.put("rolledBack", read.rolledBack());
        ArrayNode topicNodes = json.putArray("topics");
        for (Topic topic : topics) {
            ObjectNode node = topicNodes.addObject().put("topic", topic.name());
            node.put("expected", topic.expected()).put("found", topic.found());
            for (Difference.Kind kind : Difference.Kind.values()) {
                node.put(kind.word(), count(topic.name(), kind));
            }
        }
        ArrayNode differenceNodes = json.putArray("differences");
        for (Difference difference : differences) {
            ObjectNode node = differenceNodes.addObject().put("topic", difference.topic());
            node.put("kind", difference.kind().word()).put("key", difference.key());
            ArrayNode fields = node.putArray("fields");
            difference.fields().forEach(fields::add);
        }
        ArrayNode notes = json.putArray("warnings");
        warnings.forEach(notes::add);
        return json;
    }

    /**
     * Returns it as lines for people.
     *
     * @param most how many differences of a topic are listed
     */
    public List<String> lines(ZoneId zone, int most) {
        List<String> lines = new ArrayList<>();
        lines.add("Database " + read.database() + ", read at "
                + TIME.format(read.at().atZone(zone))
                + (read.atOneMoment() ? " under one snapshot" : " row by row (no snapshot isolation)")
                + (isPolled() ? ", compared with what was " : ", rolled back to ")
                + Lsn.inWords(epoch.getWatermark()));
        lines.add("(epoch " + epoch.getEpoch() + ", business date "
                + epoch.getBusinessDate()
                + (isPolled() ? "" : "; " + number(read.rolledBack()) + " rows have changed since") + ")");
        lines.add("");
        TextTable table = new TextTable("topic", "database", "topic", "missing", "extra", "different");
        for (Topic topic : topics) {
            table.row(List.of(
                    topic.name(),
                    number(topic.expected()),
                    number(topic.found()),
                    number(count(topic.name(), Difference.Kind.MISSING)),
                    number(count(topic.name(), Difference.Kind.EXTRA)),
                    number(count(topic.name(), Difference.Kind.DIFFERENT))));
        }
        table.lines().forEach(line -> lines.add("  " + line));
        for (Topic topic : topics) {
            addDifferences(topic.name(), most, lines);
        }
        lines.add("");
        warnings.forEach(warning -> lines.add("Note: " + warning));
        lines.add(
                isClean()
                        ? "No difference: the topics hold what the database held."
                        : number(differences.size()) + " difference" + (differences.size() == 1 ? "" : "s")
                                + ". docs/audit.md says what to do.");
        return lines;
    }

    private void addDifferences(String topic, int most, List<String> lines) {
        List<Difference> found = differences.stream()
                .filter(difference -> difference.topic().equals(topic))
                .toList();
        if (found.isEmpty()) {
            return;
        }
        lines.add("");
        lines.add("  " + topic);
        for (Difference difference : found.subList(0, Math.min(most, found.size()))) {
            lines.add(String.format(
                            Locale.ROOT,
                            "    %-9s  %-18s %s",
                            difference.kind().word(),
                            difference.key(),
                            String.join(", ", difference.fields()))
                    .stripTrailing());
        }
        if (found.size() > most) {
            lines.add("    and " + number(found.size() - most) + " more (--json names all)");
        }
    }
}
