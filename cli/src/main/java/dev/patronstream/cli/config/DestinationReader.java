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
                        below -> SftpReader.read(below, files(below, Set.of(), Choice.values()))),
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
