package dev.patronstream.snapshotter.delivery;

import dev.patronstream.snapshotter.destination.VendorFiles;
import dev.patronstream.snapshotter.feed.FeedSettings;
import dev.patronstream.snapshotter.file.FileFolder;
import dev.patronstream.snapshotter.file.StoredFile;
import dev.patronstream.snapshotter.layout.Layout;
import dev.patronstream.snapshotter.layout.PatronCsv;
import dev.patronstream.snapshotter.layout.PatronRow;
import dev.patronstream.snapshotter.layout.PatronRows;
import dev.patronstream.snapshotter.ledger.Archive;
import dev.patronstream.snapshotter.rules.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The files of one delivery, whole on the local disk.
 *
 * @param files what the vendor gets, in the order in which it takes its places there
 * @param bytes size of those that have rows
 * @param written counts of them
 */
record PatronFiles(List<StoredFile> files, long bytes, PatronCsv.Written written) {

    /** Writes the files of a feed; {@code observer} sees each row. */
    static PatronFiles write(
            FeedSettings feed, PatronRows rows, List<Problem> problems, FileFolder folder, Consumer<PatronRow> observer)
            throws IOException {
        AtomicReference<PatronCsv.Written> written = new AtomicReference<>();
        List<StoredFile> withRows =
                folder.write(feed.rowFiles(), outs -> written.set(PatronCsv.csv(new Observed(rows, observer), outs)));
        List<StoredFile> files = new ArrayList<>();
        Optional<byte[]> properties = rows.layout().properties();
        if (properties.isPresent()) {
            StoredFile description = folder.write(
                    feed.propertiesFile().orElse(VendorFiles.DEFAULT_PROPERTIES_FILE),
                    out -> out.write(properties.get()));
            feed.propertiesFile().ifPresent(sent -> files.add(description));
        }
        files.addAll(withRows);
        folder.write(Archive.PROBLEMS, out -> PatronCsv.problems(problems, out));
        return new PatronFiles(
                List.copyOf(files),
                withRows.stream().mapToLong(StoredFile::bytes).sum(),
                written.get());
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
