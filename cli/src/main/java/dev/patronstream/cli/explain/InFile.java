package dev.patronstream.cli.explain;

import dev.patronstream.schemas.FeedEntry;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.cut.PersonNumber;
import dev.patronstream.snapshotter.layout.RowExplanation;
import dev.patronstream.snapshotter.ledger.HeldPatrons;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.safety.Leavers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the next file has a row of a person, and which.
 *
 * @param answer yes or no, and why
 * @param row the row; of one who is not in the file what it would be, as far as there is such a thing
 */
record InFile(String answer, Optional<RowExplanation> row) {

    static InFile of(Explainer.Judged judged, Leavers leavers, PatronKind kind, int id, ZoneId zone) {
        Optional<RowExplanation> own = Optional.empty();
        for (FeedEntry entry : judged.cut()) {
            if (entry.getKind() == kind && entry.getId() == id) {
                own = Optional.of(judged.file().explain(entry));
            }
        }
        if (own.filter(RowExplanation::sent).isPresent()) {
            return new InFile("yes", own);
        }
        long person = PersonNumber.of(kind, id);
        Optional<InFile> asLeaver = judged.held().of(person).map(held -> ofLeaver(judged, leavers, person, held, zone));
        if (own.isEmpty()) {
            return asLeaver.orElse(new InFile("no, since not in the feed", own));
        }
        RowExplanation rejected = own.get();
        return asLeaver.map(leaver -> leaver.insteadOf(rejected))
                .orElse(new InFile("no, a rule leaves the row out; it would be", own));
    }

    /** Of somebody whose own row a rule leaves out. */
    private InFile insteadOf(RowExplanation own) {
        List<Problem> problems = new ArrayList<>(own.problems());
        Map<String, List<String>> shared = new HashMap<>(own.sharedWith());
        row.ifPresent(left -> {
            problems.addAll(left.problems());
            shared.putAll(left.sharedWith());
        });
        RowExplanation shown = row.orElse(own);
        return new InFile(
                answer + "; a rule leaves the row of today out",
                Optional.of(new RowExplanation(shown.sent(), shown.values(), problems, shared)));
    }

    private static InFile ofLeaver(
            Explainer.Judged judged, Leavers leavers, long person, HeldPatrons.Held held, ZoneId zone) {
        Optional<String> other = judged.otherFiles().entrySet().stream()
                .filter(feed -> feed.getValue().holds(PersonNumber.kind(person), PersonNumber.id(person)))
                .map(Map.Entry::getKey)
                .findFirst();
        if (other.isPresent()) {
            return new InFile(
                    "no, the person is in the feed " + other.get() + " of the same system now, whose file has the row",
                    Optional.empty());
        }
        String rule = "leavers: " + words(leavers);
        if (leavers.omitted()) {
            return new InFile("no, since who left is left out (" + rule + ")", Optional.empty());
        }
        Optional<Instant> end = held.leftAt().map(judged.departed()::rememberedUntil);
        if (judged.departed().isForgotten(person, held)) {
            return new InFile(
                    "no more, since who left was sent as inactive until "
                            + end.map(at -> Explanation.time(at, zone)).orElse("now") + " (" + rule + ")",
                    Optional.empty());
        }
        String until = end.map(at -> "until " + Explanation.time(at, zone)).orElse("from the next delivery on");
        RowExplanation row = judged.rows()
                .explain(PersonNumber.kind(person), PersonNumber.id(person))
                .orElseThrow();
        return new InFile(
                row.sent()
                        ? "yes, as somebody who left: inactive, " + until + " (" + rule + ")"
                        : "no, a rule leaves the row out; it would be",
                Optional.of(row));
    }

    private static String words(Leavers leavers) {
        if (leavers.omitted()) {
            return "omit";
        }
        Duration time = leavers.remembered();
        boolean wholeDays = time.equals(Duration.ofDays(time.toDays()));
        return "{inactive-for: " + (wholeDays ? time.toDays() + "d" : time.toHours() + "h") + "}";
    }
}
