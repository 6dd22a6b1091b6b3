package dev.patronstream.snapshotter;

import dev.patronstream.snapshotter.cut.Cut;
import dev.patronstream.snapshotter.delivery.FileFolder;
import dev.patronstream.snapshotter.delivery.SftpDestination;
import dev.patronstream.snapshotter.delivery.StoredFile;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.layout.PatronFile;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The files of one delivery, whole on the local disk.
 *
 * @param file the rows and what was wrong with them
 * @param csv the CSV
 * @param properties the properties file
 * @param written counts of the CSV
 */
record PatronFiles(PatronFile file, StoredFile csv, StoredFile properties, PatronCsv.Written written) {

    /** Name of the report beside the CSV. */
    static final String PROBLEMS = "problems.csv";

    static PatronFiles write(Layout layout, Cut cut, FileFolder folder, String fileName) throws IOException {
        PatronFile file = new PatronFile(layout, cut);
        AtomicReference<PatronCsv.Written> written = new AtomicReference<>();
        StoredFile csv = folder.write(fileName, out -> written.set(PatronCsv.csv(file, out)));
        StoredFile properties =
                folder.write(SftpDestination.DEFAULT_PROPERTIES_FILE, out -> out.write(layout.properties()));
        folder.write(PROBLEMS, out -> PatronCsv.problems(file.problems(), out));
        return new PatronFiles(file, csv, properties, written.get());
    }
}
