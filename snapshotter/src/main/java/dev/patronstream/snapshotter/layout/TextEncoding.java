package dev.patronstream.snapshotter.layout;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The encodings a delivered file may have; both are set on Destiny's schedule page and in its properties file. */
public enum TextEncoding {
    /** UTF-8, without a byte order mark. */
    UTF_8("UTF-8", StandardCharsets.UTF_8),
    /** Windows' western code page, the only name seen in public properties files. */
    WINDOWS_1252("windows-1252", Charset.forName("windows-1252"));

    private final String id;
    private final Charset charset;

    TextEncoding(String id, Charset charset) {
        this.id = id;
        this.charset = charset;
    }

    /** Returns the name in the configuration, and in the properties file unless another is configured. */
    public String id() {
        return id;
    }

    public Charset charset() {
        return charset;
    }
}
