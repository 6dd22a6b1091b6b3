package dev.patronstream.cli.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.cli.json.AvroJson;
import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusReport.Freshness;
import dev.patronstream.cli.web.StatusReport.Instance;
import dev.patronstream.cli.web.StatusReport.Stage;
import java.util.OptionalLong;

/** The report as JSON. The names are documented in {@code docs/status.md} and stay. */
public final class StatusJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private StatusJson() {}

    public static ObjectNode of(StatusReport report) {
        ObjectNode json = NODES.objectNode();
        Headline headline = Headline.of(report);
        json.putObject("headline")
                .put("level", AvroJson.word(headline.level()))
                .put("sentence", headline.sentence())
                .put("more", headline.more());
        json.put("district", report.origin().district());
        json.put("version", report.origin().version());
        json.put("startedAt", report.origin().startedAt().toString());
        json.put("now", report.now().toString());
        json.put("timeZone", report.origin().timeZone().getId());
        json.set("freshness", freshness(report));
        put(json.putObject("counts"), "patrons", report.patrons());
        ArrayNode stages = json.putArray("stages");
        report.stages().forEach(stage -> stages.add(stage(stage)));
        ArrayNode feeds = json.putArray("feeds");
        report.feeds().forEach(feed -> feeds.add(feed(feed)));
        ArrayNode deliveries = json.putArray("deliveries");
        report.deliveries().forEach(delivery -> deliveries.add(AvroJson.PLAIN.of(delivery)));
        ObjectNode counters = json.putObject("counters");
        report.counters().forEach(counters::put);
        return json;
    }

    private static ObjectNode freshness(StatusReport report) {
        Freshness freshness = report.freshness();
        ObjectNode json = NODES.objectNode();
        json.put("state", AvroJson.word(freshness.state()));
        freshness.asOf().ifPresent(time -> json.put("asOf", time.toString()));
        freshness.age(report.now()).ifPresent(age -> json.put("ageSeconds", age.toMillis() / 1000.0));
        if (!freshness.note().isEmpty()) {
            json.put("note", freshness.note());
        }
        return json;
    }

    private static ObjectNode stage(Stage stage) {
        ObjectNode json = NODES.objectNode();
        json.put("name", AvroJson.word(stage.name()));
        json.put("state", AvroJson.word(stage.state()));
        json.put("sentence", stage.sentence());
        json.put("since", stage.since().toString());
        ObjectNode details = json.putObject("details");
        stage.details().forEach(details::put);
        if (!stage.notices().isEmpty()) {
            ArrayNode notices = json.putArray("notices");
            stage.notices().forEach(notice -> {
                ObjectNode node = notices.addObject();
                notice.at().ifPresent(at -> node.put("at", at.toString()));
                node.put("text", notice.text());
            });
        }
        if (!stage.instances().isEmpty()) {
            ArrayNode instances = json.putArray("instances");
            stage.instances().forEach(instance -> instances.add(instance(instance)));
        }
        return json;
    }

    private static ObjectNode instance(Instance instance) {
        ObjectNode json = NODES.objectNode();
        json.put("process", instance.process());
        json.put("here", instance.isHere());
        json.put("state", AvroJson.word(instance.state()));
        json.put("sentence", instance.sentence());
        json.put("role", AvroJson.word(instance.role()));
        json.put("roleSince", instance.roleSince().toString());
        json.put("lastHeard", instance.lastHeard().toString());
        instance.statusUrl().ifPresent(url -> json.put("statusUrl", url));
        return json;
    }

    private static ObjectNode feed(Feed feed) {
        ObjectNode json = NODES.objectNode();
        json.put("name", feed.name()).put("vendor", FileWords.vendor(feed.name()));
        ArrayNode schools = json.putArray("schools");
        ObjectNode sites = json.putObject("sites");
        feed.schools().forEach(school -> {
            schools.add(school.name());
            sites.put(school.site().orElse(Integer.toString(school.code())), school.name());
        });
        put(json, "entries", feed.entries());
        json.put("delivering", feed.delivering());
        json.put("onChange", feed.times().onChange());
        feed.times().nextRun().ifPresent(time -> json.put("nextRun", time.toString()));
        feed.times().pausedUntil().ifPresent(time -> json.put("pausedUntil", time.toString()));
        feed.lastReceipt().ifPresent(receipt -> json.set("lastReceipt", AvroJson.PLAIN.of(receipt)));
        feed.lastDelivery().ifPresent(receipt -> json.set("lastDelivery", AvroJson.PLAIN.of(receipt)));
        feed.failure().ifPresent(words -> json.put("failure", words));
        return json;
    }

    private static void put(ObjectNode json, String name, OptionalLong number) {
        number.ifPresent(value -> json.put(name, value));
    }
}
