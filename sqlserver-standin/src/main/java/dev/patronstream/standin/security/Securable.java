package dev.patronstream.standin.security;

import dev.patronstream.standin.engine.TableInfo;
import java.util.Optional;

/**
 * What a right is on. Names count without regard to case; they are kept as written.
 *
 * @param kind what it is
 * @param schema the schema, empty for the server and the database
 * @param object the table, empty for what is larger
 * @param objectId the table's ID when the right was given; 0 for the tables that come with the schema {@code cdc}
 * @param column the column, empty for what is larger
 */
record Securable(Kind kind, String schema, String object, int objectId, String column) {

    /** The kinds, with the class that {@code sys.database_permissions} has for them. */
    enum Kind {
        DATABASE(0),
        OBJECT(1),
        COLUMN(1),
        SCHEMA(3),
        SERVER(100);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        static Kind of(int number, String column) {
            return switch (number) {
                case 0 -> DATABASE;
                case 3 -> SCHEMA;
                case 100 -> SERVER;
                default -> column.isEmpty() ? OBJECT : COLUMN;
            };
        }
    }

    static final Securable DATABASE = new Securable(Kind.DATABASE, "", "", 0, "");
    static final Securable SERVER = new Securable(Kind.SERVER, "", "", 0, "");

    static Securable schema(String name) {
        return new Securable(Kind.SCHEMA, name, "", 0, "");
    }

    static Securable object(String schema, String name, Optional<TableInfo> table) {
        return new Securable(
                Kind.OBJECT, schema, name, table.map(TableInfo::objectId).orElse(0), "");
    }

    Securable column(String name) {
        return new Securable(Kind.COLUMN, schema, object, objectId, name);
    }

    /** Whether it is the table, or a column of it; a table that was dropped and created again is another one. */
    boolean isOf(Securable table) {
        return objectId == table.objectId
                && schema.equalsIgnoreCase(table.schema)
                && object.equalsIgnoreCase(table.object);
    }
}
