package dev.patronstream.cli.web;

import com.fasterxml.jackson.databind.JsonNode;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.web.DistrictOrders.OnDelivery;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.delivery.Decider;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The orders of the holder of the token, as {@code docs/status.md} documents them. */
final class OrdersApi {

    private static final Logger LOGGER = LoggerFactory.getLogger(OrdersApi.class);
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_NOTE = 500;
    private static final String DECISION = "The body is a JSON object with by (who decides: 1 to " + LONGEST_NAME
            + " characters) and, if there is something to say, note (why: up to " + LONGEST_NOTE + " characters)";
    private static final String PAUSE = "The body is a JSON object with until (a day, or a day and time, such as"
            + " 2026-08-10T06:00) and by (who orders it: 1 to " + LONGEST_NAME + " characters)";
    private static final String NOTHING = "The body is empty, or an empty JSON object";
    private static final String SNAPSHOT = "The body is either empty or a JSON object with any of dryRun (an absolute"
            + " folder, as text) and evenIfUnchanged (true or false)";

    private final StatusSource source;
    private final Gate gate;

    OrdersApi(StatusSource source, Gate gate) {
        this.source = source;
        this.gate = gate;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/sign-in", this::signIn);
        routes.post("/feeds/{feed}/snapshot", this::snapshot);
        routes.post("/feeds/{feed}/pause", this::pause);
        routes.post("/feeds/{feed}/resume", this::resume);
        routes.post("/deliveries/{id}/{order}", this::decide);
        routes.post("/capture/hold/{id}/{decision}", this::decideCapture);
    }

    /** Says whether the token is the right one; changes nothing. */
    private void signIn(Context context) {
        gate.checkToken(context);
        Asked.answer(context, 200, Asked.json().put("ok", true));
    }

    private void snapshot(Context context) {
        begin(context);
        String feed = Asked.feed(context, source);
        SnapshotOptions request = request(context);
        if (request.dryRun().isPresent() && !gate.isLocal()) {
            throw new BadRequestResponse(
                    "dryRun writes to a folder of this machine, so it can be asked for only where the"
                            + " status page listens on a loopback address");
        }
        Asked.answer(context, 200, AvroJson.PLAIN.of(source.orders().snapshot(feed, request)));
    }

    private void decide(Context context) {
        begin(context);
        OnDelivery order = Asked.choice(OnDelivery.values(), context.pathParam("order"), "order");
        String id = context.pathParam("id");
        Decider who = who(Asked.body(context, Set.of("by", "note"), DECISION), DECISION);
        LOGGER.atInfo()
                .addKeyValue("order", order)
                .addKeyValue("delivery", id)
                .log("An order about a delivery came by the status page");
        Asked.answer(context, 200, AvroJson.PLAIN.of(source.orders().decide(id, order, who)));
    }

    private void decideCapture(Context context) {
        begin(context);
        OnDelivery order = Asked.choice(
                new OnDelivery[] {OnDelivery.APPROVE, OnDelivery.REJECT}, context.pathParam("decision"), "decision");
        HoldDecision decision = order == OnDelivery.APPROVE ? HoldDecision.APPROVED : HoldDecision.REJECTED;
        String id = context.pathParam("id");
        Decider who = who(Asked.body(context, Set.of("by", "note"), DECISION), DECISION);
        LOGGER.atInfo()
                .addKeyValue("order", order)
                .addKeyValue("hold", id)
                .log("A decision on a held snapshot came by the status page");
        source.orders().decideCapture(id, decision, who);
        Asked.answer(context, 200, Asked.json().put("hold", id).put("decision", AvroJson.word(decision)));
    }

    private void pause(Context context) {
        begin(context);
        String feed = Asked.feed(context, source);
        JsonNode body = Asked.body(context, Set.of("by", "until"), PAUSE);
        Decider who = who(body, PAUSE);
        String until = text(body, "until", LONGEST_NAME, PAUSE).orElseThrow(() -> new BadRequestResponse(PAUSE));
        LOGGER.atInfo().addKeyValue("feed", feed).log("An order to pause came by the status page");
        Asked.answer(
                context,
                200,
                Asked.json()
                        .put("feed", feed)
                        .put(
                                "pausedUntil",
                                source.orders().pause(feed, until, who.name()).toString()));
    }

    private void resume(Context context) {
        begin(context);
        String feed = Asked.feed(context, source);
        Asked.body(context, Set.of(), NOTHING);
        LOGGER.atInfo().addKeyValue("feed", feed).log("An order to resume came by the status page");
        source.orders().resume(feed);
        Asked.answer(context, 200, Asked.json().put("feed", feed));
    }

    private void begin(Context context) {
        gate.checkMayOrder(context);
        Asked.allowParameters(context, Set.of());
    }

    /** Who has the token can give any name, and the receipt says that it was given here. */
    private static Decider who(JsonNode body, String whatItHolds) {
        String name =
                text(body, "by", LONGEST_NAME, whatItHolds).orElseThrow(() -> new BadRequestResponse(whatItHolds));
        return new Decider(name + " (status page)", text(body, "note", LONGEST_NOTE, whatItHolds));
    }

    /** Returns a text on one line; empty when there is none, or nothing in it. */
    private static Optional<String> text(JsonNode body, String field, int longest, String whatItHolds) {
        if (!body.has(field)) {
            return Optional.empty();
        }
        String text = body.get(field).asText().strip().replaceAll("\\s+", " ");
        if (!body.get(field).isTextual()
                || text.length() > longest
                || text.chars().anyMatch(Character::isISOControl)) {
            throw new BadRequestResponse(whatItHolds);
        }
        return Optional.of(text).filter(some -> !some.isEmpty());
    }

    private static SnapshotOptions request(Context context) {
        JsonNode json = Asked.body(context, Set.of("dryRun", "evenIfUnchanged"), SNAPSHOT);
        boolean understood = (!json.has("dryRun") || json.get("dryRun").isTextual())
                && (!json.has("evenIfUnchanged") || json.get("evenIfUnchanged").isBoolean());
        if (!understood) {
            throw new BadRequestResponse(SNAPSHOT);
        }
        Optional<Path> folder = Optional.ofNullable(json.get("dryRun")).map(node -> absolute(node.asText()));
        return new SnapshotOptions(folder, json.path("evenIfUnchanged").asBoolean(false));
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
}
