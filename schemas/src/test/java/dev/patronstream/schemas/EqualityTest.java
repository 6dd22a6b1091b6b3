package dev.patronstream.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records are compared by their schema, no matter who made their lists. */
class EqualityTest {

    @Test
    void entriesWithDatesInTheirListsAreCompared() {
        FeedEntry one = entry(LocalDate.of(2026, 8, 12));
        FeedEntry same = entry(LocalDate.of(2026, 8, 12));
        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        assertNotEquals(one, entry(LocalDate.of(2026, 8, 13)));
    }

    @Test
    void entriesThatWereReadAreCompared() throws IOException {
        FeedEntry one =
                FeedEntry.fromByteBuffer(entry(LocalDate.of(2026, 8, 12)).toByteBuffer());
        FeedEntry same =
                FeedEntry.fromByteBuffer(entry(LocalDate.of(2026, 8, 12)).toByteBuffer());
        FeedEntry other =
                FeedEntry.fromByteBuffer(entry(LocalDate.of(2026, 8, 13)).toByteBuffer());
        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        assertNotEquals(one, other);
        assertEquals(one, entry(LocalDate.of(2026, 8, 12)));
    }

    private static FeedEntry entry(LocalDate entered) {
        return FeedEntry.newBuilder()
                .setFeed("destiny")
                .setKind(PatronKind.STUDENT)
                .setId(1)
                .setPrimary(tie(LocalDate.of(2026, 8, 11)))
                .setOthers(List.of(tie(entered)))
                .setEpoch(1)
                .setWatermark("")
                .build();
    }

    /** As in a comparison of what was written before and now. */
    @Test
    void epochsDoNotCount() {
        FeedEntry one = entry(LocalDate.of(2026, 8, 12));
        assertEquals(
                one, FeedEntry.newBuilder(one).setEpoch(2).setWatermark("later").build());
    }

    private static Affiliation tie(LocalDate entered) {
        return Affiliation.newBuilder()
                .setSchoolCode(10)
                .setStatus(PatronStatus.ACTIVE)
                .setEnterDate(entered)
                .build();
    }
}
