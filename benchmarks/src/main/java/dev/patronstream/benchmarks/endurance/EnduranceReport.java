package dev.patronstream.benchmarks.endurance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.patronstream.benchmarks.endurance.fault.Strike;
import dev.patronstream.benchmarks.endurance.judge.Findings;
import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of a run, for programs and for people. Holds keys and counts, no values of rows. */
record EnduranceReport(
        EnduranceSettings settings,
        Instant began,
        Instant ended,
        long kills,
        List<Healing> healings,
        List<Processes.OwnEnd> ownEnds,
        Map<String, Object> counts,
        String audit,
        Findings findings) {

    /** The faults, in their order. */
    List<Strike> strikes() {
        return healings.stream().map(Healing::strike).toList();
    }

    /** Whether nothing was found. */
    boolean isGreen() {
        return findings.isEmpty();
    }

    /** The command that runs this again. */
    String again() {
        return "benchmarks/endurance --seed " + settings.seed() + " --faults " + settings.faults() + " --students "
                + settings.students() + " --changes-per-second " + settings.changesPerSecond()
                + (settings.mostlyKills() ? " --mostly-kills" : "")
                + (settings.brokers() == 1 ? "" : " --brokers " + settings.brokers());
    }

    /** One line with the result. */
    String headline() {
        return (isGreen() ? "GREEN" : "RED") + ", seed " + settings.seed() + ": " + healings.size() + " faults, "
                + kills
                + " kills, " + count(Kind.LOST) + " lost, " + count(Kind.DUPLICATED) + " duplicated, "
                + count(Kind.WRONG_FILE) + " wrong CSV";
    }

    private long count(Kind kind) {
        return findings.count(kind);
    }

    private Map<String, Long> byKind() {
        Map<String, Long> kinds = new TreeMap<>();
        strikes().forEach(strike -> kinds.merge(strike.fault().kind(), 1L, Long::sum));
        return kinds;
    }

    private List<Duration> recoveries() {
        return strikes().stream()
                .flatMap(strike -> strike.recovery().stream())
                .sorted()
                .toList();
    }

    String json() throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode();
        json.put("green", isGreen()).put("seed", settings.seed()).put("again", again());
        json.put("began", began.toString()).put("ended", ended.toString());
        json.putObject("settings")
                .put("students", settings.students())
                .put("changesPerSecond", settings.changesPerSecond())
                .put("faults", settings.faults())
                .put("mostlyKills", settings.mostlyKills())
                .put("brokers", settings.brokers());
        json.put("kills", kills);
        json.set("faults", mapper.valueToTree(byKind()));
        ObjectNode found = json.putObject("findings");
        for (Kind kind : Kind.values()) {
            ObjectNode entry = found.putObject(kind.inWords());
            entry.put("count", count(kind));
            entry.set("examples", mapper.valueToTree(findings.examples(kind)));
        }
        json.set("counts", mapper.valueToTree(counts));
        json.put("audit", audit);
        ArrayNode list = json.putArray("strikes");
        for (Healing healing : healings) {
            Strike strike = healing.strike();
            ObjectNode entry = list.addObject()
                    .put("number", strike.number())
                    .put("at", strike.at().toString())
                    .put("epoch", strike.epoch())
                    .put("fault", strike.fault().inWords());
            if (!strike.outcome().isEmpty()) {
                entry.put("outcome", strike.outcome());
            }
            strike.recovery().ifPresent(time -> entry.put("recoveryMillis", time.toMillis()));
            healing.visible().ifPresent(time -> entry.put("visibleMillis", time.toMillis()));
            healing.healed().ifPresent(time -> entry.put("goodAgainMillis", time.toMillis()));
        }
        ArrayNode ends = json.putArray("endedByThemselves");
        ownEnds.forEach(end -> ends.addObject()
                .put("at", end.when().toString())
                .put("process", end.victim().id())
                .put("exitCode", end.exitCode())
                .put("lastWords", end.lastWords()));
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("# Endurance run, seed ").append(settings.seed()).append("\n\n");
        text.append("**").append(headline()).append("**\n\n");
        text.append(began.truncatedTo(ChronoUnit.SECONDS))
                .append(" to ")
                .append(ended.truncatedTo(ChronoUnit.SECONDS))
                .append("; ")
                .append(settings.students())
                .append(" students, ")
                .append(settings.changesPerSecond())
                .append(" transactions a second. Again: `")
                .append(again())
                .append("`\n\n| found | count |\n| --- | --- |\n");
        for (Kind kind : Kind.values()) {
            text.append("| ")
                    .append(kind.inWords())
                    .append(" | ")
                    .append(count(kind))
                    .append(" |\n");
        }
        for (Kind kind : Kind.values()) {
            findings.examples(kind).forEach(example -> text.append("\n- ")
                    .append(kind.inWords())
                    .append(": ")
                    .append(example));
        }
        text.append("\n\n").append(Healing.table(healings));
        text.append("\n| looked at | |\n| --- | --- |\n");
        text.append("| processes killed | ").append(kills).append(" |\n");
        counts.forEach((what, count) ->
                text.append("| ").append(what).append(" | ").append(count).append(" |\n"));
        text.append("| audit | ").append(audit).append(" |\n");
        List<Duration> recoveries = recoveries();
        if (!recoveries.isEmpty()) {
            text.append("| until two more epochs were applied: median, longest | ")
                    .append(recoveries.get(recoveries.size() / 2).toMillis())
                    .append(" ms, ")
                    .append(recoveries.get(recoveries.size() - 1).toMillis())
                    .append(" ms |\n");
        }
        text.append("| processes that ended by themselves and were started again | ")
                .append(ownEnds.size())
                .append(" |\n");
        return text.toString();
    }
}
