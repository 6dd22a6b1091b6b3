package dev.patronstream.streams.people;

import dev.patronstream.schemas.Affiliation;
import dev.patronstream.schemas.Patron;
import dev.patronstream.schemas.PatronKind;
import dev.patronstream.schemas.feed.FeedSelection;

/**
 * Whether a patron, with the primary enrollment chosen for the feed, belongs to the feed.
 *
 * <p>A student belongs to it by the school and the status of the primary enrollment. A staff member belongs to it by
 * status and school, or without any school: then the school code stays empty, and anyone who makes a file of the feed
 * decides which site such people get.
 *
 * @param selection the configured selection
 * @param order the order that chooses the primary enrollment
 */
public record FeedRule(FeedSelection selection, PrimaryOrder order) {

    /** The rule of a selection. */
    public FeedRule(FeedSelection selection) {
        this(selection, PrimaryOrder.ofFeed(selection.primaryAmong(), selection.rules()));
    }

    /** Whether patrons of this kind can be in the feed at all. */
    public boolean takes(PatronKind kind) {
        return selection.kinds().contains(kind);
    }

    /** Whether the patron is in the feed. */
    public boolean holds(Patron patron) {
        return membership(patron) == Membership.IN;
    }

    /** Returns whether the patron is in the feed, or what keeps the patron out. */
    public Membership membership(Patron patron) {
        Affiliation primary = patron.getPrimary();
        if (!takes(patron.getKind())) {
            return Membership.OTHER_KIND;
        }
        boolean schoolFits =
                primary.getSchoolCode().map(selection.schools()::contains).orElse(patron.getKind() == PatronKind.STAFF);
        if (!schoolFits) {
            return Membership.OTHER_SCHOOL;
        }
        return selection.statuses().contains(primary.getStatus()) ? Membership.IN : Membership.OTHER_STATUS;
    }
}
