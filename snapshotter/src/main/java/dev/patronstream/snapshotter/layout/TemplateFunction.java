package dev.patronstream.snapshotter.layout;

import dev.patronstream.schemas.FeedEntry;

/** What a template does to a value. */
@FunctionalInterface
interface TemplateFunction {

    /** Returns the changed value, or the rule that the value breaks. */
    Cell apply(String value, FeedEntry entry);
}
