package dev.patronstream.standin.engine;

import dev.patronstream.standin.sql.SqlServerException;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;

/** Tells the engine's errors in SQL Server's numbers and words. Values of rows are left out of the texts. */
public final class EngineErrors {
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern NEAR = Pattern.compile("\\[\\*\\]\\s*([^\\s\"]+)");

    private final String database;

    public EngineErrors(String database) {
        this.database = database;
    }

    public SqlServerException map(SQLException error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SqlServerException known) {
                return known;
            }
        }
        String message = error.getMessage() == null ? "" : error.getMessage();
        return switch (error.getErrorCode()) {
            case ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1,
                    ErrorCode.TABLE_OR_VIEW_NOT_FOUND_WITH_CANDIDATES_2,
                    ErrorCode.TABLE_OR_VIEW_NOT_FOUND_DATABASE_EMPTY_1 ->
                SqlServerException.unknownObject(name(message));
            case ErrorCode.SCHEMA_NOT_FOUND_1, ErrorCode.DATABASE_NOT_FOUND_1 ->
                SqlServerException.unknownObject(name(message));
            case ErrorCode.COLUMN_NOT_FOUND_1 -> SqlServerException.unknownColumn(name(message));
            case ErrorCode.AMBIGUOUS_COLUMN_NAME_1 ->
                error(209, 16, 1, "Ambiguous column name '" + name(message) + "'.", error);
            case ErrorCode.FUNCTION_NOT_FOUND_1 -> SqlServerException.unknownFunction(name(message));
            case ErrorCode.SYNTAX_ERROR_1, ErrorCode.SYNTAX_ERROR_2 -> SqlServerException.syntax(near(message));
            case ErrorCode.DUPLICATE_KEY_1 ->
                error(
                        2627,
                        14,
                        1,
                        "Violation of PRIMARY KEY constraint or unique index. Cannot insert duplicate key in object '"
                                + table(message) + "'.",
                        error);
            case ErrorCode.NULL_NOT_ALLOWED ->
                error(
                        515,
                        16,
                        2,
                        "Cannot insert the value NULL into column '" + name(message)
                                + "'; column does not allow nulls. The statement fails.",
                        error);
            case ErrorCode.VALUE_TOO_LONG_2 ->
                error(
                        2628,
                        16,
                        1,
                        "String or binary data would be truncated in database '" + database + "', column '"
                                + firstWord(message) + "'.",
                        error);
            case ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_CHILD_EXISTS_1,
                    ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1 ->
                error(
                        547,
                        16,
                        0,
                        "The statement conflicted with the FOREIGN KEY constraint. The conflict occurred in database \""
                                + database + "\".",
                        error);
            case ErrorCode.CHECK_CONSTRAINT_VIOLATED_1 ->
                message.contains("tinyint range of ")
                        ? error(220, 16, 2, "Arithmetic overflow error for data type tinyint.", error)
                        : error(
                                547,
                                16,
                                0,
                                "The statement conflicted with the CHECK constraint. The conflict occurred in database \""
                                        + database + "\".",
                                error);
            case ErrorCode.LOCK_TIMEOUT_1 -> error(1222, 16, 45, "Lock request time out period exceeded.", error);
            case ErrorCode.DEADLOCK_1 ->
                error(
                        1205,
                        13,
                        45,
                        "Transaction was deadlocked on lock resources with another process and has been chosen as the"
                                + " deadlock victim. Rerun the transaction.",
                        error);
            case ErrorCode.DATA_CONVERSION_ERROR_1, ErrorCode.INVALID_DATETIME_CONSTANT_2 ->
                error(245, 16, 1, "Conversion failed when converting a value to the data type that is needed.", error);
            case ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_1, ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_2 ->
                error(
                        8115,
                        16,
                        2,
                        "Arithmetic overflow error converting expression to the data type that is needed.",
                        error);
            case ErrorCode.DIVISION_BY_ZERO_1 -> error(8134, 16, 1, "Divide by zero error encountered.", error);
            case ErrorCode.COLUMN_COUNT_DOES_NOT_MATCH ->
                error(213, 16, 1, "Column name or number of supplied values does not match table definition.", error);
            case ErrorCode.TABLE_OR_VIEW_ALREADY_EXISTS_1, ErrorCode.VIEW_ALREADY_EXISTS_1 ->
                error(2714, 16, 6, "There is already an object named '" + name(message) + "' in the database.", error);
            case ErrorCode.DUPLICATE_COLUMN_NAME_1 ->
                error(2705, 16, 4, "Column names in each table must be unique: '" + name(message) + "'.", error);
            case ErrorCode.SUBQUERY_IS_NOT_SINGLE_COLUMN ->
                error(
                        116,
                        16,
                        1,
                        "Only one expression can be specified in the select list when the subquery is not introduced with"
                                + " EXISTS.",
                        error);
            case ErrorCode.SCALAR_SUBQUERY_CONTAINS_MORE_THAN_ONE_ROW ->
                error(
                        512,
                        16,
                        1,
                        "Subquery returned more than 1 value. This is not permitted when the subquery follows =, !=, <, <= , >,"
                                + " >= or when the subquery is used as an expression.",
                        error);
            case ErrorCode.MUST_GROUP_BY_COLUMN_1 ->
                error(
                        8120,
                        16,
                        1,
                        "Column '" + name(message)
                                + "' is invalid in the select list because it is not contained in either an aggregate function"
                                + " or the GROUP BY clause.",
                        error);
            case ErrorCode.STATEMENT_WAS_CANCELED -> SqlServerException.canceled();
            default ->
                error(
                        50000,
                        16,
                        1,
                        "The SQL Server stand-in could not execute the statement (engine error " + error.getErrorCode()
                                + ": " + firstLine(message) + ").",
                        error);
        };
    }

    private static SqlServerException error(int number, int severity, int state, String message, SQLException cause) {
        return new SqlServerException(number, severity, state, message, cause);
    }

    private static String name(String message) {
        Matcher matcher = QUOTED.matcher(message);
        return matcher.find() ? matcher.group(1).split(" \\(")[0] : "";
    }

    private static String table(String message) {
        int on = message.indexOf(" ON ");
        if (on < 0) {
            return "";
        }
        Matcher matcher = Pattern.compile("ON (?:[^\"(]*)((?:\"[^\"]*\"|\\w+)(?:\\.(?:\"[^\"]*\"|\\w+))*)")
                .matcher(message);
        return matcher.find() ? matcher.group(1).replace("\"", "") : "";
    }

    private static String firstWord(String message) {
        Matcher matcher = Pattern.compile("column \"+(?:\\\\\")?(\\w+)").matcher(message);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String near(String message) {
        Matcher matcher = NEAR.matcher(message);
        return matcher.find() ? matcher.group(1).replaceAll("[\",;]+$", "") : "";
    }

    /** What went wrong without the statement, which may hold values. */
    private static String firstLine(String message) {
        int statement = message.indexOf("; SQL statement:");
        return statement < 0 ? message : message.substring(0, statement);
    }
}
