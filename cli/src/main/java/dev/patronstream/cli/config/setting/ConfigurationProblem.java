package dev.patronstream.cli.config.setting;

import dev.patronstream.schemas.Text;
import java.util.OptionalInt;

/**
 * One thing that is wrong with the configuration.
 *
 * @param path where, from the top of the file: {@code feeds.destiny.schedule}
 * @param line line of the file, or of the nearest thing above it; empty when it is not from the file
 * @param message what is wrong and what would be right; never a secret
 */
public record ConfigurationProblem(String path, OptionalInt line, String message) {

    @Override
    public String toString() {
        String where = path.isEmpty() ? "" : path;
        if (line.isPresent()) {
            where += (where.isEmpty() ? "line " : " (line ") + line.getAsInt() + (where.isEmpty() ? "" : ")");
        }
        return Text.printable(where.isEmpty() ? message : where + ": " + message);
    }
}
