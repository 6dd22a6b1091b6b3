package dev.patronstream.standin.sql;

/**
 * An error as SQL Server reports it: number, severity ("class"), state and text. Numbers and texts are those of
 * Microsoft's list of database engine errors; a number of 50000 marks what only the stand-in can say.
 */
public final class SqlServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The number of the end that a client asked for; it is not sent. */
    public static final int CANCELLED = 0;

    private final int number;
    private final int severity;
    private final int state;

    public SqlServerException(int number, int severity, int state, String message) {
        super(message);
        this.number = number;
        this.severity = severity;
        this.state = state;
    }

    public SqlServerException(int number, int severity, int state, String message, Throwable cause) {
        super(message, cause);
        this.number = number;
        this.severity = severity;
        this.state = state;
    }

    public int number() {
        return number;
    }

    /** The severity, 1 to 25; 20 and above end the connection. */
    public int severity() {
        return severity;
    }

    public int state() {
        return state;
    }

    /** Whether the rest of the batch is not executed after this error. */
    public boolean endsBatch() {
        return switch (number) {
            case 229,
                    230,
                    297,
                    300,
                    515,
                    547,
                    1222,
                    2601,
                    2627,
                    2628,
                    3701,
                    3702,
                    4711,
                    8115,
                    8134,
                    8152,
                    2812,
                    22901,
                    22926,
                    50000 -> false;
            default -> severity >= 11;
        };
    }

    /** Whether the open transaction is rolled back with this error. */
    public boolean endsTransaction() {
        return number == 1205 || number == 3960;
    }

    public static SqlServerException canceled() {
        return new SqlServerException(CANCELLED, 11, 1, "The client canceled the request.");
    }

    public static SqlServerException syntax(String near) {
        return new SqlServerException(102, 15, 1, "Incorrect syntax near '" + near + "'.");
    }

    static SqlServerException unclosedQuote(String rest, int offset) {
        return new SqlServerException(105, 15, 1, "Unclosed quotation mark after the character string '" + rest + "'.");
    }

    public static SqlServerException unknownObject(String name) {
        return new SqlServerException(208, 16, 1, "Invalid object name '" + name + "'.");
    }

    public static SqlServerException unknownColumn(String name) {
        return new SqlServerException(207, 16, 1, "Invalid column name '" + name + "'.");
    }

    public static SqlServerException unknownProcedure(String name) {
        return new SqlServerException(2812, 16, 62, "Could not find stored procedure '" + name + "'.");
    }

    public static SqlServerException unknownFunction(String name) {
        return new SqlServerException(195, 15, 10, "'" + name + "' is not a recognized built-in function name.");
    }

    public static SqlServerException undeclared(String variable) {
        return new SqlServerException(137, 15, 2, "Must declare the scalar variable \"" + variable + "\".");
    }

    /** A thing SQL Server can do and the stand-in cannot: said plainly, with what was asked. */
    public static SqlServerException unsupported(String what) {
        return new SqlServerException(
                50000,
                16,
                1,
                "The SQL Server stand-in does not support " + what + "; see sqlserver-standin/README.md.");
    }
}
