package dev.patronstream.cli.config;

import java.util.Map;

/**
 * Which schema registry.
 *
 * @param place a registry of our own, or one that exists
 * @param properties further properties of the serdes, such as {@code basic.auth.user.info}
 */
public record RegistrySettings(Place place, Map<String, String> properties) {

    /** Copies the properties. */
    public RegistrySettings {
        properties = Map.copyOf(properties);
    }

    /** Where the registry is. */
    public sealed interface Place {}

    /**
     * A registry in the process of {@code run}.
     *
     * @param port its port on 127.0.0.1; 0 for any free one
     */
    public record Embedded(int port) implements Place {}

    /**
     * A registry that exists.
     *
     * @param url its address, or several with commas
     */
    public record External(String url) implements Place {}

    /** Without properties, which may hold secrets. */
    @Override
    public String toString() {
        return "RegistrySettings[" + place + "]";
    }
}
