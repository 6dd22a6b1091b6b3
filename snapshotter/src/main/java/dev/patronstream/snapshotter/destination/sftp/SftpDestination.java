package dev.patronstream.snapshotter.destination.sftp;

import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.UploadFailedException;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.destination.VendorFolder;
import dev.patronstream.snapshotter.settings.SettingProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A folder on a vendor's SFTP server. The host can be an IPv6 address, with or without brackets; the directory is
 * relative to the user's home unless it begins with a slash.
 */
public record SftpDestination(
        String host,
        int port,
        String user,
        Credentials credentials,
        HostKeys hostKeys,
        Connection connection,
        String directory,
        VendorFiles files)
        implements Destination {

    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");
    private static final int HIGHEST_PORT = 65535;

    /** Takes the brackets off an address. */
    public SftpDestination {
        host = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /**
     * How connections are made.
     *
     * @param readTimeout how long the server may be silent
     * @param allowsOldAlgorithms whether a server is used that has only algorithms which OpenSSH does not use any more
     */
    public record Connection(Duration connectTimeout, Duration readTimeout, boolean allowsOldAlgorithms) {}

    @Override
    public String key() {
        return "destination.sftp";
    }

    @Override
    public String address() {
        String path = directory.startsWith("/") ? directory : "/~/" + directory;
        return "sftp://" + user + "@" + hostAndPort() + path;
    }

    @Override
    public String subject() {
        return "The server of " + address();
    }

    @Override
    public String folderKey() {
        return user + "@" + hostAndPort().toLowerCase(Locale.ROOT) + " " + directory.replaceAll("(?<=.)/+$", "");
    }

    /** Returns {@code host:port}, an IPv6 address in brackets. */
    String hostAndPort() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public VendorFolder open(String settingsPath) throws UploadFailedException {
        return new SftpConnector(this, settingsPath).connect();
    }

    @Override
    public List<SettingProblem> problems() {
        List<SettingProblem> problems = new ArrayList<>();
        requireText("host", host, "name the vendor's SFTP server", problems);
        requireText("user", user, "name the account that the vendor gave you", problems);
        if (port < 1 || port > HIGHEST_PORT) {
            problems.add(new SettingProblem("port", port + " is not a port; SFTP usually has 22"));
        }
        problems.addAll(files.problems());
        checkTimeout("connect-timeout", connection.connectTimeout(), problems);
        checkTimeout("read-timeout", connection.readTimeout(), problems);
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

    private static void checkTimeout(String path, Duration timeout, List<SettingProblem> problems) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(Duration.ofHours(1)) > 0) {
            problems.add(new SettingProblem(path, timeout + " is not a time between 0 and 1 hour"));
        }
    }
}
