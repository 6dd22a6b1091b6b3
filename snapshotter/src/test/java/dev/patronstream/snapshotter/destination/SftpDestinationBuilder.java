package dev.patronstream.snapshotter.destination;

import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Builds destinations for tests: each method sets what {@link SftpDestination} says of its name. */
public final class SftpDestinationBuilder {

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
    private String temporaryName;
    private final Set<SftpDestination.Choice> choices;
    private Optional<Set<PosixFilePermission>> permissions;

    /** Begins with the usual port, file names and time-outs, in the root folder. */
    public static SftpDestinationBuilder of(String host, String user, Credentials credentials, HostKeys hostKeys) {
        return like(new SftpDestination(
                host,
                SftpDestination.DEFAULT_PORT,
                user,
                credentials,
                hostKeys,
                "/",
                SftpDestination.DEFAULT_FILE,
                SftpDestination.DEFAULT_PROPERTIES_FILE,
                SftpDestination.DEFAULT_CONNECT_TIMEOUT,
                SftpDestination.DEFAULT_READ_TIMEOUT,
                SftpDestination.DEFAULT_TEMPORARY_NAME,
                Set.of(),
                Optional.empty()));
    }

    /** Begins with what another destination has. */
    public static SftpDestinationBuilder like(SftpDestination other) {
        return new SftpDestinationBuilder(other);
    }

    private SftpDestinationBuilder(SftpDestination like) {
        this.host = like.host();
        this.port = like.port();
        this.user = like.user();
        this.credentials = like.credentials();
        this.hostKeys = like.hostKeys();
        this.directory = like.directory();
        this.file = like.file();
        this.propertiesFile = like.propertiesFile();
        this.connectTimeout = like.connectTimeout();
        this.readTimeout = like.readTimeout();
        this.temporaryName = like.temporaryName();
        this.choices = new HashSet<>(like.choices());
        this.permissions = like.permissions();
    }

    public SftpDestinationBuilder host(String value) {
        host = value;
        return this;
    }

    public SftpDestinationBuilder port(int value) {
        port = value;
        return this;
    }

    public SftpDestinationBuilder user(String value) {
        user = value;
        return this;
    }

    public SftpDestinationBuilder credentials(Credentials value) {
        credentials = value;
        return this;
    }

    public SftpDestinationBuilder hostKeys(HostKeys value) {
        hostKeys = value;
        return this;
    }

    public SftpDestinationBuilder directory(String value) {
        directory = value;
        return this;
    }

    public SftpDestinationBuilder file(String value) {
        file = value;
        return this;
    }

    public SftpDestinationBuilder propertiesFile(String value) {
        propertiesFile = value;
        return this;
    }

    public SftpDestinationBuilder connectTimeout(Duration value) {
        connectTimeout = value;
        return this;
    }

    public SftpDestinationBuilder readTimeout(Duration value) {
        readTimeout = value;
        return this;
    }

    public SftpDestinationBuilder temporaryName(String value) {
        temporaryName = value;
        return this;
    }

    public SftpDestinationBuilder with(SftpDestination.Choice choice) {
        choices.add(choice);
        return this;
    }

    public SftpDestinationBuilder permissions(Optional<Set<PosixFilePermission>> value) {
        permissions = value;
        return this;
    }

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
                temporaryName,
                choices,
                permissions);
    }
}
