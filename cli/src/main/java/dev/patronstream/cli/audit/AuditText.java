package dev.patronstream.cli.audit;

import static dev.patronstream.cli.screen.TextTable.number;

import dev.patronstream.cli.screen.TextTable;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The report as lines for people. */
public final class AuditText {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private AuditText() {}

    /**
     * Returns the lines.
     *
     * @param most how many differences of a topic are listed
     */
    public static List<String> lines(AuditReport report, ZoneId zone, int most) {
        List<String> lines = new ArrayList<>();
        lines.add("Database " + report.read().database() + ", read at "
                + TIME.format(report.read().at().atZone(zone))
                + (report.read().atOneMoment() ? " under one snapshot" : " row by row (no snapshot isolation)")
                + ", rolled back to " + report.epoch().getWatermark());
        lines.add("(epoch " + report.epoch().getEpoch() + ", business date "
                + report.epoch().getBusinessDate() + "; "
                + number(report.read().rolledBack()) + " rows have changed since)");
        lines.add("");
        TextTable table = new TextTable("topic", "database", "topic", "missing", "extra", "different");
        for (AuditReport.Topic topic : report.topics()) {
            table.row(List.of(
                    topic.name(),
                    number(topic.expected()),
                    number(topic.found()),
                    number(report.count(topic.name(), Difference.Kind.MISSING)),
                    number(report.count(topic.name(), Difference.Kind.EXTRA)),
                    number(report.count(topic.name(), Difference.Kind.DIFFERENT))));
        }
        table.lines().forEach(line -> lines.add("  " + line));
        for (AuditReport.Topic topic : report.topics()) {
            differences(report, topic.name(), most, lines);
        }
        lines.add("");
        report.warnings().forEach(warning -> lines.add("Note: " + warning));
        lines.add(
                report.isClean()
                        ? "No difference: the topics hold what the database held."
                        : number(report.differences().size()) + " difference"
                                + (report.differences().size() == 1 ? "" : "s") + ". docs/audit.md says what to do.");
        return lines;
    }

    private static void differences(AuditReport report, String topic, int most, List<String> lines) {
        List<Difference> found = report.differences().stream()
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
