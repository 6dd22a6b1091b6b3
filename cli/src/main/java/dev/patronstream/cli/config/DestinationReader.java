package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.schemas.secret.OwnerOnly;
import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.destination.VendorFiles.Choice;
import dev.patronstream.snapshotter.destination.folder.FolderDestination;
import dev.patronstream.snapshotter.destination.sftp.Credentials;
import dev.patronstream.snapshotter.destination.sftp.HostKeys;
import dev.patronstream.snapshotter.destination.sftp.SftpDestination;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads where a feed's files go: to a place of one of the kinds. */
final class DestinationReader {

    private static final String NONE = "none";

    private final boolean describedByProperties;
    private final String usualFile;

    /** Makes a reader of the place for files of a layout; without one that could be read, of the one for Destiny. */
    DestinationReader(Optional<LayoutSettings> layout) {
        this.describedByProperties =
                layout.filter(FreeLayoutSettings.class::isInstance).isEmpty();
        this.usualFile = layout.map(known -> known.fileNames().isEmpty() ? known.usualFile() : "")
                .orElse(VendorFiles.DEFAULT_FILE);
    }

    /**
     * A kind of place.
     *
     * @param key its section
     * @param example what to write, and for what
     * @param reader reads its section to the end
     */
    private record Kind(String key, String example, Function<Section, Optional<Destination>> reader) {}

    private List<Kind> kinds() {
        return List.of(
                new Kind(
                        "sftp",
                        "sftp: {host: ..., user: ..., ...} for a vendor's server",
                        below -> sftp(below, files(below, Set.of(), Choice.values()))),
                new Kind("folder", "folder: {path: ...} for a folder of this machine", this::folder));
    }

    Optional<Destination> read(Section section) {
        Map<Kind, Section> named = new LinkedHashMap<>();
        for (Kind kind : kinds()) {
            section.optionalSection(kind.key()).ifPresent(below -> named.put(kind, below));
        }
        if (named.size() != 1) {
            String keys = named.keySet().stream().map(Kind::key).collect(Collectors.joining(" and "));
            section.wrong(
                    section.path(),
                    (named.isEmpty() ? "names no place" : "has both " + keys + "; keep one of them")
                            + ": "
                            + kinds().stream().map(Kind::example).collect(Collectors.joining(", or ")));
        }
        section.finish();
        List<Optional<Destination>> read = new ArrayList<>();
        named.forEach((kind, below) -> read.add(kind.reader().apply(below)));
        return read.stream().flatMap(Optional::stream).findFirst();
    }

    /** Reading back costs next to nothing here, so that it is always done. */
    private Optional<Destination> folder(Section section) {
        Path path = section.requiredPath("path");
        VendorFiles files = files(section, Set.of(Choice.READ_BACK), Choice.ACKNOWLEDGED_IS_DELIVERED);
        if (files.permissions().isPresent() && !OwnerOnly.POSIX) {
            section.wrong(
                    section.at("permissions"),
                    "cannot be set on this system, where the folder's own access list decides; leave it out");
        }
        section.finish();
        return section.build(() -> new FolderDestination(path, files));
    }

    private VendorFiles files(Section section, Set<Choice> always, Choice... offered) {
        String file = section.optionalText("file").orElse(usualFile);
        String properties = section.anyText("properties-file")
                .orElse(describedByProperties ? VendorFiles.DEFAULT_PROPERTIES_FILE : NONE);
        if (!describedByProperties && !properties.equals(NONE)) {
            section.wrong(section.at("properties-file"), "is for Destiny only; this layout has none");
        }
        String temporary = section.text("temporary-name");
        Optional<Set<PosixFilePermission>> permissions =
                section.optionalText("permissions").flatMap(text -> permissions(section, text));
        Set<Choice> choices = new HashSet<>(always);
        Arrays.stream(offered).filter(choice -> section.flag(choice.key())).forEach(choices::add);
        return new VendorFiles(file, properties.equals(NONE) ? "" : properties, temporary, permissions, choices);
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

    private static Optional<Destination> sftp(Section section, VendorFiles files) {
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
