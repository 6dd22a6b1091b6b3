package dev.patronstream.cli.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.web.Headline.Level;
import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusReport.Instance;
import dev.patronstream.cli.web.StatusReport.StageState;
import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.PatronStatus;
import dev.patronstream.snapshotter.SnapshotOptions;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.NotFoundResponse;
import io.javalin.router.EndpointNotFound;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers in JSON and metrics, as {@code docs/status.md} documents them, over a {@link StatusSource}. */
final class StatusApi {

    private static final Logger LOGGER = LoggerFactory.getLogger(StatusApi.class);
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String JSON_TYPE = "application/json; charset=utf-8";
    private static final String TEXT_TYPE = "text/plain; charset=utf-8";
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{1,12}");
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
        routes.get("/status", context -> answer(context, 200, StatusJson.of(source.report())));
        routes.get("/health", this::health);
        routes.get("/metrics", context -> context.contentType(METRICS_TYPE).result(metrics.scrape()));
        routes.get("/patrons/{kind}/{id}", this::patron);
        routes.get("/feeds/{feed}", this::feed);
        routes.get("/feeds/{feed}/sheet", this::sheet);
        routes.post("/feeds/{feed}/snapshot", this::snapshot);
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
        allowParameters(context, Set.of("district"));
        boolean ofDistrict = parameter(context, "district")
                .map(text -> number(text, "district", 1, 1))
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
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("healthy", healthy).put("of", ofDistrict ? "district" : "process");
        json.put("level", AvroJson.word(headline.level())).put("sentence", headline.sentence());
        answer(context, healthy ? 200 : 503, json);
    }

    private void patron(Context context) {
        gate.checkMayRead(context);
        allowParameters(context, Set.of());
        String kindText = context.pathParam("kind");
        PatronKind kind = choice(PatronKind.values(), kindText, "kind of person");
        int id = number(context.pathParam("id"), "ID", 0, Integer.MAX_VALUE);
        Patron patron = source.patron(kind, id)
                .orElseThrow(() -> new NotFoundResponse(
                        "There is no " + (kind == PatronKind.STAFF ? "staff member" : "student") + " with ID " + id));
        answer(context, 200, AvroJson.PLAIN.of(patron));
    }

    private void feed(Context context) {
        gate.checkMayRead(context);
        allowParameters(context, Set.of("school", "status", "limit"));
        String feed = feedName(context);
        Optional<Integer> school = parameter(context, "school").map(text -> number(text, "school", 0, 999_999));
        Optional<PatronStatus> status =
                parameter(context, "status").map(text -> choice(PatronStatus.values(), text, "status"));
        int limit = parameter(context, "limit")
                .map(text -> number(text, "limit", 1, HIGHEST_LIMIT))
                .orElse(DEFAULT_LIMIT);
        // One more than asked for tells whether there are more.
        List<FeedEntry> found = source.feedEntries(feed, school, status, limit + 1);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("feed", feed).put("limit", limit).put("more", found.size() > limit);
        ArrayNode entries = json.putArray("entries");
        found.stream().limit(limit).forEach(entry -> entries.add(AvroJson.PLAIN.of(entry)));
        answer(context, 200, json);
    }

    private void snapshot(Context context) {
        gate.checkMayOrder(context);
        allowParameters(context, Set.of());
        String feed = feedName(context);
        SnapshotOptions request = request(context.body());
        if (request.dryRun().isPresent() && !gate.isLocal()) {
            throw new BadRequestResponse(
                    "dryRun writes to a folder of this machine, so it can be asked for only where the"
                            + " status page listens on a loopback address");
        }
        answer(context, 200, AvroJson.PLAIN.of(source.snapshot(feed, request)));
    }

    private static SnapshotOptions request(String body) {
        if (body.isBlank()) {
            return SnapshotOptions.DELIVER;
        }
        JsonNode json = parsed(body);
        Set<String> unknown = new TreeSet<>();
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            unknown.add(names.next());
        }
        unknown.removeAll(Set.of("dryRun", "evenIfUnchanged"));
        boolean understood = json.isObject()
                && unknown.isEmpty()
                && (!json.has("dryRun") || json.get("dryRun").isTextual())
                && (!json.has("evenIfUnchanged") || json.get("evenIfUnchanged").isBoolean());
        if (!understood) {
            throw new BadRequestResponse("The body is either empty or a JSON object with any of dryRun (an absolute"
                    + " folder, as text) and evenIfUnchanged (true or false)");
        }
        Optional<Path> folder = Optional.ofNullable(json.get("dryRun")).map(node -> absolute(node.asText()));
        return new SnapshotOptions(folder, json.path("evenIfUnchanged").asBoolean(false));
    }

    private static JsonNode parsed(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new BadRequestResponse("The body is not JSON");
        }
    }

    private static Path absolute(String text) {
        Optional<Path> folder;
        try {
            folder = Optional.of(Path.of(text)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            folder = Optional.empty();
        }
        return folder.orElseThrow(() ->
                new BadRequestResponse("dryRun needs an absolute folder of the machine that patronstream runs on"));
    }

    /** Names nobody, and shows no more than the page does. */
    private void sheet(Context context) {
        allowParameters(context, Set.of());
        context.contentType(TEXT_TYPE).result(String.join("\n", source.sheet(feedName(context))) + "\n");
    }

    private String feedName(Context context) {
        String asked = context.pathParam("feed");
        List<String> names = source.report().feeds().stream().map(Feed::name).toList();
        if (!names.contains(asked)) {
            throw new NotFoundResponse(
                    names.isEmpty()
                            ? "There are no feeds"
                            : "There is no such feed; there are: " + String.join(", ", names));
        }
        return asked;
    }

    /** A misspelled parameter would otherwise quietly select everybody. */
    private static void allowParameters(Context context, Set<String> allowed) {
        Set<String> asked = new TreeSet<>(context.queryParamMap().keySet());
        asked.removeAll(allowed);
        if (!asked.isEmpty()) {
            throw new BadRequestResponse(
                    allowed.isEmpty()
                            ? "No parameters are known here"
                            : "The parameters known here are " + String.join(", ", new TreeSet<>(allowed)));
        }
    }

    private static Optional<String> parameter(Context context, String name) {
        List<String> given = context.queryParams(name);
        if (given.size() > 1) {
            throw new BadRequestResponse("The parameter " + name + " can be given once");
        }
        return given.stream().findFirst();
    }

    private static int number(String text, String what, int lowest, int highest) {
        if (WHOLE_NUMBER.matcher(text).matches()) {
            long number = Long.parseLong(text);
            if (number >= lowest && number <= highest) {
                return (int) number;
            }
        }
        throw new BadRequestResponse("The " + what + " is a whole number from " + lowest + " to " + highest);
    }

    private static <E extends Enum<E>> E choice(E[] choices, String text, String what) {
        return Arrays.stream(choices)
                .filter(choice -> AvroJson.word(choice).equals(text))
                .findFirst()
                .orElseThrow(() -> new BadRequestResponse("The " + what + " is one of "
                        + Arrays.stream(choices).map(AvroJson::word).collect(Collectors.joining(", "))));
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

    static void answerError(Context context, int status, String message) {
        answer(context, status, JsonNodeFactory.instance.objectNode().put("error", message));
    }

    private static void answer(Context context, int status, ObjectNode json) {
        context.status(status).contentType(JSON_TYPE).result(AvroJson.text(json, false));
    }
}
