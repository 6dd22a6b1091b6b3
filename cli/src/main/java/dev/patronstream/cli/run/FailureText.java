package dev.patronstream.cli.run;

import dev.patronstream.cli.config.Configuration;
import dev.patronstream.connector.CaptureException;
import java.util.concurrent.CompletionException;

/** Says in one message why a stage has given up, beginning with the place in the configuration that it is about. */
final class FailureText {

    private FailureText() {}

    static Ending ofConnector(Configuration configuration, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new Ending(
                "sqlserver (" + configuration.database().address() + "): " + ErrorWords.of(cause), code(cause));
    }

    private static int code(Throwable cause) {
        return cause instanceof CaptureException known
                ? switch (known.kind()) {
                    case FAILED -> Ending.FAILED;
                    case REFUSED -> Ending.REFUSED;
                    case FENCED -> Ending.FENCED;
                }
                : Ending.FAILED;
    }
}
