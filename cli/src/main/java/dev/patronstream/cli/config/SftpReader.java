package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a feed's SFTP server. Stateless. */
final class SftpReader {

    private SftpReader() {}

    static Optional<Destination> read(Section section, VendorFiles files) {
        String host = section.address("host");
        int port = section.integer("port");
        String user = section.text("user");
        Credentials credentials = credentials(section);
        HostKeys hostKeys = hostKeys(section);
        SftpDestination.Connection connection = new SftpDestination.Connection(
                section.duration("connect-timeout"),
                section.duration("read-timeout"),
                section.flag("allow-old-algorithms"));
        String directory = section.text("directory");
        section.finish();
        return section.build(
                () -> new SftpDestination(host, port, user, credentials, hostKeys, connection, directory, files));
    }

    private static Credentials credentials(Section section) {
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
