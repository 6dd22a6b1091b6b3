package dev.patronstream.cli.cluster;

import dev.patronstream.schemas.serde.AvroSerdes;
import java.util.HashMap;
import java.util.Map;

/**
 * What a client of Kafka and the registry needs.
 *
 * @param kafka properties of every Kafka client
 * @param serdes properties of the serdes
 */
public record ClusterClients(Map<String, String> kafka, Map<String, String> serdes) {

    /** Copies the maps. */
    public ClusterClients {
        kafka = Map.copyOf(kafka);
        serdes = Map.copyOf(serdes);
    }

    /** Returns the Kafka properties for those who take objects. */
    public Map<String, Object> kafkaProperties() {
        return new HashMap<>(kafka);
    }

    /** Returns the serdes' properties for those who take objects. */
    public Map<String, Object> serdeProperties() {
        return new HashMap<>(serdes);
    }

    public AvroSerdes avro() {
        return new AvroSerdes(serdes);
    }

    /** Without the properties, which may hold secrets. */
    @Override
    public String toString() {
        return "ClusterClients[" + kafka.get("bootstrap.servers") + "]";
    }
}
