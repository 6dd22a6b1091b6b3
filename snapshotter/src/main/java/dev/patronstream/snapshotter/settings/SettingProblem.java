package dev.patronstream.snapshotter.settings;

/**
 * One thing that is wrong with the settings, at a path as in the configuration file, relative to what was checked; the
 * message says what would be right, and never a secret.
 */
public record SettingProblem(String path, String message) {

    /** Returns the same problem below an outer path: {@code feeds.destiny} and {@code sites.20}. */
    public SettingProblem below(String outer) {
        return new SettingProblem(path.isEmpty() ? outer : outer + "." + path, message);
    }

    @Override
    public String toString() {
        return path + ": " + message;
    }
}
