package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.schemas.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What speaks against a file, as the checks say it. Not thread-safe. */
final class Holds {

    private final List<Hold> holds = new ArrayList<>();

    void add(String check, String message) {
        holds.add(Hold.newBuilder().setCheck(check).setMessage(message).build());
    }

    /** Adds a share of patrons if it is above a limit; at the limit is not above it. */
    void above(String check, Optional<Double> limit, long part, long whole, String words) {
        if (limit.isPresent() && part > limit.get() * whole) {
            String percent = whole == 0 ? "all of them new" : percent((double) part / whole);
            add(check, part + words + " (" + percent + ", above " + percent(limit.get()) + ")");
        }
    }

    /** Adds a share of the patrons that the vendor holds if it is above a limit. */
    void above(String check, Optional<Double> limit, long part, Comparison change, String words) {
        String whole = " of the " + count(change.before(), "patron") + " that the vendor holds ";
        above(check, limit, part, change.before(), whole + words);
    }

    List<Hold> list() {
        return holds;
    }

    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String percent(double share) {
        String text = String.format(Locale.ROOT, "%.1f", share * 100);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " %";
    }
}
