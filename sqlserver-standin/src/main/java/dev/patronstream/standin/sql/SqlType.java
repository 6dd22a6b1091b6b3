package dev.patronstream.standin.sql;

import java.util.Locale;

/**
 * A T-SQL data type as declared.
 *
 * @param name the type's name in lower case, without synonyms ({@code int}, never {@code integer})
 * @param length characters or bytes of a string or binary type, {@link #MAX} for {@code (max)}; else 0
 * @param precision digits of a decimal type; else 0
 * @param scale decimals of a decimal type or fractional digits of a time type; else 0
 */
public record SqlType(String name, int length, int precision, int scale) {
    /** The length of {@code varchar(max)} and its like. */
    public static final int MAX = -1;

    public static final SqlType INT = simple("int");
    public static final SqlType BIGINT = simple("bigint");
    public static final SqlType SMALLINT = simple("smallint");
    public static final SqlType TINYINT = simple("tinyint");
    public static final SqlType BIT = simple("bit");
    public static final SqlType FLOAT = simple("float");
    public static final SqlType REAL = simple("real");
    public static final SqlType DATE = simple("date");
    public static final SqlType DATETIME = new SqlType("datetime", 0, 0, 3);
    public static final SqlType UNIQUEIDENTIFIER = simple("uniqueidentifier");
    public static final SqlType SYSNAME = nvarchar(128);
    public static final SqlType LSN = new SqlType("binary", 10, 0, 0);

    private static SqlType simple(String name) {
        return new SqlType(name, 0, 0, 0);
    }

    public static SqlType nvarchar(int length) {
        return new SqlType("nvarchar", length, 0, 0);
    }

    public static SqlType varchar(int length) {
        return new SqlType("varchar", length, 0, 0);
    }

    public static SqlType varbinary(int length) {
        return new SqlType("varbinary", length, 0, 0);
    }

    public static SqlType decimal(int precision, int scale) {
        return new SqlType("decimal", 0, precision, scale);
    }

    public static SqlType temporal(String name, int scale) {
        return new SqlType(name, 0, 0, scale);
    }

    /**
     * Reads a type such as {@code nvarchar(30)} at the current position.
     *
     * @param defaultLength what a string type without a length gets: 1 in a declaration, 30 in a CAST
     */
    public static SqlType parse(Tokens tokens, int defaultLength) {
        if (tokens.peek().isName() && tokens.peek(1).isSymbol(".")) {
            tokens.next();
            tokens.next();
        }
        String written = tokens.expectName();
        String name = canonical(written.toLowerCase(Locale.ROOT), tokens);
        int first = -2;
        int second = -2;
        if (tokens.peek().isSymbol("(")) {
            tokens.next();
            first = tokens.skip("max") ? MAX : tokens.expectInteger();
            if (tokens.skipSymbol(",")) {
                second = tokens.expectInteger();
            }
            tokens.expectSymbol(")");
        }
        return of(name, first, second, defaultLength, written);
    }

    private static String canonical(String word, Tokens tokens) {
        return switch (word) {
            case "integer" -> "int";
            case "numeric", "dec" -> "decimal";
            case "character" -> tokens.skip("varying") ? "varchar" : "char";
            case "national" -> {
                boolean text = tokens.skip("text");
                if (!text && !tokens.skip("character")) {
                    tokens.expect("char");
                }
                yield text ? "ntext" : tokens.skip("varying") ? "nvarchar" : "nchar";
            }
            case "double" -> {
                tokens.skip("precision");
                yield "float";
            }
            case "char" -> tokens.skip("varying") ? "varchar" : "char";
            case "binary" -> tokens.skip("varying") ? "varbinary" : "binary";
            case "rowversion" -> "timestamp";
            default -> word;
        };
    }

