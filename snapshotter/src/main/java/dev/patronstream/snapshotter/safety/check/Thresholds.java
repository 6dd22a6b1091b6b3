package dev.patronstream.snapshotter.safety.check;

import dev.patronstream.snapshotter.settings.SettingProblem;
import java.util.List;
import java.util.function.Function;

/** The checks with a limit ({@code hold-when}), and what is wrong with the limits of a feed. Immutable. */
public record Thresholds(List<Check> checks, List<SettingProblem> problems) {

    /** In the order in which receipts name them. */
    private static final List<Function<Limits, Check>> ALL = List.of(
            RemovedAbove::new,
            AddedAbove::new,
            TransferredAbove::new,
            ChangedAbove::new,
            SiteLosses::new,
            RowsBelow::new,
            ProblemsAbove::new,
            MaxAge::new);

    public static Thresholds of(Limits limits) {
        List<Check> checks = ALL.stream().map(check -> check.apply(limits)).toList();
        return new Thresholds(checks, List.copyOf(limits.problems()));
    }
}
