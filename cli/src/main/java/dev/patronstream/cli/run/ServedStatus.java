package dev.patronstream.cli.run;

import dev.patronstream.cli.cluster.Cluster;
import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.cli.stages.StageBoard;
import dev.patronstream.cli.web.AccessToken;
import dev.patronstream.cli.web.StatusServer;
import dev.patronstream.cli.web.StatusSource;
import java.time.InstantSource;

/** The status port of this process, with what it tells. */
public final class ServedStatus implements AutoCloseable {

    private final RunningStatus status;
    private final StatusServer server;
    private final StageBoard board;

    private ServedStatus(RunningStatus status, StatusServer server, StageBoard board) {
        this.board = board;
        this.status = status;
        this.server = server;
    }

    /**
     * Opens the status port.
     *
     * @throws CommandFailedException if it cannot be opened
     */
    public static ServedStatus start(Configuration configuration, Running running, StageBoard board, Cluster cluster) {
        RunningStatus status =
                new RunningStatus(configuration, running, board, cluster.addresses(), InstantSource.system());
        try {
            StatusServer server = serve(configuration, status);
            board.servedAt(server.url().toString());
            return new ServedStatus(status, server, board);
        } catch (RuntimeException e) {
            status.close();
            throw e;
        }
    }

    static StatusServer serve(Configuration configuration, StatusSource source) {
        try {
            return StatusServer.start(
                    configuration.status().address(),
                    configuration.status().port(),
                    source,
                    AccessToken.ensure(configuration.installation().directory()));
        } catch (RuntimeException e) {
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
        // Before the stages stop, so that no other process sees them stop and takes it for trouble.
        board.close();
    }
}
