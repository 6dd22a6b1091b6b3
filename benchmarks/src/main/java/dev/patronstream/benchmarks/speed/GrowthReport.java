package dev.patronstream.benchmarks.speed;

import dev.patronstream.benchmarks.speed.Run.Taken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What was measured, by step and number of students. For one thread. */
final class GrowthReport {

    private static final List<String> COLORS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00");
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int BOTTOM = 40;
    private static final int KEY = 200;

    private final int changes;
    private final Map<String, Map<Integer, Step>> steps = new LinkedHashMap<>();

    /** One step of one size. */
    private record Step(String unit, long units, Taken taken, long megabytes) {}

    GrowthReport(int changes) {
        this.changes = changes;
    }

    void add(int students, String step, String unit, long units, Taken taken, long megabytes) {
        steps.computeIfAbsent(step, s -> new TreeMap<>()).put(students, new Step(unit, units, taken, megabytes));
        System.out.printf(
                Locale.ROOT,
                "%d students, %s: %d %ss, %.1f s, %.1f CPU s, %d MB%n",
                students,
                step,
                units,
                unit,
                taken.seconds(),
                taken.cpuSeconds(),
                megabytes);
    }

    /** Returns microseconds per row without the start of the process, which the smallest district tells. */
    private double cost(Map<Integer, Step> bySize, int students) {
        Step start = bySize.values().iterator().next();
        Step step = Objects.requireNonNull(bySize.get(students));
        return Math.max(0, step.taken().seconds() - start.taken().seconds()) * 1e6 / step.units();
    }

    private List<Integer> sizes() {
        return steps.values().iterator().next().keySet().stream().skip(1).toList();
    }

    String markdown() {
        StringBuilder text = new StringBuilder("# Growth\n\n`benchmarks/growth --students ");
        text.append(String.join(",", sizes().stream().map(String::valueOf).toList()))
                .append(" --changes ")
                .append(changes)
                .append("`, ")
                .append(Workload.whenAndWhere())
                .append("""
                        .

                        Each step is a process as it is installed, with its usual heap of 1 GiB, and alone; the database (the \
                        stand-in), the broker and the reader run in one further process on the same processors. Per row: seconds \
                        without those that the same step takes with 200 students, by rows, changes or patrons. MB is the most \
                        resident memory.

                        ![Cost per row](growth.svg)

                        | step | students | seconds (CPU) | µs per row | MB |
                        | --- | --- | --- | --- | --- |
                        """);
        steps.forEach((step, bySize) -> bySize.forEach((students, one) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %,d | %.1f (%.1f) | %s | %d |%n",
                step,
                students,
                one.taken().seconds(),
                one.taken().cpuSeconds(),
                sizes().contains(students)
                        ? String.format(Locale.ROOT, "%.0f per %s", cost(bySize, students), one.unit())
                        : "",
                one.megabytes()))));
        return text.toString();
    }

    /** Writes {@code growth.md} and {@code growth.svg}. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("growth.md"), markdown());
        Files.writeString(folder.resolve("growth.svg"), svg());
    }

    private String svg() {
        List<Integer> sizes = sizes();
        double most = steps.values().stream()
                .flatMapToDouble(bySize -> sizes.stream().mapToDouble(size -> cost(bySize, size)))
                .max()
                .orElse(1);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\""
                        + " role=\"img\" aria-label=\"Microseconds per row by students of the district\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
                WIDTH,
                HEIGHT));
        for (int line = 0; line <= 4; line++) {
            double value = most * line / 4;
            svg.append(String.format(
                    Locale.ROOT,
                    "<path d=\"M%d %.1fH%d\" stroke=\"#dddddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f"
                            + " µs</text>%n",
                    LEFT,
                    y(value, most),
                    WIDTH - KEY,
                    LEFT - 6,
                    y(value, most) + 4,
                    value));
        }
        for (int i = 0; i < sizes.size(); i++) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>%n",
                    x(i, sizes.size()),
                    HEIGHT - BOTTOM / 2,
                    sizes.get(i)));
        }
        int number = 0;
        for (Map.Entry<String, Map<Integer, Step>> step : steps.entrySet()) {
            String color = COLORS.get(number % COLORS.size());
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < sizes.size(); i++) {
                points.append(String.format(
                        Locale.ROOT, "%.1f,%.1f ", x(i, sizes.size()), y(cost(step.getValue(), sizes.get(i)), most)));
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>"
                            + "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                    points.toString().strip(),
                    color,
                    WIDTH - KEY + 14,
                    30 + 20 * number++,
                    color,
                    step.getKey()));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(int index, int of) {
        return LEFT + 30 + (WIDTH - LEFT - KEY - 60.0) * (of == 1 ? 0.5 : index / (of - 1.0));
    }

    private static double y(double value, double most) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - 20) * value / most;
    }
}
