package dev.patronstream.cli.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.web.StatusSource.BrokenRule;
import dev.patronstream.cli.web.StatusSource.Explained;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.Removals;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The answers about what was delivered, what is held and why a person is where they are, over a {@link StatusSource}. */
final class HistoryApi {

    private final StatusSource source;
    private final Gate gate;

    HistoryApi(StatusSource source, Gate gate) {
        this.source = source;
        this.gate = gate;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/deliveries", this::deliveries);
        routes.get("/deliveries/{id}", this::delivery);
        routes.get("/freshness", this::freshness);
        routes.get("/capture/hold", this::captureHold);
        routes.get("/feeds/{feed}/problems", this::problems);
        routes.get("/feeds/{feed}/people/{kind}/{id}", this::person);
    }

    private void deliveries(Context context) {
        Asked.allowParameters(context, Set.of());
        ObjectNode json = Asked.json();
        ArrayNode deliveries = json.put("days", 30).putArray("deliveries");
        source.month().forEach(receipt -> deliveries.add(inShort(receipt)));
        Asked.answer(context, 200, json);
    }

    private static ObjectNode inShort(Delivery receipt) {
        ObjectNode json = Asked.json();
        json.put("id", receipt.getId()).put("feed", receipt.getFeed());
        json.put("result", AvroJson.word(receipt.getResult()));
        json.put("startedAt", receipt.getStartedAt().toString());
        json.put("durationMillis", receipt.getDurationMillis());
        json.put("rows", receipt.getRows()).put("problems", receipt.getProblems());
        receipt.getDifference().ifPresent(change -> json.put("added", change.getAdded())
                .put("removed", change.getRemoved())
                .put("changed", change.getChanged()));
        return json;
    }

    private void delivery(Context context) {
        Asked.allowParameters(context, Set.of());
        Delivery receipt = source.delivery(context.pathParam("id"))
                .orElseThrow(() -> new NotFoundResponse("There is no such delivery; /deliveries lists them"));
        Asked.answer(context, 200, AvroJson.PLAIN.of(receipt));
    }

    private void freshness(Context context) {
        Asked.allowParameters(context, Set.of());
        ObjectNode json = Asked.json();
        ArrayNode samples = json.put(
                        "since", source.report().origin().startedAt().toString())
                .putArray("samples");
        source.freshnessOfTheDay().forEach(sample -> {
            ObjectNode node = samples.addObject().put("at", sample.at().toString());
            sample.age().ifPresent(age -> node.put("ageSeconds", age.toMillis() / 1000.0));
        });
        Asked.answer(context, 200, json);
    }

    private void captureHold(Context context) {
        Asked.allowParameters(context, Set.of());
        Optional<CaptureHold> hold = source.captureHold();
        ObjectNode json = Asked.json().put("held", hold.isPresent());
        hold.ifPresent(held -> json.put("id", held.getId())
                .put("reason", held.getReason())
                .put("wouldRemove", Removals.words(held.getRemovals()))
                .put("heldSince", held.getHeldSince().toString()));
        Asked.answer(context, 200, json);
    }

    private void problems(Context context) {
        gate.checkMayRead(context);
        Asked.allowParameters(context, Set.of());
        String feed = Asked.feed(context, source);
        List<BrokenRule> broken = source.problems(feed);
        ObjectNode json = Asked.json().put("feed", feed);
        ArrayNode rules = json.putArray("rules");
        broken.forEach(rule -> {
            ArrayNode first = rules.addObject()
                    .put("rule", rule.rule())
                    .put("count", rule.count())
                    .putArray("first");
            rule.first().forEach(found -> first.addObject()
                    .put("key", found.key())
                    .put("field", found.field())
                    .put("done", found.done()));
        });
        Asked.answer(context, 200, json);
    }

    private void person(Context context) {
        gate.checkMayRead(context);
        Asked.allowParameters(context, Set.of());
        String feed = Asked.feed(context, source);
        PatronKind kind = Asked.choice(PatronKind.values(), context.pathParam("kind"), "kind of person");
        int id = Asked.number(context.pathParam("id"), "ID", 0, Integer.MAX_VALUE);
        Explained explained = source.explain(feed, kind, id);
        ObjectNode json =
                Asked.json().put("feed", feed).put("kind", AvroJson.word(kind)).put("id", id);
        ArrayNode inShort = json.putArray("inShort");
        explained.inShort().forEach(inShort::add);
        ArrayNode lines = json.putArray("lines");
        explained.lines().forEach(lines::add);
        Asked.answer(context, 200, json);
    }
}
