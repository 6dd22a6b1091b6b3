package dev.patronstream.connector.source;

/**
 * A column of a source table.
 *
 * @param name its name as the database spells it
 * @param id its number in the table; one that is dropped and added again has another
 * @param type its type's name
 * @param size what stands in parentheses after the type, empty if nothing does
 */
record SourceColumn(String name, int id, String type, String size) {

    private static final int UNLIMITED = -1;

    /** Makes a column of what {@code sys.columns} says of it. */
    static SourceColumn of(String name, int id, String type, int maxLength, int precision, int scale) {
        String size =
                switch (type) {
                    case "char", "varchar", "binary", "varbinary" -> length(maxLength);
                    case "nchar", "nvarchar" -> length(maxLength == UNLIMITED ? UNLIMITED : maxLength / 2);
                    case "decimal", "numeric" -> precision + "," + scale;
                    case "time", "datetime2", "datetimeoffset" -> Integer.toString(scale);
                    default -> "";
                };
        return new SourceColumn(name, id, type, size);
    }

    private static String length(int bytes) {
        return bytes == UNLIMITED ? "max" : Integer.toString(bytes);
    }

    /** Whether it is a {@code (max)} type, whose unchanged values CDC does not record. */
    boolean unlimited() {
        return size.equals("max");
    }

    /** Returns the type as T-SQL writes it. */
    String typeInWords() {
        return size.isEmpty() ? type : type + "(" + size + ")";
    }
}
