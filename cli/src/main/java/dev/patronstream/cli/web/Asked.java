package dev.patronstream.cli.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.web.StatusReport.Feed;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a caller asked: understood, or refused with what would be right; and the form of the answers. Stateless. */
final class Asked {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final String JSON_TYPE = "application/json; charset=utf-8";
    private static final Pattern WHOLE_NUMBER = Pattern.compile("\\d{1,12}");

    private Asked() {}

    static String feed(Context context, StatusSource source) {
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
    static void allowParameters(Context context, Set<String> allowed) {
        Set<String> asked = new TreeSet<>(context.queryParamMap().keySet());
        asked.removeAll(allowed);
        if (!asked.isEmpty()) {
            throw new BadRequestResponse(
                    allowed.isEmpty()
                            ? "No parameters are known here"
                            : "The parameters known here are " + String.join(", ", new TreeSet<>(allowed)));
        }
    }

    static Optional<String> parameter(Context context, String name) {
        List<String> given = context.queryParams(name);
        if (given.size() > 1) {
            throw new BadRequestResponse("The parameter " + name + " can be given once");
        }
        return given.stream().findFirst();
    }

    static int number(String text, String what, int lowest, int highest) {
        if (WHOLE_NUMBER.matcher(text).matches()) {
            long number = Long.parseLong(text);
            if (number >= lowest && number <= highest) {
                return (int) number;
            }
        }
        throw new BadRequestResponse("The " + what + " is a whole number from " + lowest + " to " + highest);
    }

    static <E extends Enum<E>> E choice(E[] choices, String text, String what) {
        return Arrays.stream(choices)
                .filter(choice -> AvroJson.word(choice).equals(text))
                .findFirst()
                .orElseThrow(() -> new BadRequestResponse("The " + what + " is one of "
                        + Arrays.stream(choices).map(AvroJson::word).collect(Collectors.joining(", "))));
    }

    /** Returns the body as a JSON object with none but known fields; an empty body is one without fields. */
    static JsonNode body(Context context, Set<String> known, String whatItHolds) {
        String body = context.body();
        if (body.isBlank()) {
            return JsonNodeFactory.instance.objectNode();
        }
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new BadRequestResponse("The body is not JSON");
        }
        Set<String> unknown = new TreeSet<>();
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            unknown.add(names.next());
        }
        unknown.removeAll(known);
        if (!json.isObject() || !unknown.isEmpty()) {
            throw new BadRequestResponse(whatItHolds);
        }
        return json;
    }

    static ObjectNode json() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void answer(Context context, int status, ObjectNode json) {
        context.status(status).contentType(JSON_TYPE).result(AvroJson.text(json, false));
    }
}
