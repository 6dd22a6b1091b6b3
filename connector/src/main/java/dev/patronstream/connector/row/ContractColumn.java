package dev.patronstream.connector.row;

import java.util.List;
import java.util.Optional;

/**
 * A field of a contract and the column it comes from.
 *
 * @param names the column's names, the usual one first; older or newer versions of the SIS have the others
 * @param kind how the column's value becomes the field's
 * @param need what it means when the database has no such column
 * @param group the group it is asked for by; empty when it is always captured
 */
public record ContractColumn(String field, List<String> names, ValueKind kind, Need need, Optional<ColumnGroup> group) {

    /** What it means when the database has no such column. */
    public enum Need {
        /** Part of the row's key. */
        KEY,
        /** The contract makes no sense without it. */
        REQUIRED,
        /** The contract could do without it, but the configuration names it. */
        NAMED,
        /** The field stays empty. */
        OPTIONAL
    }

    /** Whether a table without the column cannot be captured. */
    public boolean isNeeded() {
        return need != Need.OPTIONAL;
    }

    /** Returns the column as one that the configuration names, so that capture is refused without it. */
    public ContractColumn named() {
        return isNeeded() ? this : new ContractColumn(field, names, kind, Need.NAMED, group);
    }

    static ContractColumn key(String field, String name) {
        return new ContractColumn(field, List.of(name), ValueKind.INTEGER, Need.KEY, Optional.empty());
    }

    static ContractColumn required(String field, ValueKind kind, String... names) {
        return new ContractColumn(field, List.of(names), kind, Need.REQUIRED, Optional.empty());
    }

    static ContractColumn optional(String field, ValueKind kind, String... names) {
        return new ContractColumn(field, List.of(names), kind, Need.OPTIONAL, Optional.empty());
    }

    static ContractColumn grouped(ColumnGroup group, String field, ValueKind kind, String name) {
        return new ContractColumn(field, List.of(name), kind, Need.OPTIONAL, Optional.of(group));
    }
}
