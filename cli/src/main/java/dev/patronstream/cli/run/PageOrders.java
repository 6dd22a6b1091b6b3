package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.cluster.District;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.web.DistrictOrders;
import dev.patronstream.connector.start.Holds;
import dev.patronstream.schemas.CaptureHold;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.HoldDecision;
import dev.patronstream.snapshotter.SnapshotOptions;
import dev.patronstream.snapshotter.Snapshotter;
import dev.patronstream.snapshotter.delivery.Decider;
import dev.patronstream.snapshotter.delivery.DecisionRefusedException;
import dev.patronstream.snapshotter.delivery.SnapshotFailedException;
import dev.patronstream.snapshotter.feed.FeedSettings;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ConflictResponse;
import io.javalin.http.ServiceUnavailableResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * The orders of the page, carried out by the snapshotter of this process: one order of a feed at a time, with its
 * schedules, and fenced against every other process as theirs are. Thread-safe.
 */
final class PageOrders implements DistrictOrders {

    private final District district;
    private final Running running;
    private final Supplier<Optional<String>> elsewhere;

    /** Makes them; {@code elsewhere} is the page of a process that makes the deliveries. */
    PageOrders(District district, Running running, Supplier<Optional<String>> elsewhere) {
        this.district = district;
        this.running = running;
        this.elsewhere = elsewhere;
    }

    @Override
    public Delivery snapshot(String feed, SnapshotOptions options) {
        return ordered(snapshotter -> snapshotter.snapshot(feed, options));
    }

    @Override
    public Delivery decide(String id, OnDelivery order, Decider who) {
        return ordered(snapshotter -> switch (order) {
            case APPROVE -> snapshotter.approve(id, who);
            case REJECT -> snapshotter.reject(id, who);
            case RESEND -> snapshotter.resend(id, who);
        });
    }

    private Delivery ordered(Function<Snapshotter, Delivery> order) {
        Snapshotter snapshotter = running.snapshotter()
                .orElseThrow(() -> new ConflictResponse("The snapshotter does not run in this process"
                        + elsewhere
                                .get()
                                .map(url -> "; give the order on the page of the one that has it: " + url)
                                .orElse("")));
        return answering(() -> {
            try {
                return order.apply(snapshotter);
            } catch (DecisionRefusedException | SnapshotFailedException | IllegalArgumentException e) {
                throw new ConflictResponse(Cluster.reason(e));
            }
        });
    }

    @Override
    public Instant pause(String feed, String until, String by) {
        return answering(() -> {
            try {
                return PauseOrder.of(district.configuration(), PageAnswers.settings(district, feed), until)
                        .give(district, by)
                        .until();
            } catch (IllegalArgumentException e) {
                throw new BadRequestResponse("The end of the pause: " + e.getMessage());
            }
        });
    }

    @Override
    public void resume(String feed) {
        FeedSettings settings = PageAnswers.settings(district, feed);
        answering(() -> {
            district.pauses().resume(feed);
            return feed;
        });
        settings.safeguards().pausedUntil(Instant.now()).ifPresent(until -> {
            throw new ConflictResponse("The order to pause is taken back, and the configuration pauses the feed until "
                    + until + " all the same");
        });
    }

    @Override
    public void decideCapture(String hold, HoldDecision decision, Decider who) {
        answering(() -> {
            try (Holds holds = CaptureDecision.holds(district.configuration(), district.clients())) {
                CaptureHold held = CaptureDecision.held(holds, Optional.of(hold));
                holds.decide(held, decision, who.name(), who.note(), Instant.now());
                return held;
            } catch (CommandFailedException e) {
                throw new ConflictResponse(Cluster.reason(e));
            }
        });
    }

    private static <T> T answering(Supplier<T> order) {
        try {
            return order.get();
        } catch (KafkaException e) {
            throw new ServiceUnavailableResponse("Kafka does not answer, so whether the order was carried out is not"
                    + " known (" + Cluster.reason(e) + "). Look at the deliveries, then give it again");
        }
    }
}
