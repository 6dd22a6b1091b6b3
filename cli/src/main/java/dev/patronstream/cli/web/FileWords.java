package dev.patronstream.cli.web;

import dev.patronstream.cli.web.StatusReport.Feed;
import dev.patronstream.cli.web.StatusReport.School;
import dev.patronstream.schemas.Delivery;
import dev.patronstream.schemas.DeliveryDecision;
import dev.patronstream.schemas.DeliveryDifference;
import dev.patronstream.schemas.DeliveryResult;
import dev.patronstream.schemas.Hold;
import dev.patronstream.snapshotter.safety.check.Checks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is said of a feed's files to people who know the library and not patronstream. Immutable. */
final class FileWords {

    private final TimeWords times;

    FileWords(StatusReport report) {
        times = new TimeWords(report.origin().timeZone(), report.now());
    }

    /** Returns what people call who gets a feed: {@code Destiny} for {@code destiny}. */
    static String vendor(String feed) {
        String words = feed.replace('-', ' ').replace('_', ' ');
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    static String number(long number) {
        return String.format(Locale.US, "%,d", number);
    }

    /** Says which file the vendor holds, since when, and what it changed. */
    String sent(Feed feed, Delivery held) {
        Optional<Delivery> checked =
                feed.lastReceipt().filter(receipt -> receipt.getResult() == DeliveryResult.UNCHANGED);
        if (checked.isPresent()) {
            Instant at = checked.get().getStartedAt();
            return vendor(feed.name()) + (times.isToday(at) ? " has today's file" : " has the current file")
                    + ", checked " + when(at) + ": " + patrons(checked.get().getRows()) + ", nothing changed.";
        }
        Instant at = goneAt(held);
        return (times.isToday(at) ? "Today's file went to " : "The last file went to ") + vendor(feed.name()) + " "
                + when(at) + ": " + patrons(held.getRows()) + changes(held) + ".";
    }

    /** Says that a file waits for a person, or cannot be sent, and why. */
    String held(Feed feed, Delivery receipt) {
        return file(receipt) + " for " + vendor(feed.name())
                + (Checks.mayBeApproved(receipt.getHolds()) ? " is held: " : " cannot be sent: ")
                + reason(feed, receipt) + ".";
    }

    /** Says what to do about a held file. */
    String decide(Feed feed, Delivery receipt) {
        String keeps = feed.lastDelivery()
                .map(delivery -> "The library keeps the file of " + times.at(goneAt(delivery)) + ". ")
                .orElse("The library has no file from here yet. ");
        return keeps
                + (Checks.mayBeApproved(receipt.getHolds())
                        ? "Look at the difference, then approve or reject the file."
                        : "It cannot be approved: the next file after the reason is gone is the one to decide on.");
    }

    String rejected(Feed feed, Delivery receipt) {
        return file(receipt) + " for " + vendor(feed.name()) + " was rejected"
                + receipt.getDecision()
                        .map(decision -> " by " + decision.getBy() + " " + when(decision.getAt()))
                        .orElse("")
                + ".";
    }

    String notArrived(Feed feed) {
        return feed.lastReceipt().map(this::file).orElse("The last file") + " has not reached " + vendor(feed.name())
                + ".";
    }

    /** Says which file the library goes on with. */
    String still(Feed feed) {
        return feed.lastDelivery()
                .map(delivery -> "The library still has the file of " + times.at(goneAt(delivery)) + ".")
                .orElse("The library has no file from here yet.");
    }

    /** Returns {@code at 2:00 AM}, or of another day {@code on Nov 24, 2:00 AM}. */
    String when(Instant time) {
        return (times.isToday(time) ? "at " : "on ") + times.at(time);
    }

    String until(Instant time) {
        return "until " + times.at(time);
    }

    private String file(Delivery receipt) {
        return times.isToday(receipt.getStartedAt())
                ? "Today's file"
                : "The file of " + times.at(receipt.getStartedAt());
    }

    /** A file that waited for a person went when it was approved. */
    private static Instant goneAt(Delivery receipt) {
        return receipt.getDecision().map(DeliveryDecision::getAt).orElse(receipt.getStartedAt());
    }

    private static String patrons(long count) {
        return number(count) + (count == 1 ? " patron" : " patrons");
    }

    private static String changes(Delivery receipt) {
        if (receipt.getDifference().isEmpty()
                || receipt.getDifference().get().getSince().isEmpty()) {
            return "";
        }
        DeliveryDifference difference = receipt.getDifference().get();
        List<String> parts = new ArrayList<>();
        add(parts, difference.getAdded(), "added");
        add(parts, difference.getRemoved(), "removed");
        add(parts, difference.getChanged(), "changed");
        return parts.isEmpty() ? ", nothing changed" : ", " + String.join(", ", parts);
    }

    private static void add(List<String> parts, long count, String what) {
        if (count > 0) {
            parts.add(number(count) + " " + what);
        }
    }

    private String reason(Feed feed, Delivery receipt) {
        Optional<DeliveryDifference> difference = receipt.getDifference();
        for (Hold hold : receipt.getHolds()) {
            Optional<String> counted = difference.flatMap(change -> counted(hold.getCheck(), change));
            if (counted.isPresent()) {
                return counted.get();
            }
        }
        return receipt.getHolds().stream()
                .findFirst()
                .map(hold -> named(feed, shortened(hold.getMessage())))
                .or(receipt::getMessage)
                .orElse("the checks speak against it");
    }

    private static Optional<String> counted(String check, DeliveryDifference change) {
        String of = " of " + patrons(change.getBefore());
        return switch (check) {
            case "removed-above" -> Optional.of(number(change.getRemoved()) + of + " would be removed");
            case "added-above" ->
                Optional.of(patrons(change.getAdded()) + " would be added to " + number(change.getBefore()));
            case "transferred-above" -> Optional.of(number(change.getTransferred()) + of + " would get another school");
            case "changed-above" -> Optional.of(number(change.getChanged()) + of + " would change");
            default -> Optional.empty();
        };
    }

    /** Shares and limits, and what to do, are told where there is more room. */
    private static String shortened(String message) {
        return message.split(" \\(|; ", 2)[0];
    }

    /** Schools by their names. */
    private static String named(Feed feed, String words) {
        String named = words;
        for (School school : feed.schools()) {
            if (school.site().isPresent()) {
                named = Pattern.compile("\\b" + Pattern.quote(school.site().get()) + "\\b")
                        .matcher(named)
                        .replaceAll(found -> school.name().replace("\\", "\\\\").replace("$", "\\$"));
            }
        }
        return named;
    }
}
