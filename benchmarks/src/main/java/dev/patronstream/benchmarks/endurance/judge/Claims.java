package dev.patronstream.benchmarks.endurance.judge;

import dev.patronstream.benchmarks.endurance.judge.Findings.Kind;
import dev.patronstream.schemas.EpochApplied;
import dev.patronstream.standin.SourceHistory.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds what the status pages claimed against what was so: a page that says "good, every change up to then is in" is wrong
 * where a change that was committed before then had not been applied. Not thread-safe.
 */
final class Claims {

    /** The page counts as applied what is announced so much later: the broker may be gone, and come back, in between. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    /** The stand-in takes the time of a commit before the commit is in its log, where the capture job could see it. */
    private static final Duration COMMITTING = Duration.ofSeconds(1);

    private final List<Evidence.Claim> claims;
    private final Findings findings;
    private final Map<String, TreeMap<String, Instant>> commits = new HashMap<>();

    Claims(List<Evidence.Claim> claims, Findings findings) {
        this.claims = List.copyOf(claims);
        this.findings = findings;
    }

    /** Takes a transaction of one life of the database. */
    void committed(String life, Transaction transaction) {
        if (!transaction.changes().isEmpty()) {
            commits.computeIfAbsent(life, any -> new TreeMap<>()).put(transaction.lsn(), transaction.commitTime());
        }
    }

    /** Judges, once everything has been taken; returns how many claims there were. */
    long judge(List<Reel.Seen<EpochApplied>> announced) {
        TreeMap<Instant, EpochApplied> epochs = new TreeMap<>();
        announced.forEach(epoch -> epochs.put(epoch.at(), epoch.value()));
        announced.forEach(epoch -> epoch.value()
                .getFreshAsOf()
                .ifPresent(asOf -> judge("Epoch " + epoch.value().getEpoch() + " is fresh", asOf, epoch.value())));
        for (Evidence.Claim claim : claims) {
            Map.Entry<Instant, EpochApplied> newest =
                    epochs.floorEntry(claim.at().plus(SLACK));
            if (newest == null) {
                findings.add(Kind.SILENT, "At " + claim.at() + " a page said good, and no epoch had been applied");
            } else {
                judge("At " + claim.at() + " a page said good", claim.asOf(), newest.getValue());
            }
        }
        return claims.size();
    }

    private void judge(String what, Instant asOf, EpochApplied epoch) {
        Map.Entry<String, Instant> missing =
                commits.getOrDefault(epoch.getIncarnation(), new TreeMap<>()).higherEntry(epoch.getWatermark());
        if (missing != null && !missing.getValue().plus(COMMITTING).isAfter(asOf)) {
            findings.add(
                    Kind.SILENT,
                    what + " as of " + asOf + ", but " + missing.getKey() + " of " + missing.getValue()
                            + " was not in");
        }
    }
}
