package dev.patronstream.standin.session;

import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Tokens;
import java.sql.SQLException;
import java.util.List;

/** Definitions that are not of tables: database options and schemas. */
final class Administration {
    private final Session session;

    Administration(Session session) {
        this.session = session;
    }

    void execute(String verb, List<Token> definition) throws SQLException {
        Tokens tokens = new Tokens(definition);
        tokens.next();
        if (verb.equals("ALTER") && tokens.skip("DATABASE")) {
            alterDatabase(tokens);
        } else if (verb.equals("CREATE") && tokens.skip("SCHEMA")) {
            createSchema(tokens);
        } else {
            throw SqlServerException.unsupported(
                    verb + " " + tokens.peek().text().toUpperCase(java.util.Locale.ROOT));
        }
    }

    private void alterDatabase(Tokens tokens) throws SQLException {
        String name = tokens.expectName();
        if (!name.equalsIgnoreCase("CURRENT")
                && !name.equalsIgnoreCase(session.database().name())) {
            throw new SqlServerException(
                    5011,
                    14,
                    5,
                    "User does not have permission to alter database '" + name
                            + "', the database does not exist, or the database is not in a state that allows access checks.");
        }
        tokens.expect("SET");
        if (tokens.skip("ALLOW_SNAPSHOT_ISOLATION")) {
            session.connection().commit();
            session.database().allowSnapshotIsolation(session.jdbc(), tokens.skip("ON"));
        } else if (tokens.skip("READ_COMMITTED_SNAPSHOT")) {
            update(
                    "UPDATE \"sys\".\"databases\" SET \"is_read_committed_snapshot_on\" = ? WHERE \"database_id\" = 5",
                    tokens.skip("ON"));
        }
    }

    private void update(String sql, Object... values) throws SQLException {
        session.connection().commit();
        Sql.update(session.jdbc(), sql, values);
        session.jdbc().commit();
    }

    private void createSchema(Tokens tokens) throws SQLException {
        String name = tokens.expectName();
        session.connection().commit();
        Database.execute(session.jdbc(), "CREATE SCHEMA " + Sql.quoted(name));
        Sql.update(
                session.jdbc(),
                "INSERT INTO \"sys\".\"schemas\" SELECT ?, MAX(\"schema_id\") + 1, 1 FROM \"sys\".\"schemas\"",
                name);
        session.jdbc().commit();
    }
}
