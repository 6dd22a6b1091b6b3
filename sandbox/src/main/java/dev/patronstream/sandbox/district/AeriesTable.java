package dev.patronstream.sandbox.district;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Aeries' tables as this sandbox has them: column names and types as usual in districts' databases, with the variety of
 * {@code char}, {@code varchar}, {@code smallint} and {@code int} that is found there.
 */
@SuppressWarnings("ImmutableEnumChecker") // The lists are made by List.of.
public enum AeriesTable {
    /** Schools. */
    LOC(
            List.of("CD"),
            Column.of("CD", "smallint NOT NULL"),
            Column.of("NM", "nvarchar(50)"),
            Column.of("TG", "char(1)"),
            Column.of("LO", "smallint"),
            Column.of("HI", "smallint"),
            Column.notCaptured("AD", "varchar(60)"),
            Column.notCaptured("CY", "varchar(30)"),
            Column.notCaptured("ST", "char(2)"),
            Column.notCaptured("ZC", "varchar(10)"),
            Column.notCaptured("TL", "varchar(20)"),
            Column.of("DEL", "bit")),

    /** Staff. */
    STF(
            List.of("ID"),
            Column.of("ID", "int NOT NULL"),
            Column.of("LN", "nchar(50)"),
            Column.of("FN", "nvarchar(50)"),
            Column.of("MN", "nvarchar(50)"),
            Column.preferredName("LNA", "nvarchar(50)"),
            Column.preferredName("FNA", "nvarchar(50)"),
            Column.preferredName("MNA", "nvarchar(50)"),
            Column.of("GN", "char(1)"),
            Column.of("EM", "char(80)"),
            Column.of("PSC", "smallint"),
            Column.of("HD", "datetime"),
            Column.of("LD", "datetime"),
            Column.of("TG", "char(1)"),
            Column.of("PS", "varchar(2)"),
            Column.of("NID", "varchar(50)"),
            Column.notCaptured("BD", "datetime"),
            Column.notCaptured("AD", "varchar(60)"),
            Column.notCaptured("TL", "varchar(20)"),
            Column.of("DEL", "bit")),

    /** Students, one row per student and school. */
    STU(
            List.of("SC", "SN"),
            Column.of("SC", "smallint NOT NULL"),
            Column.of("SN", "int NOT NULL"),
            Column.of("ID", "int NOT NULL"),
            Column.of("LN", "nvarchar(50)"),
            Column.of("FN", "nvarchar(50)"),
            Column.of("MN", "nchar(30)"),
            Column.preferredName("LNA", "nvarchar(50)"),
            Column.preferredName("FNA", "nvarchar(50)"),
            Column.preferredName("MNA", "nvarchar(50)"),
            Column.of("GN", "char(1)"),
            Column.of("GR", "smallint"),
            Column.notCaptured("BD", "datetime"),
            Column.of("TG", "varchar(1)"),
            Column.of("SP", "char(1)"),
            Column.of("CU", "int"),
            Column.of("TR", "char(1)"),
            Column.of("SEM", "varchar(80)"),
            Column.of("NID", "varchar(50)"),
            Column.notCaptured("AD", "varchar(60)"),
            Column.notCaptured("CY", "varchar(30)"),
            Column.notCaptured("ST", "char(2)"),
            Column.notCaptured("ZC", "varchar(10)"),
            Column.notCaptured("TL", "varchar(20)"),
            Column.of("NS", "smallint"),
            Column.of("NG", "smallint"),
            Column.of("NT", "smallint"),
            Column.of("ED", "datetime"),
            Column.of("LD", "datetime"),
            Column.notCaptured("U1", "varchar(10)"),
            Column.notCaptured("U2", "varchar(10)"),
            Column.notCaptured("U3", "varchar(10)"),
            Column.of("DEL", "bit"));

    private final List<String> key;
    private final List<Column> columns;

    AeriesTable(List<String> key, Column... columns) {
        this.key = key;
        this.columns = List.of(columns);
    }

    private enum Capture {
        ALWAYS,
        WITH_PREFERRED_NAMES,
        NEVER
    }

    private record Column(String name, String type, Capture capture) {

        static Column of(String name, String type) {
            return new Column(name, type, Capture.ALWAYS);
        }

        static Column preferredName(String name, String type) {
            return new Column(name, type, Capture.WITH_PREFERRED_NAMES);
        }

        static Column notCaptured(String name, String type) {
            return new Column(name, type, Capture.NEVER);
        }
    }

    /** The columns of the primary key. */
    public List<String> key() {
        return key;
    }

    /** All columns, in the table's order. */
    public List<String> columns() {
        return columns.stream().map(Column::name).toList();
    }

    /** The columns that leave the database by change data capture; birth dates, addresses and telephones do not. */
    public List<String> capturedColumns(boolean preferredNames) {
        return columns.stream()
                .filter(column -> column.capture() == Capture.ALWAYS
                        || (preferredNames && column.capture() == Capture.WITH_PREFERRED_NAMES))
                .map(Column::name)
                .toList();
    }

    /** The place of a column in {@link #columns()}. */
    public int indexOf(String column) {
        int index = columns().indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException(name() + " has no column " + column);
        }
        return index;
    }

    String createStatement() {
        String body = columns.stream()
                .map(column -> "[" + column.name() + "] " + column.type())
                .collect(Collectors.joining(", "));
        return "CREATE TABLE [dbo].[" + name() + "] (" + body + ", CONSTRAINT [PK_" + name() + "] PRIMARY KEY ("
                + brackets(key) + "))";
    }

    public static String brackets(List<String> names) {
        return names.stream().map(name -> "[" + name + "]").collect(Collectors.joining(", "));
    }
}
