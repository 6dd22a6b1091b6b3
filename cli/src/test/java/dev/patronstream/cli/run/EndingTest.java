package dev.patronstream.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletionException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class EndingTest {

    @Test
    void whatAPersonHasToChangeFirstIsNotForASupervisorToRestart() {
        assertEquals(2, code(new TopicAuthorizationException("no right to read")));
        assertEquals(2, code(new ConfigException("min.insync.replicas", "many")));
        assertEquals(2, code(new InvalidPartitionsException("more than one")));
        assertEquals(4, code(new FencedInstanceIdException("a copy of the folder")));
        assertEquals(1, code(new TimeoutException("the cluster does not answer")));
        assertEquals(1, code(new OutOfMemoryError()));
    }

    /** As the Java machine says it to every thread that needs the class afterwards. */
    @Test
    void aClassThatCouldNotBePreparedForLackOfMemoryLacksMemoryAndIsNotDamaged() {
        NoClassDefFoundError later = new NoClassDefFoundError("Could not initialize class some.Class");
        later.initCause(new ExceptionInInitializerError(
                "Exception java.lang.OutOfMemoryError: Java heap space [in thread \"engine\"]"));

        assertTrue(ErrorWords.of(later).contains("PATRONSTREAM_JAVA_OPTS=-Xmx2g"), ErrorWords.of(later));
    }

    private static int code(Throwable cause) {
        return Ending.ofStage("streams-app: ", new CompletionException(new StreamsException(cause)))
                .exitCode();
    }
}
