package dev.patronstream.snapshotter.delivery;

import java.util.Optional;

/**
 * Who decides about a delivery, as the receipt is to have it. Immutable.
 *
 * @param name the account, or the name that a person gave
 * @param note why, in the person's words; empty when nothing was said
 */
public record Decider(String name, Optional<String> note) {

    /** One who says nothing of the reason. */
    public static Decider of(String name) {
        return new Decider(name, Optional.empty());
    }
}
