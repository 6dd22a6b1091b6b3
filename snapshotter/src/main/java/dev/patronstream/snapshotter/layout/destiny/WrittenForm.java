package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.snapshotter.layout.TextEncoding;
import java.util.Optional;

/**
 * How Destiny's file is written; without a name of its own for the encoding, the properties file has the usual one.
 */
public record WrittenForm(boolean header, TextEncoding encoding, Optional<String> encodingName) {

    /** With a header row, in UTF-8. */
    static final WrittenForm DEFAULT = new WrittenForm(true, TextEncoding.UTF_8, Optional.empty());
}
