package dev.patronstream.standin.security;

import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.sql.ObjectName;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Tokens;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** CREATE, ALTER and DROP of logins, users and roles; GRANT, DENY and REVOKE. An administrator's. */
final class SecurityDefinitions {

    /** The rights that the stand-in enforces; of each kind of securable those that make sense on it. */
    private static final Set<String> ON_OBJECTS = Set.of(
            "SELECT", "INSERT", "UPDATE", "DELETE", "EXECUTE", "REFERENCES", "VIEW DEFINITION", "ALTER", "CONTROL");

    private static final Set<String> ON_DATABASE = Set.of(
            "CONNECT",
            "VIEW DATABASE STATE",
            "VIEW DATABASE PERFORMANCE STATE",
            "VIEW DATABASE SECURITY STATE",
            "SHOWPLAN");

    private static final Set<String> ON_SERVER =
            Set.of("VIEW SERVER STATE", "VIEW SERVER PERFORMANCE STATE", "VIEW SERVER SECURITY STATE", "CONNECT SQL");

    private final SecurityCatalog catalog;
    private final EngineConnection connection;

    SecurityDefinitions(SecurityCatalog catalog, EngineConnection connection) {
        this.catalog = catalog;
        this.connection = connection;
    }

    static boolean handles(String verb, List<Token> definition) {
        return switch (verb) {
            case "GRANT", "DENY", "REVOKE" -> true;
            case "CREATE", "ALTER", "DROP" ->
                definition.size() > 1 && definition.get(1).isAnyOf("LOGIN", "USER", "ROLE");
            default -> false;
        };
    }

    void execute(String verb, List<Token> definition) throws SQLException {
        Tokens tokens = new Tokens(definition);
        tokens.next();
        switch (verb) {
            case "GRANT", "DENY", "REVOKE" -> permissions(verb, tokens);
            default -> {
                String kind = tokens.next().text().toUpperCase(Locale.ROOT);
                boolean ifExists = verb.equals("DROP") && tokens.skip("IF", "EXISTS");
                String name = tokens.expectName();
                switch (verb + " " + kind) {
                    case "CREATE LOGIN" -> createLogin(name, tokens);
                    case "ALTER LOGIN" -> alterLogin(name, tokens);
                    case "DROP LOGIN" -> dropLogin(name);
                    case "CREATE USER" -> createUser(name, tokens);
                    case "CREATE ROLE" -> catalog.createPrincipal(connection, name, true, null);
                    case "ALTER ROLE" -> alterRole(name, tokens);
                    case "DROP USER", "DROP ROLE" -> dropPrincipal(name, kind.equals("ROLE"), ifExists);
                    default -> throw SqlServerException.unsupported(verb + " " + kind);
                }
            }
        }
    }

    private void createLogin(String name, Tokens tokens) throws SQLException {
        if (!tokens.skip("FROM")) {
            catalog.createLogin(connection, name, password(tokens));
        } else if (tokens.skip("EXTERNAL", "PROVIDER")) {
            catalog.createForeignLogin(connection, name, false);
        } else {
            tokens.expect("WINDOWS");
            catalog.createForeignLogin(connection, name, true);
        }
    }

    private static String password(Tokens tokens) {
        tokens.expect("WITH");
        tokens.expect("PASSWORD");
        tokens.expectSymbol("=");
        if (tokens.peek().kind() != Token.Kind.STRING) {
            throw tokens.unexpected();
        }
        return tokens.next().text();
    }

    private void alterLogin(String name, Tokens tokens) throws SQLException {
        SecurityCatalog.Login login = existingLogin(name, "alter");
        if (tokens.skip("ENABLE")) {
            catalog.disable(connection, login, false);
        } else if (tokens.skip("DISABLE")) {
            catalog.disable(connection, login, true);
        } else {
            catalog.changePassword(connection, login, password(tokens));
        }
    }

    private void dropLogin(String name) throws SQLException {
        catalog.dropLogin(connection, existingLogin(name, "drop"));
    }

    private SecurityCatalog.Login existingLogin(String name, String verb) {
        return catalog.login(name)
                .orElseThrow(() -> new SqlServerException(
                        15151,
                        16,
                        1,
                        "Cannot " + verb + " the login '" + name
                                + "', because it does not exist or you do not have permission."));
    }

    private void createUser(String name, Tokens tokens) throws SQLException {
        String login = tokens.skip("FOR", "LOGIN") || tokens.skip("FROM", "LOGIN") ? tokens.expectName() : name;
        if (catalog.login(login).isEmpty()) {
            throw new SqlServerException(
                    15007, 16, 1, "'" + login + "' is not a valid login or you do not have permission.");
        }
        if (catalog.user(login).isPresent()) {
            throw new SqlServerException(15063, 16, 1, "The login already has an account under a different user name.");
        }
        catalog.createPrincipal(connection, name, false, login);
    }

    private void alterRole(String name, Tokens tokens) throws SQLException {
        Principal role = existing(name, "alter", "role");
        boolean add = tokens.skip("ADD", "MEMBER");
        if (!add && !tokens.skip("DROP", "MEMBER")) {
            throw tokens.unexpected();
        }
        Principal member = existing(tokens.expectName(), "find", "principal");
        if (add) {
            catalog.addMember(connection, role, member);
        } else {
            catalog.dropMember(connection, role, member);
        }
    }

