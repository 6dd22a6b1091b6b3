package dev.patronstream.cli.cluster;

import dev.patronstream.cli.screen.CommandFailedException;
import dev.patronstream.schemas.serde.AvroSerdes;
import dev.patronstream.schemas.serde.RegistryException;
import dev.patronstream.schemas.topic.TopicProvisioner;
import dev.patronstream.schemas.topic.TopicSettings;
import dev.patronstream.schemas.topic.Topics;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPartitionsException;

/** Asks once, at the start, whether what the configuration names is there: clients alone would try for ever. */
public final class Reachability {

    private static final int SECONDS = 10;

    private Reachability() {}

    public static void requireKafka(String servers, Map<String, String> properties) {
        Map<String, Object> client = new HashMap<>(properties);
        client.put("bootstrap.servers", servers);
        client.put("default.api.timeout.ms", SECONDS * 1000);
        client.put("request.timeout.ms", SECONDS * 1000 / 2);
        try (Admin admin = Admin.create(client)) {
            admin.describeCluster().clusterId().get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw unreachable(servers, "no answer within " + SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw unreachable(servers, Cluster.reason(e.getCause()), e);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw unreachable(servers, Cluster.reason(cause), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while connecting to Kafka", e);
        }
    }

    /** Returns the names of the topics that an account may see. */
    static Set<String> topics(Map<String, String> properties) {
        try (Admin admin = Admin.create(new HashMap<>(properties))) {
            return admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new CommandFailedException("kafka: the topics cannot be listed (" + Cluster.reason(e) + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while listing Kafka's topics", e);
        }
    }

    /**
     * Asks Kafka whether the district's topics are there or could be made; makes none.
     *
     * @return what was seen
     * @throws CommandFailedException if it does not answer or would refuse
     */
    public static String kafka(
            String servers, Map<String, String> properties, Topics topics, TopicSettings topicSettings) {
        requireKafka(servers, properties);
        Map<String, Object> client = new HashMap<>(properties);
        client.put("bootstrap.servers", servers);
        try (Admin admin = Admin.create(client)) {
            int brokers = admin.describeCluster()
                    .nodes()
                    .get(SECONDS, TimeUnit.SECONDS)
                    .size();
            List<String> existing = admin.listTopics().names().get(SECONDS, TimeUnit.SECONDS).stream()
                    .filter(name -> name.startsWith(topics.district() + "."))
                    .toList();
            admin.describeTopics(existing.stream().filter(topics::isOwn).toList())
                    .allTopicNames()
                    .get(SECONDS, TimeUnit.SECONDS)
                    .values()
                    .forEach(TopicProvisioner::requireOnePartition);
            if (existing.isEmpty()) {
                admin.createTopics(
                                List.of(topicSettings.compacted(topics.district() + ".check")),
                                new CreateTopicsOptions().validateOnly(true))
                        .all()
                        .get(SECONDS, TimeUnit.SECONDS);
            }
            String found = existing.isEmpty() ? "no topics yet" : existing.size() + " topics";
            return servers + ", " + brokers + (brokers == 1 ? " broker, " : " brokers, ") + found + " of district "
                    + topics.district();
        } catch (InvalidPartitionsException e) {
            throw new CommandFailedException("kafka: " + e.getMessage() + ".", e);
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "kafka: a topic of district " + topics.district() + " could not be made ("
                            + Cluster.reason(e.getCause())
                            + "). Check kafka.replication-factor against the number of brokers, and that the account may"
                            + " create, read and write topics that begin with " + topics.district() + ".",
                    e);
        } catch (TimeoutException e) {
            throw unreachable(servers, "no answer within " + SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted while asking Kafka", e);
        }
    }

    /** Makes sure that a registry answers. */
    public static void requireRegistry(String url, Map<String, String> properties) {
        Map<String, Object> serdes = new HashMap<>(properties);
        serdes.put("schema.registry.url", url);
        try {
            new AvroSerdes(serdes).registry().compatibility("patronstream-asks-whether-anybody-is-there");
        } catch (RegistryException e) {
            throw new CommandFailedException(
                    "registry.url: the schema registry at " + url + " cannot be used (" + why(e)
                            + "). Start it, correct the address, or check registry.properties for its login",
                    e);
        }
    }

    private static String why(RegistryException failure) {
        if (failure.status() / 100 == 2) {
            return "what answers there is no schema registry";
        }
        if (failure.status() != RegistryException.NO_ANSWER) {
            return "HTTP " + failure.status();
        }
        return failure.getCause() instanceof ConnectException
                ? "the connection was refused"
                : Cluster.reason(failure.getCause() == null ? failure : failure.getCause());
    }

    private static CommandFailedException unreachable(String servers, String why, Exception cause) {
        return new CommandFailedException(
                "kafka.bootstrap-servers: Kafka at " + servers + " cannot be reached (" + why
                        + "). Start it, correct the address, or check kafka.properties for security settings",
                cause);
    }
}
