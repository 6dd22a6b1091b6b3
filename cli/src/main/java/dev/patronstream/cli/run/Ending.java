package dev.patronstream.cli.run;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.connector.status.CaptureException;
import dev.patronstream.schemas.serde.RegistryException;
import dev.patronstream.snapshotter.settings.InvalidSettingsException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Why a process ends that nobody has stopped.
 *
 * @param message for people: what happened, what to do
 * @param exitCode how the process ends: 1 a supervisor starts it again; 2 refused and 4 fenced, and it does not
 */
public record Ending(String message, int exitCode) {

    /** Something failed; started again, it may go well. */
    public static final int FAILED = 1;

    /** A person has to change something first: the configuration, the database, a right. */
    public static final int REFUSED = 2;

    /** Another process has taken over. */
    public static final int FENCED = 4;

    public CommandFailedException exception() {
        return new CommandFailedException(message, exitCode);
    }

    /** Returns why the connector has given up, beginning with the place in the configuration that it is about. */
    static Ending ofConnector(Configuration configuration, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new Ending(
                "sqlserver (" + configuration.capture().database().address() + "): " + ErrorWords.of(cause),
                code(cause));
    }

    /** Returns why a stage has given up; its name, or what else is to be said first, is {@code what}. */
    static Ending ofStage(String what, Throwable failure) {
        return new Ending(what + ErrorWords.of(failure), code(failure));
    }

    /** What a person has to change first would end in the same way when it is started again. */
    private static int code(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaptureException known) {
                return switch (known.kind()) {
                    case FAILED -> Ending.FAILED;
                    case REFUSED -> Ending.REFUSED;
                    case FENCED -> Ending.FENCED;
                };
            } else if (cause instanceof FencedInstanceIdException) {
                return Ending.FENCED;
            } else if (cause instanceof ConfigException
                    || cause instanceof AuthenticationException
                    || cause instanceof AuthorizationException
                    || cause instanceof UnsupportedVersionException
                    || cause instanceof InvalidPartitionsException
                    || cause instanceof InvalidSettingsException
                    || (cause instanceof RegistryException registry && !registry.isRetriable())) {
                return Ending.REFUSED;
            }
        }
        return Ending.FAILED;
    }
}
