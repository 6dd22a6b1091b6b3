package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.explain.Explainer;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.web.StatusSource.BrokenRule;
import dev.patronstream.cli.web.StatusSource.Explained;
import dev.patronstream.cli.web.StatusSource.Found;
import dev.patronstream.connector.start.Holds;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.rules.Problem;
import dev.patronstream.snapshotter.rules.Rule;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * The page's questions that need whole topics, answered by the same code as the commands, from the topics alone: so they
 * are answered while the stages run. One at a time, since each may hold a feed in memory. Thread-safe.
 */
final class PageAnswers {

    private static final Duration UNTIL_CUT = Duration.ofSeconds(20);
    private static final int SECONDS_TO_WAIT = 20;
    private static final int FIRST = 20;

    private final District district;
    private final Semaphore turn = new Semaphore(1, true);

    PageAnswers(District district) {
        this.district = district;
    }

    Explained explain(String feed, PatronKind kind, int id) {
        List<Explainer.Answer> answers =
                answering(explainer -> explainer.answers(settings(district, feed), Optional.of(kind), id, UNTIL_CUT));
        return answers.stream()
                .findFirst()
                .map(answer -> new Explained(answer.inShort(), answer.lines()))
                .orElseThrow(() -> new NotFoundResponse("Neither Aeries nor the library has a "
                        + (kind == PatronKind.STAFF ? "staff member" : "student") + " with ID " + id));
    }

    List<BrokenRule> problems(String feed) {
        List<Problem> problems = answering(explainer ->
                explainer.judge(settings(district, feed), UNTIL_CUT).problems());
        Map<Rule, List<Problem>> byRule = new EnumMap<>(Rule.class);
        problems.forEach(problem -> byRule.computeIfAbsent(problem.rule(), rule -> new ArrayList<>())
                .add(problem));
        return byRule.entrySet().stream()
                .map(rule -> new BrokenRule(
                        rule.getKey().id(),
                        rule.getValue().size(),
                        rule.getValue().stream()
                                .limit(FIRST)
                                .map(problem -> new Found(problem.key(), problem.field(), problem.done()))
                                .toList()))
                .sorted(Comparator.comparingLong(BrokenRule::count).reversed())
                .toList();
    }

    Optional<CaptureHold> captureHold() {
        return asking(() -> {
            try (Holds holds = CaptureDecision.holds(district.configuration(), district.clients())) {
                return holds.read().held();
            }
        });
    }

    /**
     * Returns a feed of this process.
     *
     * @throws NotFoundResponse if its configuration has none of the name
     */
    static FeedSettings settings(District district, String feed) {
        return district.configuration().deliveries().feeds().stream()
                .filter(settings -> settings.feed().equals(feed))
                .findFirst()
                .orElseThrow(() -> new NotFoundResponse("This process has no such feed in its configuration"));
    }

    private <T> T answering(Function<Explainer, T> question) {
        return asking(() -> {
            boolean mine = false;
            try {
                mine = turn.tryAcquire(SECONDS_TO_WAIT, TimeUnit.SECONDS);
                if (!mine) {
                    throw new ServiceUnavailableResponse("Another question is being answered; ask again in a moment");
                }
                return question.apply(new Explainer(district.configuration(), district.clients()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ServiceUnavailableResponse("This process is stopping");
            } finally {
                if (mine) {
                    turn.release();
                }
            }
        });
    }

    private static <T> T asking(Supplier<T> question) {
        try {
            return question.get();
        } catch (CommandFailedException | KafkaException e) {
            throw new ServiceUnavailableResponse(Cluster.reason(e));
        }
    }
}
