package dev.patronstream.cli.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.web.Headline.Level;
import dev.patronstream.cli.web.StatusReport.Instance;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.EndpointNotFound;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers in JSON and metrics, as {@code docs/status.md} documents them, over a {@link StatusSource}. */
final class StatusApi {

    private static final Logger LOGGER = LoggerFactory.getLogger(StatusApi.class);
    private static final String TEXT_TYPE = "text/plain; charset=utf-8";
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int DEFAULT_LIMIT = 100;
    private static final int HIGHEST_LIMIT = 10_000;

    private final StatusSource source;
    private final Gate gate;
    private final Metrics metrics;

    StatusApi(StatusSource source, Gate gate, Metrics metrics) {
        this.source = source;
        this.gate = gate;
        this.metrics = metrics;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/status", context -> Asked.answer(context, 200, StatusJson.of(source.report())));
        routes.get("/health", this::health);
        routes.get("/metrics", context -> context.contentType(METRICS_TYPE).result(metrics.scrape()));
        routes.get("/patrons/{kind}/{id}", this::patron);
        routes.get("/feeds/{feed}", this::feed);
        routes.get("/feeds/{feed}/sheet", this::sheet);
        new HistoryApi(source, gate).addTo(routes);
        new OrdersApi(source, gate).addTo(routes);
        routes.exception(
                HttpResponseException.class,
                (error, context) -> answerError(context, error.getStatus(), inWords(error, context)));
        routes.exception(Exception.class, (error, context) -> {
            LOGGER.atError().setCause(error).log("The status port could not answer");
            answerError(context, 500, "This could not be answered; the log says why");
        });
    }

    /**
     * Of this process: whether a supervisor should start it again, which is when one of its stages has given up, not when
     * the world is in trouble. Of the district, when asked for it: whether someone should look.
     */
    private void health(Context context) {
        Asked.allowParameters(context, Set.of("district"));
        boolean ofDistrict = Asked.parameter(context, "district")
                .map(text -> Asked.number(text, "district", 1, 1))
                .isPresent();
        StatusReport report = source.report();
        Headline headline = Headline.of(report);
        boolean healthy = ofDistrict
                ? headline.level() == Level.GOOD || headline.level() == Level.WAITING
                : report.stages().stream()
                        .flatMap(stage -> stage.instances().stream())
                        .filter(Instance::isHere)
                        .noneMatch(instance ->
                                instance.state() == StageState.FAILED || instance.state() == StageState.STOPPED);
        ObjectNode json = Asked.json();
        json.put("healthy", healthy).put("of", ofDistrict ? "district" : "process");
        json.put("level", AvroJson.word(headline.level())).put("sentence", headline.text());
        Asked.answer(context, healthy ? 200 : 503, json);
    }

    private void patron(Context context) {
        gate.checkMayRead(context);
        Asked.allowParameters(context, Set.of());
        String kindText = context.pathParam("kind");
        PatronKind kind = Asked.choice(PatronKind.values(), kindText, "kind of person");
        int id = Asked.number(context.pathParam("id"), "ID", 0, Integer.MAX_VALUE);
        Patron patron = source.patron(kind, id)
                .orElseThrow(() -> new NotFoundResponse(
                        "There is no " + (kind == PatronKind.STAFF ? "staff member" : "student") + " with ID " + id));
        Asked.answer(context, 200, AvroJson.PLAIN.of(patron));
    }

    private void feed(Context context) {
        gate.checkMayRead(context);
        Asked.allowParameters(context, Set.of("school", "status", "limit"));
        String feed = Asked.feed(context, source);
        Optional<Integer> school =
                Asked.parameter(context, "school").map(text -> Asked.number(text, "school", 0, 999_999));
        Optional<PatronStatus> status =
                Asked.parameter(context, "status").map(text -> Asked.choice(PatronStatus.values(), text, "status"));
        int limit = Asked.parameter(context, "limit")
                .map(text -> Asked.number(text, "limit", 1, HIGHEST_LIMIT))
                .orElse(DEFAULT_LIMIT);
        // One more than asked for tells whether there are more.
        List<FeedEntry> found = source.feedEntries(feed, school, status, limit + 1);
        ObjectNode json = Asked.json();
        json.put("feed", feed).put("limit", limit).put("more", found.size() > limit);
        ArrayNode entries = json.putArray("entries");
        found.stream().limit(limit).forEach(entry -> entries.add(AvroJson.PLAIN.of(entry)));
        Asked.answer(context, 200, json);
    }

    /** Names nobody, and shows no more than the page does. */
    private void sheet(Context context) {
        Asked.allowParameters(context, Set.of());
        context.contentType(TEXT_TYPE).result(String.join("\n", source.sheet(Asked.feed(context, source))) + "\n");
    }

    private static String words(RuntimeException error) {
        return Optional.ofNullable(error.getMessage()).orElse("This cannot be done at the moment");
    }

    private static String inWords(HttpResponseException error, Context context) {
        return switch (error.getStatus()) {
            case 405 -> "This address does not take " + context.method();
            case 413 -> "The body is too large";
            default ->
                error instanceof EndpointNotFound
                        ? "There is nothing here; try /, /status, /health, /metrics, /patrons/student/ID or /feeds/FEED"
                        : words(error);
        };
    }

    private static void answerError(Context context, int status, String message) {
        Asked.answer(context, status, Asked.json().put("error", message));
    }
}
