package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.ClusterClients;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.explain.PersonTopics;
import dev.patronstream.cli.web.StatusReport.School;
import dev.patronstream.schemas.lifecycle.StageThreads;
import dev.patronstream.schemas.topic.CommittedTopics;
import dev.patronstream.snapshotter.feed.FeedSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Aeries calls the schools; read again when one has changed. Thread-safe. */
final class SchoolNames implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(SchoolNames.class);
    private static final int SECONDS = 15;

    private final String topic;
    private final PersonTopics topics;
    private final CommittedTopics changes;
    private final ScheduledExecutorService reader = StageThreads.scheduler("school-names");
    private OptionalLong version = OptionalLong.empty();
    private volatile Map<Integer, String> names = Map.of();

    SchoolNames(Configuration configuration, ClusterClients clients) {
        this.topic = configuration.topics().schools();
        this.topics = new PersonTopics(configuration.topics(), clients);
        this.changes = new CommittedTopics(clients.kafkaProperties());
    }

    void start() {
        var unused = reader.scheduleWithFixedDelay(this::read, 1, SECONDS, TimeUnit.SECONDS);
    }

    /** Returns the schools of a feed by code. */
    List<School> of(FeedSettings feed) {
        Map<Integer, String> known = names;
        Map<Integer, String> sites = feed.layout().context().sites();
        return feed.selection().schools().stream()
                .sorted()
                .map(code -> {
                    Optional<String> site = Optional.ofNullable(sites.get(code));
                    String name =
                            Optional.ofNullable(known.get(code)).or(() -> site).orElse("School " + code);
                    return new School(code, site, name);
                })
                .toList();
    }

    private void read() {
        try {
            OptionalLong now = changes.version(topic);
            if (now.isPresent() && !now.equals(version)) {
                names = Map.copyOf(topics.schoolNames());
                version = now;
            }
        } catch (RuntimeException e) {
            // The sites stand for them; the stages themselves say that Kafka is away.
            LOGGER.atInfo().setCause(e).log("The names of the schools cannot be read now");
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
        changes.close();
    }
}
