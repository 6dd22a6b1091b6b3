package dev.patronstream.cli.run;

import dev.patronstream.cli.config.Configuration;
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

/** Says in one message why a stage has given up, beginning with the place in the configuration that it is about. */
final class FailureText {

    private FailureText() {}

    static Ending ofConnector(Configuration configuration, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new Ending(
                "sqlserver (" + configuration.capture().database().address() + "): " + ErrorWords.of(cause),
                code(cause));
    }

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
