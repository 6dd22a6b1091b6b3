package dev.patronstream.snapshotter.settings;

/** What a file may be called at a vendor. All methods are pure. */
public final class FileName {

    private FileName() {}

    /** Whether a text names a file in a folder, neither a path nor one of the hidden files that we use on the way. */
    public static boolean isPlain(String name) {
        return !name.isBlank() && !name.contains("/") && !name.contains("\\") && !name.startsWith(".");
    }
}
