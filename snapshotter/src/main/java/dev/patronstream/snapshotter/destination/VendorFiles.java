package dev.patronstream.snapshotter.destination;

import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a feed's files are called and handled in a vendor's folder. Pure.
 *
 * @param file name of the file there; Destiny takes it as it is, with upper and lower case; empty text where the layout
 *     names its files
 * @param propertiesFile name of the properties file there; empty text for none
 * @param temporaryName name of a file on its way, with {@code {file}} and {@code {id}} in it
 * @param permissions who may read and write the files; empty for as is usual there
 * @param choices what is done otherwise than usual
 */
public record VendorFiles(
        String file,
        String propertiesFile,
        String temporaryName,
        Optional<Set<PosixFilePermission>> permissions,
        Set<Choice> choices) {

    /** The name in Aeries' and Follett's guides. */
    public static final String DEFAULT_FILE = "patrons.csv";

    /** The name in Aeries' and Follett's guides. */
    public static final String DEFAULT_PROPERTIES_FILE = "patronimport.properties";

    /** Hidden, and with an end that no import takes. */
    public static final String DEFAULT_TEMPORARY_NAME = ".{file}.{id}.part";

    public VendorFiles {
        permissions = permissions.map(Set::copyOf);
        choices = Set.copyOf(choices);
    }

    /** What a destination can need that is not usual. */
    public enum Choice {
        /** The bytes are read back after the upload and compared, not only their number. */
        READ_BACK,
        /** A place that cannot rename over a file is used all the same: the file is absent for a moment. */
        ALLOW_NON_ATOMIC_RENAME,
        /** What was acknowledged and is not shown any more is delivered: the vendor's job takes files at once. */
        ACKNOWLEDGED_IS_DELIVERED;

        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Returns the line of the configuration that makes it. */
        public String line(String settingsPath) {
            return settingsPath + "." + key() + ": true";
        }
    }

    public boolean has(Choice choice) {
        return choices.contains(choice);
    }

    /** Returns the name under which a file is on its way. */
    String temporary(String name, String deliveryId) {
        return temporaryName.replace("{file}", name).replace("{id}", deliveryId);
    }

    /** Returns the name under which the old file is at hand, where the new one cannot take its place in one step. */
    String aside(String name, String deliveryId) {
        return temporary(name, deliveryId + "-old");
    }

    /** Returns what matches the names on the way of a feed's files, and nothing foreign; where case is none, any case. */
    Pattern temporaries(List<String> names, String feed) {
        String any = names.stream().map(Pattern::quote).collect(Collectors.joining("|"));
        return Pattern.compile(
                Pattern.quote(temporaryName)
                        .replace("{file}", "\\E(" + any + ")\\Q")
                        .replace("{id}", "\\E" + DeliveryId.pattern(feed) + "(-old)?\\Q"),
                Pattern.CASE_INSENSITIVE);
    }

    /** Returns everything that is wrong, with paths relative to the destination. */
    public List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        if (!file.isEmpty()) {
            checkName("file", file, problems);
        }
        if (!propertiesFile.isEmpty()) {
            checkName("properties-file", propertiesFile, problems);
            if (propertiesFile.equalsIgnoreCase(file)) {
                problems.add(new SettingProblem("properties-file", "must have another name than the file itself"));
            }
        }
        if (!temporaryName.contains("{file}")
                || !temporaryName.contains("{id}")
                || temporaryName.contains("/")
                || temporaryName.contains("\\")) {
            problems.add(new SettingProblem(
                    "temporary-name",
                    "'" + temporaryName + "' is not a file name with {file} and {id} in it, like "
                            + DEFAULT_TEMPORARY_NAME));
        }
        permissions
                .filter(who ->
                        !who.contains(PosixFilePermission.OWNER_WRITE) || !who.contains(PosixFilePermission.OWNER_READ))
                .ifPresent(who -> problems.add(new SettingProblem(
                        "permissions",
                        PosixFilePermissions.toString(who) + " keeps the account itself from reading or replacing the"
                                + " file; begin with rw")));
        return problems;
    }

    private static void checkName(String path, String name, List<SettingProblem> problems) {
        if (!FileFolder.isPlain(name)) {
            problems.add(
                    new SettingProblem(
                            path,
                            "'" + name
                                    + "' is not a plain file name; the folder stands in 'directory' (sftp) or 'path' (folder)"));
        }
    }
}
