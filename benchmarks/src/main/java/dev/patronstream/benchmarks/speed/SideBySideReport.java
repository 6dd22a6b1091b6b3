package dev.patronstream.benchmarks.speed;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.benchmarks.speed.Run.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.utils.internals.AppInfoParser;

/** What was measured, by work and contestant, in the order of the rounds. For one thread. */
final class SideBySideReport {

    private static final String WHAT = """
            Times are from the start of the process to the last record, readable as committed; in brackets processor time \
            of the process (of plain JDBC: of its thread). The database is the stand-in for SQL Server; it, the broker and \
            the reader run in one further process on the same processors. patronstream writes Avro, compressed, in \
            transactions; Kafka Connect writes JSON without schemas, uncompressed, at least once.

            """;

    private final int students;
    private final int changes;
    private final int rounds;
    private final Map<String, Map<String, List<Taken>>> measured = new LinkedHashMap<>();

    SideBySideReport(int students, int changes, int rounds) {
        this.students = students;
        this.changes = changes;
        this.rounds = rounds;
    }

    void add(String work, String contestant, Taken taken) {
        measured.computeIfAbsent(work, w -> new LinkedHashMap<>())
                .computeIfAbsent(contestant, c -> new ArrayList<>())
                .add(taken);
        System.out.println(
                work + ", " + contestant + ": " + text(taken.seconds()) + " s, " + text(taken.cpuSeconds()) + " CPU s");
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("# Side by side\n\n`benchmarks/side-by-side --students ")
                .append(students)
                .append(" --changes ")
                .append(changes)
                .append(" --rounds ")
                .append(rounds)
                .append("`, ")
                .append(Workload.whenAndWhere())
                .append(", Kafka ")
                .append(AppInfoParser.getVersion())
                .append(".\n\n")
                .append(WHAT)
                .append("| work | by | seconds (CPU) of each round | median |\n| --- | --- | --- | --- |\n");
        measured.forEach((work, byContestant) -> byContestant.forEach((contestant, taken) -> text.append("| ")
                .append(work)
                .append(" | ")
                .append(contestant)
                .append(" | ")
                .append(taken.stream()
                        .map(one -> text(one.seconds()) + " (" + text(one.cpuSeconds()) + ")")
                        .collect(Collectors.joining(", ")))
                .append(" | ")
                .append(text(median(taken, Taken::seconds)))
                .append(" (")
                .append(text(median(taken, Taken::cpuSeconds)))
                .append(") |\n")));
        return text.toString();
    }

    /** Writes {@code side-by-side.md} and {@code side-by-side.json}. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("side-by-side.md"), markdown());
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode();
        json.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        json.put("processors", Runtime.getRuntime().availableProcessors());
        json.put("java", Runtime.version().toString());
        json.put("kafka", AppInfoParser.getVersion());
        json.put("students", students);
        json.put("changes", changes);
        json.set("measured", mapper.valueToTree(measured));
        Files.writeString(
                folder.resolve("side-by-side.json"),
                mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    private static double median(List<Taken> taken, ToDoubleFunction<Taken> of) {
        double[] sorted = taken.stream().mapToDouble(of).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static String text(double seconds) {
        return String.format(Locale.ROOT, "%.1f", seconds);
    }
}
