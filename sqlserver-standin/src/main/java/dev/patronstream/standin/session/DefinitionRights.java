package dev.patronstream.standin.session;

import dev.patronstream.standin.sql.ObjectName;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Tokens;
import java.util.List;

/** Definitions are an administrator's, except those of temporary tables. Each kind has its own error. */
final class DefinitionRights {

    private DefinitionRights() {}

    static void check(Session session, String verb, List<Token> definition) {
        if (session.access().isAdministrator() || definition.stream().anyMatch(DefinitionRights::isTemporary)) {
            return;
        }
        Tokens tokens = new Tokens(definition);
        tokens.next();
        Token kind = tokens.next();
        String database = session.database().name();
        if (verb.equals("CREATE") && kind.isAnyOf("TABLE", "SCHEMA", "ROLE")) {
            throw new SqlServerException(
                    262,
                    14,
                    1,
                    "CREATE " + kind.text().toUpperCase(java.util.Locale.ROOT) + " permission denied in database '"
                            + database + "'.");
        }
        if (verb.equals("ALTER") && kind.is("DATABASE")) {
            throw new SqlServerException(
                    5011,
                    14,
                    9,
                    "User does not have permission to alter database '" + database
                            + "', the database does not exist, or the database is not in a state that allows access checks.");
        }
        if (kind.is("TABLE")) {
            tokens.skip("IF", "EXISTS");
            ObjectName name = ObjectName.parse(tokens);
            throw verb.equals("DROP")
                    ? new SqlServerException(
                            3701,
                            14,
                            20,
                            "Cannot drop the table '" + name
                                    + "', because it does not exist or you do not have permission.")
                    : new SqlServerException(
                            1088,
                            16,
                            7,
                            "Cannot find the object \"" + name
                                    + "\" because it does not exist or you do not have permissions.");
        }
        throw new SqlServerException(15247, 16, 1, "User does not have permission to perform this action.");
    }

    private static boolean isTemporary(Token token) {
        return token.isName() && token.text().startsWith("#");
    }
}