    private void dropPrincipal(String name, boolean role, boolean ifExists) throws SQLException {
        Optional<Principal> found =
                catalog.principal(name).filter(principal -> principal.role() == role && !principal.fixed());
        if (found.isEmpty() && ifExists) {
            return;
        }
        catalog.dropPrincipal(connection, found.orElseThrow(() -> missing(name, "drop", role ? "role" : "user")));
    }

    private Principal existing(String name, String verb, String kind) {
        return catalog.principal(name).orElseThrow(() -> missing(name, verb, kind));
    }

    private static SqlServerException missing(String name, String verb, String kind) {
        return new SqlServerException(
                15151,
                16,
                1,
                "Cannot " + verb + " the " + kind + " '" + name
                        + "', because it does not exist or you do not have permission.");
    }

    // ---- permissions

    private record Asked(String permission, List<String> columns) {}

    private void permissions(String verb, Tokens tokens) throws SQLException {
        if (verb.equals("REVOKE")) {
            tokens.skip("GRANT", "OPTION");
        }
        List<Asked> asked = new ArrayList<>();
        do {
            asked.add(asked(tokens));
        } while (tokens.skipSymbol(","));
        Securable on = securable(asked, tokens);
        List<String> columns = tokens.peek().isSymbol("(") ? names(tokens.parenthesized()) : List.of();
        if (!tokens.skip("TO")) {
            tokens.expect("FROM");
        }
        do {
            int grantee = grantee(on, tokens.expectName());
            for (Asked permission : asked) {
                List<String> named = permission.columns().isEmpty() ? columns : permission.columns();
                for (Securable part : parts(on, named)) {
                    change(verb, new Permission(permission.permission(), part, grantee, verb.equals("DENY")));
                }
            }
        } while (tokens.skipSymbol(","));
    }

    private static Asked asked(Tokens tokens) {
        StringBuilder name = new StringBuilder();
        while (tokens.peek().isName() && !tokens.peek().isAnyOf("ON", "TO", "FROM")) {
            name.append(name.isEmpty() ? "" : " ").append(tokens.next().text().toUpperCase(Locale.ROOT));
        }
        List<String> columns = tokens.peek().isSymbol("(") ? names(tokens.parenthesized()) : List.of();
        return new Asked(name.toString(), columns);
    }

    private static List<String> names(List<Token> list) {
        return list.stream().filter(Token::isName).map(Token::text).toList();
    }

    private Securable securable(List<Asked> asked, Tokens tokens) throws SQLException {
        if (!tokens.skip("ON")) {
            boolean server = asked.stream().allMatch(one -> ON_SERVER.contains(one.permission()));
            require(asked, server ? ON_SERVER : ON_DATABASE, ON_OBJECTS);
            return server ? Securable.SERVER : Securable.DATABASE;
        }
        require(asked, ON_OBJECTS, Set.of());
        if (tokens.peek(1).isSymbol(":") || tokens.peek(1).isSymbol("::")) {
            String kind = tokens.next().text().toUpperCase(Locale.ROOT);
            while (tokens.skipSymbol(":") || tokens.skipSymbol("::")) {
                // The mark between a class and its name.
            }
            if (kind.equals("SCHEMA")) {
                return Securable.schema(schema(tokens.expectName()));
            }
            if (!kind.equals("OBJECT")) {
                throw SqlServerException.unsupported("permissions on " + kind);
            }
        }
        return object(ObjectName.parse(tokens));
    }

    private static void require(List<Asked> asked, Set<String> known, Set<String> also) {
        for (Asked one : asked) {
            if (!known.contains(one.permission()) && !also.contains(one.permission())) {
                throw SqlServerException.syntax(one.permission());
            }
        }
    }

    private String schema(String name) throws SQLException {
        if (Sql.number(connection.jdbc(), "SELECT COUNT(*) FROM \"sys\".\"schemas\" WHERE \"name\" = ?", name) == 0) {
            throw missing(name, "find", "schema");
        }
        return name;
    }

    private Securable object(ObjectName name) throws SQLException {
        String schema = name.schema().orElse("dbo");
        var table = catalog.database().catalog().table(schema, name.name());
        boolean shipped = schema.equalsIgnoreCase("cdc")
                && Sql.number(
                                connection.jdbc(),
                                "SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'cdc' AND TABLE_NAME = ?",
                                name.name())
                        > 0;
        if (table.isEmpty() && !shipped) {
            throw missing(name.name(), "find", "object");
        }
        return Securable.object(schema, name.name(), table);
    }

    private List<Securable> parts(Securable on, List<String> columns) {
        if (columns.isEmpty()) {
            return List.of(on);
        }
        var table = catalog.database().catalog().table(on.schema(), on.object());
        List<Securable> parts = new ArrayList<>();
        for (String column : columns) {
            if (table.flatMap(known -> known.column(column)).isEmpty()) {
                throw new SqlServerException(
                        1911, 16, 1, "Column name '" + column + "' does not exist in the target table or view.");
            }
            parts.add(on.column(column));
        }
        return parts;
    }

    /** A right on the server is a login's, every other one a user's or a role's. */
    private int grantee(Securable on, String name) {
        return on.kind() == Securable.Kind.SERVER
                ? existingLogin(name, "find").id()
                : existing(name, "find", "user").id();
    }

    private void change(String verb, Permission permission) throws SQLException {
        if (verb.equals("REVOKE")) {
            catalog.take(connection, permission);
        } else {
            catalog.give(connection, permission);
        }
    }
}
