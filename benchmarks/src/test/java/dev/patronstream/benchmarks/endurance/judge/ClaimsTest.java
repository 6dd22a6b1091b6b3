package dev.patronstream.benchmarks.endurance.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.standin.SourceHistory.Change;
import dev.patronstream.standin.SourceHistory.Operation;
import dev.patronstream.standin.SourceHistory.Transaction;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That a page which says good too early, or for too long, is seen. */
class ClaimsTest {

    private final Findings findings = new Findings();

    /** Transaction 1 at second 10 is applied at second 40, transaction 2 at second 100 at second 200. */
    private long silent(long at, long asOf) {
        Claims claims = new Claims(List.of(new Evidence.Claim(second(at), second(asOf))), findings);
        claims.committed("i", transaction("1", 10));
        claims.committed("i", transaction("2", 100));
        claims.judge(List.of(applied("1", 40), applied("2", 200)));
        return findings.count(Kind.SILENT);
    }

    @Test
    void goodAsOfATimeUpToWhichEverythingIsInIsTrue() {
        assertEquals(0, silent(150, 99));
        assertEquals(0, silent(201, 150));
    }

    @Test
    void goodAsOfATimeAfterAChangeThatIsNotInIsSilent() {
        assertEquals(1, silent(150, 102));
    }

    @Test
    void goodBeforeAnythingIsInIsSilent() {
        assertEquals(1, silent(2, 1));
    }

    @Test
    void anEpochThatCallsItselfFresherThanItIsIsSilent() {
        for (long asOf : List.of(99L, 102L)) {
            Claims claims = new Claims(List.of(), findings);
            claims.committed("i", transaction("1", 10));
            claims.committed("i", transaction("2", 100));
            EpochApplied epoch = EpochApplied.newBuilder(applied("1", 20).value())
                    .setFreshAsOf(second(asOf))
                    .build();
            claims.judge(List.of(new Reel.Seen<>(0, second(20), epoch)));
            assertEquals(asOf < 100 ? 0 : 1, findings.count(Kind.SILENT));
        }
    }

    private static Instant second(long second) {
        return Instant.EPOCH.plusSeconds(second);
    }

    private static Transaction transaction(String lsn, long second) {
        Change change = new Change("dbo.LOC", Operation.DELETE, Map.of("CD", 1), Map.of("CD", 1), Map.of());
        return new Transaction(lsn, second(second), second(second), List.of(change));
    }

    private static Reel.Seen<EpochApplied> applied(String watermark, long second) {
        EpochApplied epoch = EpochApplied.newBuilder()
                .setEpoch(second)
                .setIncarnation("i")
                .setWatermark(watermark)
                .setBusinessDate(LocalDate.of(2026, 10, 1))
                .setPublishedAt(second(second))
                .setFeeds(Map.of())
                .setPatrons(1)
                .setFeedEntries(Map.of())
                .setFeedDigests(Map.of())
                .build();
        return new Reel.Seen<>(second, second(second), epoch);
    }
}
