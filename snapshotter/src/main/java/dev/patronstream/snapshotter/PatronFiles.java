package dev.patronstream.snapshotter;

import dev.patronstream.snapshotter.delivery.FileFolder;
import dev.patronstream.snapshotter.delivery.SftpDestination;
import dev.patronstream.snapshotter.delivery.StoredFile;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.layout.PatronRow;
import dev.patronstream.snapshotter.layout.PatronRows;
import dev.patronstream.snapshotter.layout.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The files of one delivery, whole on the local disk.
 *
 * @param csv the CSV
 * @param written counts of the CSV
 */
record PatronFiles(StoredFile csv, PatronCsv.Written written) {

    /** Name of the report beside the CSV. */
    static final String PROBLEMS = "problems.csv";

    /** Writes them; {@code observer} sees each row of the CSV. */
    static PatronFiles write(
            PatronRows rows, List<Problem> problems, FileFolder folder, String fileName, Consumer<PatronRow> observer)
            throws IOException {
        AtomicReference<PatronCsv.Written> written = new AtomicReference<>();
        StoredFile csv = folder.write(fileName, out -> written.set(PatronCsv.csv(new Observed(rows, observer), out)));
        Optional<byte[]> properties = rows.layout().properties();
        if (properties.isPresent()) {
            folder.write(SftpDestination.DEFAULT_PROPERTIES_FILE, out -> out.write(properties.get()));
        }
        folder.write(PROBLEMS, out -> PatronCsv.problems(problems, out));
        return new PatronFiles(csv, written.get());
    }

    private record Observed(PatronRows rows, Consumer<PatronRow> observer) implements PatronRows {
        @Override
        public Layout layout() {
            return rows.layout();
        }

        @Override
        public void rows(Consumer<PatronRow> sink) {
            rows.rows(row -> {
                observer.accept(row);
                sink.accept(row);
            });
        }
    }
}
