package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.schemas.HeldDelivery;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a vendor's job knows of the columns is given to it by hand, so they change only when a person says that it was. */
record ColumnsChanged() implements Check {

    private static final String KEY = "columns-changed";

    @Override
    public void ask(Candidate file, Holds holds) {
        file.lastDelivered().ifPresent(last -> compare(file.form(), last, holds));
    }

    private static void compare(Candidate.Form file, HeldDelivery last, Holds holds) {
        List<String> now = file.columns();
        List<String> before = last.getColumns();
        if (!before.isEmpty() && !now.equals(before)) {
            List<String> words = new ArrayList<>();
            missing(now, before).ifPresent(names -> words.add("new: " + names));
            missing(before, now).ifPresent(names -> words.add("gone: " + names));
            holds.add(
                    KEY,
                    "the columns are not those of the last file ("
                            + (words.isEmpty() ? "another order" : String.join("; ", words)) + ")" + whatToDo(file));
        } else if (last.getDescription()
                .filter(known -> !known.equals(file.description()))
                .isPresent()) {
            holds.add(
                    KEY,
                    (file.hasProperties()
                                    ? "the description of the columns in patronimport.properties is not that of the last"
                                            + " file (another header row, encoding, key, treatment of blanks, or"
                                            + " name of the file), and Destiny's job would misread the file or miss it"
                                    : "the files are not written as the last ones were (another header row, encoding,"
                                            + " delimiter, quotes, line end, or name of a file)")
                            + whatToDo(file));
        }
    }

    private static String whatToDo(Candidate.Form file) {
        return file.hasProperties()
                ? "; upload the new patronimport.properties by hand in Destiny's job, then approve"
                : "; tell the vendor, then approve";
    }

    private static Optional<String> missing(List<String> in, List<String> from) {
        Set<String> known = new HashSet<>(from);
        List<String> names =
                in.stream().filter(header -> !known.contains(header)).toList();
        return names.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", names));
    }
}
