package dev.patronstream.snapshotter.settings;

/**
 * One thing that is wrong with the settings.
 *
 * @param path where, relative to what was checked, as in the configuration file: {@code sites.20}
 * @param message what is wrong and what would be right; never a secret
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
