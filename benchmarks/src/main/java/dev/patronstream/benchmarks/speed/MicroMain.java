package dev.patronstream.benchmarks.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/micro}: what the parts cost that one row passes through. */
@Command(
        name = "micro",
        mixinStandardHelpOptions = true,
        description = {
            "What is done to one row on its way, each step alone and without input or output, by JMH.",
            "A step that a library could do by itself is measured beside that library."
        },
        footer = {"", "Example: benchmarks/micro --forks 3 --results docs/results"})
final class MicroMain implements Callable<Integer> {

    private static final int WARM_UPS = 3;
    private static final String OURS = "patronstream";
    private static final String AVRO = "Avro's writer and encoder, kept";
    private static final String AVRO_READ = "Avro's reader and decoder, kept";

    /** By method of {@link MicroBenchmarks}, in the order of a row's way: what is done, and by whom. */
    static final Map<String, List<String>> PARTS = parts();

    private static Map<String, List<String>> parts() {
        Map<String, List<String>> parts = new LinkedHashMap<>();
        parts.put("mapped", List.of("a row of STU to its contract record", OURS));
        parts.put("enrollmentWritten", List.of("an enrollment to bytes", OURS));
        parts.put("enrollmentWrittenByAvro", List.of("an enrollment to bytes", AVRO));
        parts.put("enrollmentRead", List.of("an enrollment of bytes", OURS));
        parts.put("enrollmentReadByAvro", List.of("an enrollment of bytes", AVRO_READ));
        parts.put("evaluated", List.of("two enrollments to the patron and the feed's entry", OURS));
        parts.put("entryWritten", List.of("a feed's entry to bytes", OURS));
        parts.put("entryWrittenByAvro", List.of("a feed's entry to bytes", AVRO));
        parts.put("entryRead", List.of("a feed's entry of bytes", OURS));
        parts.put("entryReadByAvro", List.of("a feed's entry of bytes", AVRO_READ));
        parts.put("file", List.of("a feed's entry to its row of Destiny's file", OURS));
        parts.put("fileByFastCsv", List.of("the same row of ready values", "FastCSV"));
        return parts;
    }

    @Option(names = "--forks", description = "Processes for each part, one after the other (default: 1).")
    private int forks = 1;

    @Option(names = "--iterations", description = "Measured seconds in each process (default: 5).")
    private int iterations = 5;

    @Option(names = "--results", paramLabel = "FOLDER", description = "Writes micro.md there.")
    private @Nullable Path results;

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new MicroMain()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException, RunnerException {
        Path log = Files.createTempFile("micro-", ".log");
        System.err.println("micro: JMH writes to " + log + ", which may be removed afterwards");
        Workload.awaitQuiet();
        Collection<RunResult> measured = new Runner(new OptionsBuilder()
                        .include(MicroBenchmarks.class.getName().replace(".", "\\.") + "\\..*")
                        .forks(forks)
                        .warmupIterations(WARM_UPS)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(iterations)
                        .measurementTime(TimeValue.seconds(1))
                        .shouldFailOnError(true)
                        .output(log.toString())
                        .build())
                .run();
        String report = markdown(measured.stream()
                .collect(Collectors.toMap(run -> run.getPrimaryResult().getLabel(), RunResult::getPrimaryResult)));
        System.out.print(report);
        if (results != null) {
            Files.createDirectories(results);
            Files.writeString(results.resolve("micro.md"), report);
        }
        return 0;
    }

    private String markdown(Map<String, Result<?>> byMethod) {
        StringBuilder text = new StringBuilder("# Micro parts\n\n`benchmarks/micro --forks ")
                .append(forks)
                .append(" --iterations ")
                .append(iterations)
                .append("`, ")
                .append(Workload.whenAndWhere())
                .append("""
                        .

                        By JMH, in one thread, without input or output; ± is half of the interval that holds the mean with 99.9 %. \
                        The serdes are those of the connector and the streams application, which have asked the registry before; \
                        beside them are Avro's own parts, made once and used again for each record. A row of Destiny's file goes \
                        through all rules, and its share of the search for identifiers that two patrons have is in it: the file has \
                        1,000 rows. FastCSV writes the same bytes of values that are known before.

                        | what | by | ns |
                        | --- | --- | --- |
                        """);
        PARTS.forEach((method, part) -> {
            Result<?> result = byMethod.get(method);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %,.0f ± %,.0f |%n",
                    part.get(0),
                    part.get(1),
                    result.getScore(),
                    result.getScoreError()));
        });
        return text.toString();
    }
}
