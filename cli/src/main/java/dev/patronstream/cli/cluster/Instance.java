package dev.patronstream.cli.cluster;

/**
 * A process of {@code run} that is up on this machine.
 *
 * @param name {@code run}, or the one stage that it runs
 * @param pid its process ID
 * @param bootstrapServers its Kafka
 * @param registryUrl its registry
 * @param statusUrl its status port
 */
public record Instance(String name, long pid, String bootstrapServers, String registryUrl, String statusUrl) {}