    private static SqlType of(String name, int first, int second, int defaultLength, String written) {
        return switch (name) {
            case "int",
                    "bigint",
                    "smallint",
                    "tinyint",
                    "bit",
                    "real",
                    "date",
                    "money",
                    "smallmoney",
                    "uniqueidentifier",
                    "text",
                    "ntext",
                    "image",
                    "xml",
                    "sql_variant",
                    "hierarchyid",
                    "geometry",
                    "geography" -> simple(name);
            case "float" -> first > 0 && first <= 24 ? REAL : FLOAT;
            case "sysname" -> SYSNAME;
            case "timestamp" -> simple(name);
            case "datetime" -> DATETIME;
            case "smalldatetime" -> simple(name);
            case "time", "datetime2", "datetimeoffset" -> {
                if (first > 7) {
                    throw new SqlServerException(1002, 16, 1, "Line 1: Specified scale " + first + " is invalid.");
                }
                yield temporal(name, first < 0 ? 7 : first);
            }
            case "decimal" -> decimal(first < 0 ? 18 : first, second < 0 ? 0 : second);
            case "char", "varchar", "binary", "varbinary", "nchar", "nvarchar" -> {
                boolean national = name.charAt(0) == 'n';
                boolean varying = name.contains("var");
                int limit = national ? 4000 : 8000;
                if (first > limit || first == 0 || (first == MAX && !varying)) {
                    throw new SqlServerException(
                            131,
                            15,
                            2,
                            "The size (" + first + ") given to the type '" + name
                                    + "' exceeds the maximum allowed for any data type (" + limit + ").");
                }
                yield new SqlType(name, first == -2 ? defaultLength : first, 0, 0);
            }
            default -> throw new SqlServerException(2715, 16, 6, "Cannot find data type " + written + ".");
        };
    }

    /** The same type in the engine's dialect. */
    public String engineType() {
        return switch (name) {
            case "int" -> "INTEGER";
            case "bigint" -> "BIGINT";
            case "smallint", "tinyint" -> "SMALLINT";
            case "bit" -> "BOOLEAN";
            case "float" -> "DOUBLE PRECISION";
            case "real" -> "REAL";
            case "decimal" -> "NUMERIC(" + precision + "," + scale + ")";
            case "money" -> "NUMERIC(19,4)";
            case "smallmoney" -> "NUMERIC(10,4)";
            case "date" -> "DATE";
            case "time" -> "TIME(" + scale + ")";
            case "datetime", "smalldatetime", "datetime2" -> "TIMESTAMP(" + scale + ")";
            case "datetimeoffset" -> "TIMESTAMP(" + scale + ") WITH TIME ZONE";
            case "char", "nchar" -> "CHARACTER(" + length + ")";
            case "varchar", "nvarchar" -> length == MAX ? "VARCHAR" : "VARCHAR(" + length + ")";
            case "text", "ntext", "xml" -> "VARCHAR";
            case "binary" -> "BINARY(" + length + ")";
            case "varbinary" -> length == MAX ? "VARBINARY" : "VARBINARY(" + length + ")";
            case "image", "sql_variant", "hierarchyid", "geometry", "geography" -> "VARBINARY";
            case "timestamp" -> "BINARY(8)";
            case "uniqueidentifier" -> "UUID";
            default -> throw SqlServerException.unsupported("the data type " + name);
        };
    }

    /** {@code sys.columns.max_length}: bytes stored at most, -1 for the (max) types. */
    public int maxLength() {
        return switch (name) {
            case "bit", "tinyint" -> 1;
            case "smallint" -> 2;
            case "int", "real", "smallmoney", "smalldatetime" -> 4;
            case "bigint", "float", "money", "datetime", "timestamp" -> 8;
            case "date" -> 3;
            case "time" -> scale <= 2 ? 3 : scale <= 4 ? 4 : 5;
            case "datetime2" -> scale <= 2 ? 6 : scale <= 4 ? 7 : 8;
            case "datetimeoffset" -> scale <= 2 ? 8 : scale <= 4 ? 9 : 10;
            case "decimal" -> precision <= 9 ? 5 : precision <= 19 ? 9 : precision <= 28 ? 13 : 17;
            case "uniqueidentifier", "text", "ntext", "image" -> 16;
            case "nchar", "nvarchar" -> length == MAX ? MAX : 2 * length;
            case "xml", "geometry", "geography" -> MAX;
            case "hierarchyid" -> 892;
            case "sql_variant" -> 8016;
            default -> length;
        };
    }

    public boolean isText() {
        return switch (name) {
            case "char", "varchar", "nchar", "nvarchar", "text", "ntext", "xml" -> true;
            default -> false;
        };
    }

    public boolean isTemporal() {
        return name.startsWith("date") || name.equals("time") || name.equals("smalldatetime");
    }

    public boolean isBinary() {
        return switch (name) {
            case "binary", "varbinary", "image", "timestamp", "sql_variant", "hierarchyid", "geometry", "geography" ->
                true;
            default -> false;
        };
    }

    /** As it is written in T-SQL. */
    @Override
    public String toString() {
        return switch (name) {
            case "decimal" -> name + "(" + precision + "," + scale + ")";
            case "time", "datetime2", "datetimeoffset" -> name + "(" + scale + ")";
            case "char", "varchar", "nchar", "nvarchar", "binary", "varbinary" ->
                name + "(" + (length == MAX ? "max" : length) + ")";
            default -> name;
        };
    }
}
