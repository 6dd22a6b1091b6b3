package dev.patronstream.sandbox.kafka;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.PolicyViolationException;

/** What a script that sets a retention for all topics does to one that must keep everything. */
public final class LostBeginning {

    private LostBeginning() {}

    /** Lets a topic lose its records before an offset. */
    public static void cut(String bootstrapServers, String topic, long offset) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            AlterConfigOp retention = new AlterConfigOp(
                    new ConfigEntry(TopicConfig.CLEANUP_POLICY_CONFIG, "compact,delete"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(
                            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(retention)))
                    .all()
                    .get();
            Map<TopicPartition, RecordsToDelete> head =
                    Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset));
            while (true) {
                try {
                    admin.deleteRecords(head).all().get();
                    return;
                } catch (ExecutionException e) {
                    // The broker has not heard of the policy yet.
                    if (!(e.getCause() instanceof PolicyViolationException)) {
                        throw e;
                    }
                }
            }
        }
    }
}
