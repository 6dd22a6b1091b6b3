package dev.patronstream.snapshotter.layout.destiny;

import dev.patronstream.snapshotter.layout.TextEncoding;
import java.util.Optional;

/**
 * How Destiny's file is written.
 *
 * @param header whether the first row names the columns
 * @param encoding encoding of the file
 * @param encodingName what Destiny calls that encoding in the properties file; empty for its usual name
 */
public record WrittenForm(boolean header, TextEncoding encoding, Optional<String> encodingName) {

    /** With a header row, in UTF-8. */
    static final WrittenForm DEFAULT = new WrittenForm(true, TextEncoding.UTF_8, Optional.empty());
}
