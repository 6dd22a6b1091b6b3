package dev.patronstream.cli.web;

import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.web.Headline.Level;
import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusReport.Instance;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.schemas.Delivery;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The report as Prometheus reads it; each scrape is of one report. Thread-safe. */
final class Metrics implements AutoCloseable {

    private static final double MILLIS_PER_SECOND = 1000.0;

    private final StatusSource source;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final MultiGauge stages;
    private final MultiGauge instances;
    private final MultiGauge heard;
    private final MultiGauge entries;
    private final MultiGauge attempted;
    private final MultiGauge delivered;
    private final MultiGauge results;
    private final Set<String> counters = new HashSet<>();
    private volatile StatusReport scraped;

    Metrics(StatusSource source) {
        this.source = source;
        this.scraped = source.report();
        registry.config()
                .commonTags("district", scraped.origin().district())
                // Their names break Prometheus' rules; process_cpu_usage says the same.
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        gauge(
                "patronstream.freshness.age",
                "seconds",
                "How old what is published may be; NaN when not known",
                report -> report.freshness()
                        .age(report.now())
                        .map(age -> age.toMillis() / MILLIS_PER_SECOND)
                        .orElse(Double.NaN));
        gauge("patronstream.patrons", null, "Persons in the patron table", report -> known(report.patrons()));
        gauge(
                "patronstream.attention",
                null,
                "1 while someone should look at the district, 0 otherwise",
                report -> needsAttention(report) ? 1.0 : 0.0);
        stages = many("patronstream.stage", null, "1 for the state a stage is in, 0 for the others");
        instances = many("patronstream.stage.instances", null, "Processes that have a stage, by role and state");
        heard = many("patronstream.stage.heard.age", "seconds", "How long ago a stage said something");
        entries = many("patronstream.feed.entries", null, "Persons in a feed");
        attempted = many("patronstream.delivery.last.attempt", "seconds", "When the last attempt began, as Unix time");
        delivered = many(
                "patronstream.delivery.last.success",
                "seconds",
                "When the file the vendor holds was sent, as Unix time");
        results = many("patronstream.deliveries.recent", null, "The receipts of the last deliveries, by result");
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        // What the stages of this process have measured.
        io.micrometer.core.instrument.Metrics.addRegistry(registry);
    }

    synchronized String scrape() {
        StatusReport report = source.report();
        scraped = report;
        stages.register(
                report.stages().stream()
                        .flatMap(stage -> Arrays.stream(StageState.values())
                                .map(state -> Row.of(
                                        Tags.of(
                                                "stage", AvroJson.word(stage.name()),
                                                "state", AvroJson.word(state)),
                                        stage.state() == state ? 1 : 0)))
                        .collect(Collectors.<Row<?>>toList()),
                true);
        instances.register(instances(report), true);
        heard.register(
                report.stages().stream()
                        .flatMap(stage -> stage.instances().stream()
                                .map(Instance::lastHeard)
                                .max(Comparator.naturalOrder())
                                .map(last -> Row.of(
                                        Tags.of("stage", AvroJson.word(stage.name())),
                                        Duration.between(last, report.now()).toMillis() / MILLIS_PER_SECOND))
                                .stream())
                        .collect(Collectors.<Row<?>>toList()),
                true);
        List<Row<?>> sizes = new ArrayList<>();
        List<Row<?>> attempts = new ArrayList<>();
        List<Row<?>> successes = new ArrayList<>();
        for (Feed feed : report.feeds()) {
            Tags tags = Tags.of("feed", feed.name());
            feed.entries().ifPresent(number -> sizes.add(Row.of(tags, number)));
            feed.lastReceipt().ifPresent(receipt -> attempts.add(Row.of(tags, seconds(receipt.getStartedAt()))));
            feed.lastDelivery().ifPresent(receipt -> successes.add(Row.of(tags, seconds(receipt.getStartedAt()))));
        }
        entries.register(sizes, true);
        attempted.register(attempts, true);
        delivered.register(successes, true);
        results.register(recent(report.deliveries()), true);
        report.counters().keySet().stream().filter(counters::add).forEach(this::count);
        return registry.scrape();
    }

    private static boolean needsAttention(StatusReport report) {
        Level level = Headline.of(report).level();
        return level == Level.ATTENTION || level == Level.BAD;
    }

    private static List<Row<?>> instances(StatusReport report) {
        return rows(report.stages().stream().flatMap(stage -> stage.instances().stream()
                .map(instance -> Tags.of(
                        "stage", AvroJson.word(stage.name()),
                        "role", AvroJson.word(instance.role()),
                        "state", AvroJson.word(instance.state())))));
    }

    private static List<Row<?>> recent(List<Delivery> receipts) {
        return rows(receipts.stream()
                .map(receipt -> Tags.of("feed", receipt.getFeed(), "result", AvroJson.word(receipt.getResult()))));
    }

    /** One row for each kind, with how many there are of it. */
    private static List<Row<?>> rows(Stream<Tags> all) {
        Map<Tags, Long> counted = all.collect(Collectors.groupingBy(tags -> tags, Collectors.counting()));
        List<Row<?>> rows = new ArrayList<>();
        counted.forEach((tags, number) -> rows.add(Row.of(tags, number)));
        return rows;
    }

    private void count(String counter) {
        FunctionCounter.builder(
                        "patronstream." + counter.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT),
                        this,
                        metrics -> metrics.scraped.counters().getOrDefault(counter, 0L))
                .description("Since the start of the process")
                .register(registry);
    }

    private void gauge(String name, @Nullable String unit, String description, Function<StatusReport, Double> value) {
        Gauge.builder(name, this, metrics -> value.apply(metrics.scraped))
                .baseUnit(unit)
                .description(description)
                .register(registry);
    }

    private MultiGauge many(String name, @Nullable String unit, String description) {
        return MultiGauge.builder(name).baseUnit(unit).description(description).register(registry);
    }

    private static double known(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : Double.NaN;
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / MILLIS_PER_SECOND;
    }

    @Override
    public void close() {
        io.micrometer.core.instrument.Metrics.removeRegistry(registry);
        collections.close();
        registry.close();
    }
}
