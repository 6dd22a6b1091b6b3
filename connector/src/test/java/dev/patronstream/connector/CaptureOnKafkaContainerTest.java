package dev.patronstream.connector;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import java.time.Duration;
import org.junit.jupiter.api.Tag;

/** Capture into Kafka's own image. */
@NeedsDocker
@Tag("kafka")
class CaptureOnKafkaContainerTest extends CaptureTest {

    @Override
    TestDistrict district(TestKafka kafka, String name, Duration captureInterval) throws Exception {
        return super.district(kafka, "container-" + name, captureInterval);
    }
}
