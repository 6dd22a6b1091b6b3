package dev.patronstream.schemas.topic;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** What a Kafka cluster answers, waited for. */
public final class KafkaAnswers {

    private KafkaAnswers() {}

    /**
     * Returns the answer to a request; Kafka's clients give up by themselves after their time-outs.
     *
     * @throws KafkaException with what the request failed with
     * @throws InterruptException if the thread is interrupted, which it stays
     */
    public static <T> T await(Future<T> asked) {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause
                    ? cause
                    : new KafkaException("A request to the Kafka cluster failed", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
