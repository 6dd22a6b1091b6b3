package dev.patronstream.sandbox.oracle;

import dev.patronstream.standin.SourceHistory;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tables as they were when the transaction of an LSN, and all before it, had committed, and none after it. */
public final class HistoricTables implements TablesAsOf {

    private final SourceHistory history;
    private final String lsn;

    /**
     * Looks back to an LSN.
     *
     * @param history the stand-in's history
     * @param lsn the LSN as text, {@code 00000027:00000758:0005}
     */
    public HistoricTables(SourceHistory history, String lsn) {
        this.history = history;
        this.lsn = lsn;
    }

    @Override
    public void read(String table, Consumer<Map<String, @Nullable Object>> reader) {
        history.tableAsOf(table, lsn).forEach(reader);
    }
}
