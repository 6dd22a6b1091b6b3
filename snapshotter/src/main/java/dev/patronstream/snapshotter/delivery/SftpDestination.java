package dev.patronstream.snapshotter.delivery;

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
 * @param readBack whether the bytes are read back after the upload and compared, not only their number
 * @param allowNonAtomicRename whether a server that cannot rename over a file is used all the same: the file is then
 *     absent for a moment
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
        boolean readBack,
        boolean allowNonAtomicRename,
        Optional<Set<PosixFilePermission>> permissions) {

    /** Takes the brackets off an address, and copies the set. */
    public SftpDestination {
        host = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        permissions = permissions.map(Set::copyOf);
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

    private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");
    private static final int HIGHEST_PORT = 65535;

    /** Returns a builder of a destination with the usual port, file names and time-outs, in the root folder. */
    public static Builder builder(String host, String user, Credentials credentials, HostKeys hostKeys) {
        return new Builder(new SftpDestination(
                host,
                DEFAULT_PORT,
                user,
                credentials,
                hostKeys,
                "/",
                DEFAULT_FILE,
                DEFAULT_PROPERTIES_FILE,
                DEFAULT_CONNECT_TIMEOUT,
                DEFAULT_READ_TIMEOUT,
                false,
                false,
                Optional.empty()));
    }

    /** Returns a builder of a destination that differs from this one. */
    public Builder toBuilder() {
        return new Builder(this);
    }

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
            if (propertiesFile.equals(file)) {
                problems.add(new SettingProblem("properties-file", "must have another name than the file itself"));
            }
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

    /** Builds a destination; not thread-safe. */
    public static final class Builder {

        private String host;
        private int port;
        private String user;
        private Credentials credentials;
        private HostKeys hostKeys;
        private String directory;
        private String file;
        private String propertiesFile;
        private Duration connectTimeout;
        private Duration readTimeout;
        private boolean readBack;
        private boolean allowNonAtomicRename;
        private Optional<Set<PosixFilePermission>> permissions;

        private Builder(SftpDestination like) {
            this.host = like.host;
            this.port = like.port;
            this.user = like.user;
            this.credentials = like.credentials;
            this.hostKeys = like.hostKeys;
            this.directory = like.directory;
            this.file = like.file;
            this.propertiesFile = like.propertiesFile;
            this.connectTimeout = like.connectTimeout;
            this.readTimeout = like.readTimeout;
            this.readBack = like.readBack;
            this.allowNonAtomicRename = like.allowNonAtomicRename;
            this.permissions = like.permissions;
        }

        /** See {@link SftpDestination#host()}. */
        public Builder host(String value) {
            host = value;
            return this;
        }

        /** See {@link SftpDestination#port()}. */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /** See {@link SftpDestination#user()}. */
        public Builder user(String value) {
            user = value;
            return this;
        }

        /** See {@link SftpDestination#credentials()}. */
        public Builder credentials(Credentials value) {
            credentials = value;
            return this;
        }

        /** See {@link SftpDestination#hostKeys()}. */
        public Builder hostKeys(HostKeys value) {
            hostKeys = value;
            return this;
        }

        /** See {@link SftpDestination#directory()}. */
        public Builder directory(String value) {
            directory = value;
            return this;
        }

        /** See {@link SftpDestination#file()}. */
        public Builder file(String value) {
            file = value;
            return this;
        }

        /** See {@link SftpDestination#propertiesFile()}. */
        public Builder propertiesFile(String value) {
            propertiesFile = value;
            return this;
        }

        /** See {@link SftpDestination#connectTimeout()}. */
        public Builder connectTimeout(Duration value) {
            connectTimeout = value;
            return this;
        }

        /** See {@link SftpDestination#readTimeout()}. */
        public Builder readTimeout(Duration value) {
            readTimeout = value;
            return this;
        }

        /** See {@link SftpDestination#readBack()}. */
        public Builder readBack(boolean value) {
            readBack = value;
            return this;
        }

        /** See {@link SftpDestination#allowNonAtomicRename()}. */
        public Builder allowNonAtomicRename(boolean value) {
            allowNonAtomicRename = value;
            return this;
        }

        /** See {@link SftpDestination#permissions()}. */
        public Builder permissions(Optional<Set<PosixFilePermission>> value) {
            permissions = value;
            return this;
        }

        /** Returns the destination. */
        public SftpDestination build() {
            return new SftpDestination(
                    host,
                    port,
                    user,
                    credentials,
                    hostKeys,
                    directory,
                    file,
                    propertiesFile,
                    connectTimeout,
                    readTimeout,
                    readBack,
                    allowNonAtomicRename,
                    permissions);
        }
    }
}
