package dev.patronstream.snapshotter.destination;

import dev.patronstream.snapshotter.Usual;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination.Connection;
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
    private boolean allowsOldAlgorithms;
    private final Set<VendorFiles.Choice> choices;
    private Optional<Set<PosixFilePermission>> permissions;

    /** Begins with the usual port, file names and time-outs, in the root folder. */
    public static SftpDestinationBuilder of(String host, String user, Credentials credentials, HostKeys hostKeys) {
        VendorFiles files = new VendorFiles(
                VendorFiles.DEFAULT_FILE,
                VendorFiles.DEFAULT_PROPERTIES_FILE,
                VendorFiles.DEFAULT_TEMPORARY_NAME,
                Optional.empty(),
                Set.of());
        return like(new SftpDestination(host, 22, user, credentials, hostKeys, Usual.CONNECTION, "/", files));
    }

    /** Begins with what another one has, which is an SFTP server, too. */
    public static SftpDestinationBuilder like(Destination other) {
        return new SftpDestinationBuilder((SftpDestination) other);
    }

    private SftpDestinationBuilder(SftpDestination like) {
        this.host = like.host();
        this.port = like.port();
        this.user = like.user();
        this.credentials = like.credentials();
        this.hostKeys = like.hostKeys();
        this.directory = like.directory();
        this.file = like.files().file();
        this.propertiesFile = like.files().propertiesFile();
        this.connectTimeout = like.connection().connectTimeout();
        this.readTimeout = like.connection().readTimeout();
        this.temporaryName = like.files().temporaryName();
        this.choices = new HashSet<>(like.files().choices());
        this.allowsOldAlgorithms = like.connection().allowsOldAlgorithms();
        this.permissions = like.files().permissions();
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

    public SftpDestinationBuilder with(VendorFiles.Choice choice) {
        choices.add(choice);
        return this;
    }

    public SftpDestinationBuilder allowOldAlgorithms() {
        allowsOldAlgorithms = true;
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
                new Connection(connectTimeout, readTimeout, allowsOldAlgorithms),
                directory,
                new VendorFiles(file, propertiesFile, temporaryName, permissions, choices));
    }
}
