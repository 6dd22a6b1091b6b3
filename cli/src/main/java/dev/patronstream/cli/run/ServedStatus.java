package dev.patronstream.cli.run;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.web.AccessToken;
import dev.patronstream.cli.web.StatusServer;
import java.time.InstantSource;
import java.util.Optional;

/** The status port of this process, with what it tells. */
public final class ServedStatus implements AutoCloseable {

    private final RunningStatus status;
    private final StatusServer server;

    private ServedStatus(RunningStatus status, StatusServer server) {
        this.status = status;
        this.server = server;
    }

    /**
     * Opens the status port.
     *
     * @throws CommandFailedException if it cannot be opened
     */
    public static ServedStatus start(Configuration configuration, Running running, Cluster cluster) {
        String version = Optional.ofNullable(ServedStatus.class.getPackage().getImplementationVersion())
                .orElse("development");
        RunningStatus status = new RunningStatus(
                configuration, running, cluster.addresses(), cluster.clients(), version, InstantSource.system());
        try {
            StatusServer server = StatusServer.start(
                    configuration.status().address(),
                    configuration.status().port(),
                    status,
                    AccessToken.ensure(configuration.directory()));
            return new ServedStatus(status, server);
        } catch (RuntimeException e) {
            status.close();
            throw new CommandFailedException(
                    "status.port: the status page cannot be opened on "
                            + configuration.status().address() + ":"
                            + configuration.status().port() + " (" + Cluster.reason(e)
                            + "). Give another port, or 0 for any free one",
                    e);
        }
    }

    /** Returns the page's address. */
    public String url() {
        return server.url().toString();
    }

    @Override
    public void close() {
        server.close();
        status.close();
    }
}
