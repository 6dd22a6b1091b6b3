package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.destination.Credentials;
import dev.patronstream.snapshotter.destination.HostKeys;
import dev.patronstream.snapshotter.destination.SftpDestination;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a feed's SFTP server. */
final class SftpReader {

    private static final String NONE = "none";

    private final boolean describedByProperties;
    private final String usualFile;

    /** Makes a reader of the server for files of a layout; without one that could be read, of the one for Destiny. */
    SftpReader(Optional<LayoutSettings> layout) {
        this.describedByProperties =
                layout.filter(FreeLayoutSettings.class::isInstance).isEmpty();
        this.usualFile = layout.map(known -> known.fileNames().isEmpty() ? known.usualFile() : "")
                .orElse(SftpDestination.DEFAULT_FILE);
    }

    Optional<SftpDestination> read(Section section) {
        String host = section.address("host");
        int port = section.integer("port");
        String user = section.text("user");
        Credentials credentials = credentials(section);
        HostKeys hostKeys = hostKeys(section);
        String directory = section.text("directory");
        String file = section.optionalText("file").orElse(usualFile);
        String properties = section.anyText("properties-file")
                .orElse(describedByProperties ? SftpDestination.DEFAULT_PROPERTIES_FILE : NONE);
        if (!describedByProperties && !properties.equals(NONE)) {
            section.wrong(section.at("properties-file"), "is for Destiny only; this layout has none");
        }
        var connect = section.duration("connect-timeout");
        var read = section.duration("read-timeout");
        String temporary = section.text("temporary-name");
        Set<SftpDestination.Choice> choices = Arrays.stream(SftpDestination.Choice.values())
                .filter(choice -> section.flag(choice.key()))
                .collect(Collectors.toSet());
        Optional<Set<PosixFilePermission>> permissions =
                section.optionalText("permissions").flatMap(text -> permissions(section, text));
        section.finish();
        return section.build(() -> new SftpDestination(
                host,
                port,
                user,
                credentials,
                hostKeys,
                directory,
                file,
                properties.equals(NONE) ? "" : properties,
                connect,
                read,
                temporary,
                choices,
                permissions));
    }

    private static Optional<Set<PosixFilePermission>> permissions(Section section, String text) {
        try {
            return Optional.of(PosixFilePermissions.fromString(text));
        } catch (IllegalArgumentException e) {
            section.wrong(
                    section.at("permissions"),
                    "'" + text + "' says no permissions; write them as `ls -l` shows them, like rw-r-----");
            return Optional.empty();
        }
    }

    private Credentials credentials(Section section) {
        Optional<Path> key = section.secretFile("key-file", Part.DELIVERY);
        var passphrase = section.secret("key-passphrase", Part.DELIVERY).map(Secret::from);
        boolean wanted = section.has("password");
        Optional<Secret> password = section.secret("password", Part.DELIVERY).map(Secret::from);
        if (key.isPresent()) {
            return new Credentials.KeyFile(key.get(), passphrase, password);
        }
        if (!wanted) {
            section.wrong(
                    section.at("password"),
                    "is missing; write \"${env:DESTINY_PASSWORD}\", or key-file: PATH for a private key");
        }
        return new Credentials.Password(password.orElse(Secret.of("")));
    }

    private static HostKeys hostKeys(Section section) {
        List<String> fingerprints = section.texts("host-key");
        Optional<Path> known = section.file("known-hosts", Part.DELIVERY);
        if (known.isPresent() && !fingerprints.isEmpty()) {
            section.wrong(section.at("known-hosts"), "stands beside host-key; keep one of them");
        }
        return known.<HostKeys>map(HostKeys.KnownHosts::new).orElse(new HostKeys.Pinned(fingerprints));
    }
}
