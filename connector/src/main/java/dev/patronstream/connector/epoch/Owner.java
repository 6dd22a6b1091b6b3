package dev.patronstream.connector.epoch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.patronstream.schemas.topic.RecordForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/**
 * Which connector has the district; written beside the position when one takes it.
 *
 * @param instance its name
 * @param since when it took the district
 */
@JsonIgnoreProperties(ignoreUnknown = true) // What a later version adds takes nothing away from this one.
public record Owner(String instance, String since) {

    /** The only key of the owner in the topic of positions. */
    public static final String KEY = "owner";

    private static final JsonMapper JSON = new JsonMapper();

    /** Refuses what names nobody. */
    public Owner {
        Objects.requireNonNull(instance);
    }

    /** What its records look like. */
    public static final RecordForm<Owner> FORM = RecordForm.of((topic, bytes) -> {
        try {
            return JSON.readValue(bytes, Owner.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    });

    /** Returns the bytes of the owner. */
    public byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
