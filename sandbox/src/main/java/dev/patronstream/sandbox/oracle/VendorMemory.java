package dev.patronstream.sandbox.oracle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a vendor was sent of each person, by the files it got one after the other. From it follows who has left, and is
 * sent once more as inactive: a second reading of the rule, not the code that keeps it. Immutable.
 */
public final class VendorMemory {

    private static final String STATUS = "Status";
    private static final String INACTIVE = "I";
    /** A leaver who cannot be told from somebody else is not sent; one with a user name of somebody else goes without. */
    private static final List<String> IDENTIFYING = List.of("Barcode", "District ID");

    private static final String USER_NAME = "User Name";

    private final Duration inactiveFor;
    private final Map<String, Sent> sent;

    private record Sent(List<String> values, Optional<Instant> leftAt) {}

    private VendorMemory(Duration inactiveFor, Map<String, Sent> sent) {
        this.inactiveFor = inactiveFor;
        this.sent = Map.copyOf(sent);
    }

    /** A vendor that was sent nothing, and is sent leavers for some time. */
    public static VendorMemory empty(Duration inactiveFor) {
        return new VendorMemory(inactiveFor, Map.of());
    }

    /**
     * A delivery.
     *
     * @param file the file, with its leavers
     * @param memory what the vendor was sent once it has the file
     */
    public record Delivery(ExpectedFile file, VendorMemory memory) {}

    /**
     * Works out the next delivery.
     *
     * @param feed what the file would be to somebody who was never sent anything, see {@link Oracle}
     * @param at when the delivery begins
     */
    public Delivery next(ExpectedFile feed, Instant at) {
        Map<String, Sent> after = new HashMap<>();
        Map<String, List<String>> rows = new TreeMap<>(ORDER);
        feed.rows().forEach(row -> {
            rows.put(row.person(), row.values());
            after.put(row.person(), new Sent(row.values(), Optional.empty()));
        });
        Map<String, List<String>> leaving = new TreeMap<>(ORDER);
        sent.forEach((person, before) -> {
            if (!rows.containsKey(person)) {
                Instant since = before.leftAt().orElse(at);
                if (since.plus(inactiveFor).isAfter(at)) {
                    leaving.put(person, before.values());
                    after.put(person, new Sent(before.values(), Optional.of(since)));
                }
            }
        });
        List<String> header = feed.header();
        Map<String, List<String>> inactive = new TreeMap<>(ORDER);
        leaving.forEach((person, values) ->
                inactiveRow(header, person, values, rows, leaving).ifPresent(row -> inactive.put(person, row)));
        inactive.forEach((person, row) -> {
            rows.put(person, row);
            after.put(person, new Sent(row, after.get(person).leftAt()));
        });
        List<ExpectedFile.Row> all = new ArrayList<>();
        rows.forEach((person, values) -> all.add(new ExpectedFile.Row(person, values)));
        return new Delivery(new ExpectedFile(header, all, feed.leftOut()), new VendorMemory(inactiveFor, after));
    }

    /**
     * What is known once a file was announced, and nobody can ever say whether it arrived: who was not there before is
     * there now, and nothing else has changed.
     */
    public VendorMemory announced(ExpectedFile feed) {
        int status = feed.header().indexOf(STATUS);
        Map<String, Sent> after = new HashMap<>(sent);
        feed.rows().stream()
                .filter(row -> !row.values().get(status).equals(INACTIVE))
                .filter(row -> !isThere(row.person(), status))
                .forEach(row -> after.put(row.person(), new Sent(row.values(), Optional.empty())));
        return new VendorMemory(inactiveFor, after);
    }

    private boolean isThere(String person, int status) {
        Sent before = sent.get(person);
        return before != null
                && before.leftAt().isEmpty()
                && !before.values().get(status).equals(INACTIVE);
    }

    /** Two are equal when every file that may follow is the same after both. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VendorMemory memory
                && inactiveFor.equals(memory.inactiveFor)
                && sent.equals(memory.sent);
    }

    @Override
    public int hashCode() {
        return sent.hashCode();
    }

    private static Optional<List<String>> inactiveRow(
            List<String> header,
            String person,
            List<String> values,
            Map<String, List<String>> rows,
            Map<String, List<String>> leaving) {
        for (String column : IDENTIFYING) {
            if (hasSomebodyElse(header.indexOf(column), person, values, rows, leaving)) {
                return Optional.empty();
            }
        }
        List<String> row = new ArrayList<>(values);
        row.set(header.indexOf(STATUS), INACTIVE);
        if (hasSomebodyElse(header.indexOf(USER_NAME), person, values, rows, leaving)) {
            row.set(header.indexOf(USER_NAME), "");
        }
        return Optional.of(row);
    }

    private static boolean hasSomebodyElse(
            int column,
            String person,
            List<String> values,
            Map<String, List<String>> rows,
            Map<String, List<String>> leaving) {
        String value = values.get(column);
        Set<String> others = new HashSet<>();
        rows.values().forEach(row -> others.add(row.get(column)));
        leaving.forEach((other, row) -> {
            if (!other.equals(person)) {
                others.add(row.get(column));
            }
        });
        return !value.isEmpty() && others.contains(value);
    }

    /** Students first, then staff, each by ID. */
    private static final Comparator<String> ORDER = Comparator.<String, Boolean>comparing(
                    person -> person.startsWith("staff/"))
            .thenComparingInt(person -> Integer.parseInt(person.substring(person.indexOf('/') + 1)));
}
