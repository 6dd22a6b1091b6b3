package dev.patronstream.cli.config;

import dev.patronstream.cli.config.setting.Section;
import dev.patronstream.snapshotter.destination.Destination;
import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.destination.VendorFiles.Choice;
import dev.patronstream.snapshotter.destination.folder.FolderDestination;
import dev.patronstream.snapshotter.layout.LayoutSettings;
import dev.patronstream.snapshotter.layout.free.FreeLayoutSettings;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

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

    Optional<Destination> read(Section section) {
        Optional<Section> sftp = section.optionalSection("sftp");
        Optional<Section> folder = section.optionalSection("folder");
        if (sftp.isPresent() == folder.isPresent()) {
            section.wrong(
                    section.path(),
                    (sftp.isPresent() ? "has both sftp and folder; keep one of them" : "names no place")
                            + ": sftp: {host: ..., user: ..., ...} for a vendor's server, or folder: {path: ...} for a"
                            + " folder of this machine");
        }
        section.finish();
        Optional<Destination> server =
                sftp.flatMap(below -> SftpReader.read(below, files(below, Set.of(), Choice.values())));
        Optional<Destination> here = folder.flatMap(this::folder);
        return server.or(() -> here);
    }

    /** Reading back costs next to nothing here, so that it is always done. */
    private Optional<Destination> folder(Section section) {
        Path path = section.requiredPath("path");
        VendorFiles files = files(section, Set.of(Choice.READ_BACK), Choice.ACKNOWLEDGED_IS_DELIVERED);
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
}
