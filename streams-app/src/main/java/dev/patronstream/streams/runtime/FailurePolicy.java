package dev.patronstream.streams.runtime;

import dev.patronstream.schemas.lifecycle.Backoff;
import dev.patronstream.schemas.serde.RegistryException;
import dev.patronstream.schemas.topic.TopicReplacedException;
import dev.patronstream.streams.topics.LostStateException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.streams.errors.LockException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.TopologyException;

/** Which failures are the world's and tried again, and which stop the application. */
public final class FailurePolicy {

    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private static final List<Class<? extends Throwable>> FATAL = List.of(
            Error.class,
            TopologyException.class,
            ConfigException.class,
            AuthenticationException.class,
            AuthorizationException.class,
            FencedInstanceIdException.class,
            InvalidPartitionsException.class,
            RecordTooLargeException.class,
            UnsupportedVersionException.class);

    private FailurePolicy() {}

    /** Whether trying again may help. What is not known to be the world's fault is ours, and stops. */
    public static boolean isRetryable(Throwable failure) {
        if (causes(failure).anyMatch(FailurePolicy::isFatal)) {
            return false;
        }
        return causes(failure).anyMatch(FailurePolicy::isTheWorlds);
    }

    /** Whether positions and state were found not to belong together; what was read of a topic that is gone is lost. */
    public static boolean isLostState(Throwable failure) {
        return causes(failure)
                .anyMatch(cause -> cause instanceof LostStateException || cause instanceof MissingSourceTopicException);
    }

    /** The innermost failure that says something: what is shown to people. */
    public static String message(Throwable failure) {
        Throwable said = causes(failure)
                .filter(FailurePolicy::isFatal)
                .findFirst()
                .orElseGet(() -> causes(failure)
                        .filter(cause -> cause.getMessage() != null)
                        .reduce((outer, inner) -> inner)
                        .orElse(failure));
        if (said instanceof FencedInstanceIdException) {
            return "Another process took this one's place: it runs with a copy of this state directory, or with the same"
                    + " group.instance.id. Stop one of them";
        }
        if (said instanceof MissingSourceTopicException) {
            return "A contract topic or the progress topic was deleted. The state of the streams application is dropped, and"
                    + " the contract topics are replayed";
        }
        return said.getMessage() == null ? said.getClass().getSimpleName() : said.getMessage();
    }

    /** How long to wait before the next try: twice as long each time, up to half a minute, with jitter. */
    public static Duration pause(int attempt) {
        return BACKOFF.after(attempt);
    }

    private static boolean isFatal(Throwable cause) {
        return FATAL.stream().anyMatch(type -> type.isInstance(cause))
                || (cause instanceof RegistryException registry && !registry.isRetriable())
                || (cause instanceof SerializationException && !(cause instanceof RegistryException));
    }

    private static boolean isTheWorlds(Throwable cause) {
        return cause instanceof RetriableException
                || cause instanceof LostStateException
                || cause instanceof MissingSourceTopicException
                || cause instanceof TopicReplacedException
                || cause instanceof RegistryException
                || cause instanceof LockException
                || cause instanceof ProcessorStateException
                || cause instanceof InterruptException
                || cause instanceof java.io.IOException
                || cause instanceof ApiException
                || (cause.getClass() == StreamsException.class && cause.getCause() == null)
                || cause.getClass() == KafkaException.class;
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
