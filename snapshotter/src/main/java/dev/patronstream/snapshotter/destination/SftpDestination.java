package dev.patronstream.snapshotter.destination;

import dev.patronstream.snapshotter.file.DeliveryId;
import dev.patronstream.snapshotter.settings.FileName;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A folder on a vendor's SFTP server.
 *
 * @param host name or address of the server; an IPv6 address with or without brackets
 * @param port port of the server
 * @param user user there
 * @param credentials password or key
 * @param hostKeys which host keys are the server's
 * @param directory folder; relative to the user's home unless it begins with a slash
 * @param file name of the file there; Destiny takes it as it is, with upper and lower case; empty text where the layout
 *     names its files
 * @param propertiesFile name of the properties file there; empty text for none
 * @param connectTimeout how long connecting may take
 * @param readTimeout how long the server may be silent
 * @param temporaryName name of a file on its way, with {@code {file}} and {@code {id}} in it
 * @param choices what is done otherwise than usual
 * @param permissions who may read and write the files at the vendor; empty for as the server makes them
 */
public record SftpDestination(
        String host,
        int port,
        String user,
        Credentials credentials,
        HostKeys hostKeys,
        String directory,
        String file,
        String propertiesFile,
        Duration connectTimeout,
        Duration readTimeout,
        String temporaryName,
        Set<Choice> choices,
        Optional<Set<PosixFilePermission>> permissions) {

    /** Takes the brackets off an address, and copies the sets. */
    public SftpDestination {
        host = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        choices = Set.copyOf(choices);
        permissions = permissions.map(Set::copyOf);
    }

    /** What a server can need that is not usual. */
    public enum Choice {
        /** The bytes are read back after the upload and compared, not only their number. */
        READ_BACK,
        /** A server that cannot rename over a file is used all the same: the file is absent for a moment. */
        ALLOW_NON_ATOMIC_RENAME,
        /** What the server acknowledged and does not show any more is delivered: its user's job takes files at once. */
        ACKNOWLEDGED_IS_DELIVERED,
        /** A server is used that has no algorithms but those which OpenSSH does not use any more. */
        ALLOW_OLD_ALGORITHMS;

        /** Returns how the configuration calls it. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** SSH's port. */
    public static final int DEFAULT_PORT = 22;

    /** The name in Aeries' and Follett's guides. */
    public static final String DEFAULT_FILE = "patrons.csv";

    /** The name in Aeries' and Follett's guides. */
    public static final String DEFAULT_PROPERTIES_FILE = "patronimport.properties";

    /** Time to connect unless configured. */
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(20);

    /** Silence of the server that is borne unless configured. */
    public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(60);

    /** Hidden, and with an end that no import takes. */
    public static final String DEFAULT_TEMPORARY_NAME = ".{file}.{id}.part";

    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");
    private static final int HIGHEST_PORT = 65535;

    /** Returns where to, without secrets: {@code sftp://user@host:port/directory}. */
    public String address() {
        String path = directory.startsWith("/") ? directory : "/~/" + directory;
        return account() + path;
    }

    /** Returns the server and the account there, as {@code sftp://user@host:port}. */
    public String account() {
        return "sftp://" + user + "@" + hostAndPort();
    }

    /** Returns the same text for destinations that are written as the same folder, though not letter by letter. */
    public String folder() {
        return user + "@" + hostAndPort().toLowerCase(Locale.ROOT) + " " + directory.replaceAll("(?<=.)/+$", "");
    }

    /** Returns {@code host:port}, an IPv6 address in brackets. */
    String hostAndPort() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    boolean has(Choice choice) {
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

    /** Returns everything that is wrong, with paths relative to the destination. Connects to nothing. */
    public List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        requireText("host", host, "name the vendor's SFTP server", problems);
        requireText("user", user, "name the account that the vendor gave you", problems);
        if (port < 1 || port > HIGHEST_PORT) {
            problems.add(new SettingProblem("port", port + " is not a port; SFTP usually has 22"));
        }
        if (!file.isEmpty()) {
            checkFileName("file", file, problems);
        }
        if (!propertiesFile.isEmpty()) {
            checkFileName("properties-file", propertiesFile, problems);
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
        checkTimeout("connect-timeout", connectTimeout, problems);
        checkTimeout("read-timeout", readTimeout, problems);
        checkHostKeys(problems);
        return problems;
    }

    private void checkHostKeys(List<SettingProblem> problems) {
        if (hostKeys instanceof HostKeys.Pinned pinned) {
            if (pinned.fingerprints().isEmpty()) {
                problems.add(new SettingProblem(
                        "host-key", "give the fingerprint of the server's key, SHA256:..., as the vendor states it"));
            }
            for (String fingerprint : pinned.fingerprints()) {
                if (!FINGERPRINT.matcher(fingerprint).matches()) {
                    problems.add(new SettingProblem(
                            "host-key",
                            "'" + fingerprint + "' is not a fingerprint; it looks like SHA256: and 43 letters, digits,"
                                    + " + and /, as `ssh-keygen -l` prints it"));
                }
            }
        }
    }

    private static void requireText(String path, String value, String hint, List<SettingProblem> problems) {
        if (value.isBlank()) {
            problems.add(new SettingProblem(path, "is missing; " + hint));
        }
    }

    private static void checkFileName(String path, String name, List<SettingProblem> problems) {
        if (!FileName.isPlain(name)) {
            problems.add(new SettingProblem(
                    path, "'" + name + "' is not a plain file name; the folder is set by 'directory'"));
        }
    }

    private static void checkTimeout(String path, Duration timeout, List<SettingProblem> problems) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofHours(1)) > 0) {
            problems.add(new SettingProblem(path, timeout + " is not a time between 0 and 1 hour"));
        }
    }
}
