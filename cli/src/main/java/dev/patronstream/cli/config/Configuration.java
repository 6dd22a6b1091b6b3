package dev.patronstream.cli.config;

import dev.patronstream.cli.logging.LogFormat;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.schemas.feed.PatronRules;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.notice.NoticeChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The whole configuration, checked: what is in here fits together.
 *
 * @param installation where it is
 * @param district whose it is
 * @param capture what is captured, and how
 * @param kafka which Kafka
 * @param registry which schema registry
 * @param status the status port
 * @param streams the streams application
 * @param deliveries the feeds, and what their deliveries share
 */
public record Configuration(
        Installation installation,
        District district,
        CaptureSettings capture,
        Kafka kafka,
        Registry registry,
        Status status,
        Streams streams,
        Deliveries deliveries) {

    /**
     * Where it is.
     *
     * @param file the file it was read from
     * @param directory folder of everything this installation keeps: logs, state, local copies
     * @param logFormat what a line of the log looks like
     * @param secretFiles files whose contents are secret
     */
    public record Installation(Path file, Path directory, LogFormat logFormat, Set<Path> secretFiles) {
        /** Copies the files. */
        public Installation {
            secretFiles = Set.copyOf(secretFiles);
        }

        public Path logs() {
            return directory.resolve("logs");
        }
    }

    /**
     * Whose it is.
     *
     * @param name name of the district, the first part of every topic's name
     * @param timeZone its clock, for the business date
     * @param schoolYear the year in which the school year begins
     * @param rules what tags mean, and which enrollment is the primary one
     */
    public record District(String name, ZoneId timeZone, int schoolYear, PatronRules rules) {}

    public Topics topics() {
        return new Topics(district.name()).with(capture.columns().joined());
    }

    /**
     * Which Kafka, and how topics are made.
     *
     * @param bootstrapServers addresses of some brokers of a cluster that exists; empty for a broker in the process of
     *     {@code run}
     * @param directory folder of the broker in the process
     * @param port its port on 127.0.0.1; 0 for any free one
     * @param properties further properties of every Kafka client, such as those for security
     */
    public record Kafka(
            Optional<String> bootstrapServers,
            Path directory,
            int port,
            Map<String, String> properties,
            TopicSettings topics) {

        public Kafka {
            properties = Map.copyOf(properties);
        }

        public boolean isEmbedded() {
            return bootstrapServers.isEmpty();
        }

        /** Without properties, which may hold secrets. */
        @Override
        public String toString() {
            return "Kafka[" + bootstrapServers.orElse("embedded") + "]";
        }
    }

    /**
     * Which schema registry.
     *
     * @param url address of one that exists, or several with commas; empty for one in the process of {@code run}
     * @param port port on 127.0.0.1 of the one in the process; 0 for any free one
     * @param properties further properties of the serdes, such as {@code basic.auth.user.info}
     */
    public record Registry(Optional<String> url, int port, Map<String, String> properties) {

        public Registry {
            properties = Map.copyOf(properties);
        }

        public boolean isEmbedded() {
            return url.isEmpty();
        }

        /** Without properties, which may hold secrets. */
        @Override
        public String toString() {
            return "Registry[" + url.orElse("embedded") + "]";
        }
    }

    /**
     * The status port.
     *
     * @param address the address it listens on
     * @param port the port; 0 for any free one
     * @param staleAfter how old what is published may be before someone should look
     */
    public record Status(String address, int port, Duration staleAfter) {
        /** Changes come within seconds, and without any the freshness is reported every ten. */
        static final Duration STALE_AFTER = Duration.ofMinutes(2);

        /** Returns how old it may be unless configured: never less than what capture needs to tell. */
        static Duration staleAfter(CaptureSettings capture) {
            Duration reported = capture.polling()
                    .map(polling -> polling.every().multipliedBy(2))
                    .orElseGet(() -> capture.limits().freshnessInterval().multipliedBy(3));
            return reported.compareTo(STALE_AFTER) > 0 ? reported : STALE_AFTER;
        }
    }

    /**
     * The streams application.
     *
     * @param state folder of its state stores
     * @param standbyReplicas hot copies of the state in other processes
     */
    public record Streams(Path state, int standbyReplicas) {}

    /**
     * The feeds, and what their deliveries share.
     *
     * @param archive the folder of local copies
     * @param generations how many deliveries of a feed are kept
     * @param megabytes how much of a feed is kept
     * @param cutTimeLimit how long a cut may wait for the stages before
     * @param feeds the vendors' feeds
     * @param notices who is notified of trouble with a delivery
     */
    public record Deliveries(
            Path archive,
            int generations,
            int megabytes,
            Duration cutTimeLimit,
            List<FeedSettings> feeds,
            Notices notices) {
        /** Copies the list. */
        public Deliveries {
            feeds = List.copyOf(feeds);
        }
    }

    /**
     * How people are told.
     *
     * @param channels the ways to them
     * @param dailySummary when what the day brought is sent, by the district's clock; empty for never
     */
    public record Notices(List<NoticeChannel> channels, Optional<LocalTime> dailySummary) {
        /** Copies the list. */
        public Notices {
            channels = List.copyOf(channels);
        }
    }
}
