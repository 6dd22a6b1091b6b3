package dev.patronstream.snapshotter;

import dev.patronstream.sandbox.sftp.SftpServer;
import dev.patronstream.sandbox.sftp.SftpSettings;
import dev.patronstream.sandbox.sftp.SftpUser;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.schemas.topic.Topics;
import dev.patronstream.snapshotter.destination.SftpDestinationBuilder;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.layout.DestinyLayoutBuilder;
import dev.patronstream.snapshotter.ledger.DeliveryLedger;
import dev.patronstream.snapshotter.notice.DeliveryListener;
import dev.patronstream.snapshotter.safety.Safeguards;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.server.SftpEventListener;

/** A vendor's SFTP server, a clock, and the settings of feeds that are delivered to it, for tests of deliveries. */
final class TestVendor implements AutoCloseable {

    static final String FEED = "destiny";
    static final Map<Integer, String> SITES = Map.of(10, "EAGLEHS", 20, "EAGLEMS");

    /** Nothing is held, and the first file is sent. */
    static final Safeguards OPEN = Changed.sendingFirst(Changed.with(Usual.SAFEGUARDS, SetLimits.NONE));

    private final Path folder;
    private final Path temporary;
    private final SftpServer server;
    private final SettableClock clock = new SettableClock("2026-11-24T09:00:00Z");
    private volatile Optional<Runnable> beforeRename = Optional.empty();

    /** Starts the server with a folder of its own. */
    TestVendor(Path temporary) throws IOException {
        this.temporary = temporary;
        folder = Files.createDirectories(temporary.resolve("vendor"));
        server = SftpServer.start(
                SftpSettings.of(temporary.resolve("host-key"), SftpUser.withPassword("eagle", folder, "secret"))
                        .withListener(new SftpEventListener() {
                            @Override
                            public void moving(ServerSession session, Path from, Path to, Collection<CopyOption> how) {
                                if (to.endsWith("patrons.csv")) {
                                    beforeRename.ifPresent(Runnable::run);
                                }
                            }
                        }));
    }

    Path file() {
        return folder.resolve("patrons.csv");
    }

    SettableClock clock() {
        return clock;
    }

    /** Returns the lines of the vendor's file. */
    List<String> lines() throws IOException {
        return Files.readAllLines(file());
    }

    /** Runs before the next file takes its place. */
    void beforeRename(Runnable run) {
        beforeRename = Optional.of(() -> {
            beforeRename = Optional.empty();
            run.run();
        });
    }

    /** The process dies between the rename and the receipt: another one takes the feed over just then. */
    void takeOverBeforeRename(Cluster cluster, Topics topics) {
        beforeRename(() -> new DeliveryLedger(topics, FEED, cluster.kafka(), cluster.serdes()).close());
    }

    SftpDestination destination() {
        return SftpDestinationBuilder.of(
                        "127.0.0.1",
                        "eagle",
                        new Credentials.Password(Secret.of("secret")),
                        new HostKeys.Pinned(List.of(server.hostKeyFingerprint())))
                .port(server.port())
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    /** Returns the usual feed, delivered here. */
    FeedSettings destiny() {
        return new FeedSettings(
                FeedTopic.SELECTION,
                DestinyLayoutBuilder.of(SITES, 2026).build(),
                Optional.empty(),
                Optional.of(destination()),
                OPEN,
                Usual.RETRIES);
    }

    /** Makes a snapshotter of some feeds with an archive of this name. */
    Snapshotter snapshotter(Cluster cluster, Topics topics, String archive, FeedSettings... feeds) {
        return snapshotter(cluster, topics, archive, DeliveryListener.none(), feeds);
    }

    Snapshotter snapshotter(
            Cluster cluster, Topics topics, String archive, DeliveryListener listener, FeedSettings... feeds) {
        return new Snapshotter(
                cluster.settings(topics, temporary.resolve(archive), Duration.ofSeconds(60), List.of(feeds)),
                clock,
                clock,
                listener);
    }

    @Override
    public void close() {
        server.close();
    }
}
