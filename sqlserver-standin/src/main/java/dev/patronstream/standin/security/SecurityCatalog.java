package dev.patronstream.standin.security;

import dev.patronstream.standin.cdc.CaptureSecurity;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.EngineConnection;
import dev.patronstream.standin.engine.Sql;
import dev.patronstream.standin.sql.SqlServerException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The logins, users, roles and permissions of a database, in its tables and in memory. Thread-safe: readers see the last
 * whole state.
 */
public final class SecurityCatalog implements CaptureSecurity {

    /** Stand where the hash of a password is for others. */
    private static final String WINDOWS = "WINDOWS";

    private static final String ENTRA = "ENTRA";

    private final Database database;
    private volatile State state;

    /** Everything at one time. */
    private record State(
            List<Login> logins, List<Principal> principals, List<Member> members, List<Permission> permissions) {}

    /** Who may connect. */
    record Login(int id, String name, String passwordHash, boolean disabled) {}

    private record Member(int role, int member) {}

    /** Makes the tables that are missing and reads the others. */
    public SecurityCatalog(Database database) throws SQLException {
        this.database = database;
        try (EngineConnection connection = database.connect()) {
            Database.runScript(connection.jdbc(), "security/security.sql");
            connection.jdbc().commit();
            state = read(connection.jdbc());
        }
    }

    Database database() {
        return database;
    }

    private static State read(Connection jdbc) throws SQLException {
        return new State(
                Sql.query(
                        jdbc,
                        row -> new Login(row.getInt(1), row.getString(2), row.getString(3), row.getBoolean(4)),
                        "SELECT \"principal_id\", \"name\", \"password_hash\", \"is_disabled\" FROM \"standin\".\"logins\""),
                Sql.query(
                        jdbc,
                        row -> new Principal(
                                row.getInt(1),
                                row.getString(2),
                                row.getString(3).equals("R"),
                                Optional.ofNullable(row.getString(4))),
                        "SELECT \"principal_id\", \"name\", \"type\", \"login\" FROM \"standin\".\"principals\""),
                Sql.query(
                        jdbc,
                        row -> new Member(row.getInt(1), row.getInt(2)),
                        "SELECT \"role_principal_id\", \"member_principal_id\" FROM \"standin\".\"role_members\""),
                Sql.query(
                        jdbc,
                        row -> new Permission(
                                row.getString("permission_name"),
                                new Securable(
                                        Securable.Kind.of(row.getInt("class"), row.getString("column_name")),
                                        row.getString("schema_name"),
                                        row.getString("object_name"),
                                        row.getInt("object_id"),
                                        row.getString("column_name")),
                                row.getInt("grantee_principal_id"),
                                row.getString("state").equals("D")),
                        "SELECT * FROM \"standin\".\"permissions\""));
    }

    // ---- questions

    /** Whether somebody logs in with this name and password, or as this Windows account where there is none. */
    public boolean authenticates(String login, Optional<String> password) {
        return login(login)
                .filter(known -> !known.disabled())
                .filter(known -> known.passwordHash()
                        .equals(password.map(said -> hash(known.name(), said)).orElse(WINDOWS)))
                .isPresent();
    }

    /** Returns the rights of a login's user in the database; empty if the login has no user in it. */
    public Optional<Account> account(String login) {
        return user(login).map(user -> new Account(this, login));
    }

    Optional<Login> login(String name) {
        return state.logins().stream()
                .filter(login -> login.name().equalsIgnoreCase(name))
                .findFirst();
    }

    Optional<Principal> user(String login) {
        return state.principals().stream()
                .filter(principal ->
                        principal.login().filter(login::equalsIgnoreCase).isPresent())
                .findFirst();
    }

    Optional<Principal> principal(String name) {
        return state.principals().stream()
                .filter(principal -> principal.name().equalsIgnoreCase(name))
                .findFirst();
    }

    List<Permission> permissions() {
        return state.permissions();
    }

    /** The principal, public, and every role it is in, directly or through other roles. */
    Set<Integer> withRoles(int principal) {
        Set<Integer> all = new HashSet<>(Set.of(principal, Principal.PUBLIC));
        Deque<Integer> open = new ArrayDeque<>(all);
        while (!open.isEmpty()) {
            int member = open.pop();
            for (Member membership : state.members()) {
                if (membership.member() == member && all.add(membership.role())) {
                    open.push(membership.role());
                }
            }
        }
        return all;
    }

    // ---- changes

    void createLogin(EngineConnection connection, String name, String password) throws SQLException {
        insertLogin(connection, name, hash(name, password));
    }

    /** Makes a login whose password is kept elsewhere. */
    void createForeignLogin(EngineConnection connection, String name, boolean windows) throws SQLException {
        if (windows && name.indexOf('\\') < 1) {
            throw new SqlServerException(
                    15407,
                    16,
                    1,
                    "'" + name + "' is not a valid Windows NT name. Give the complete name: <domain\\username>.");
        }
        insertLogin(connection, name, windows ? WINDOWS : ENTRA);
    }

    private void insertLogin(EngineConnection connection, String name, String passwordHash) throws SQLException {
        if (login(name).isPresent() || name.equalsIgnoreCase("sa")) {
            throw new SqlServerException(15025, 16, 2, "The server principal '" + name + "' already exists.");
        }
        change(
                connection,
                "INSERT INTO \"standin\".\"logins\" VALUES (NEXT VALUE FOR \"standin\".\"principal_ids\", ?, ?, FALSE)",
                name,
                passwordHash);
    }

    void changePassword(EngineConnection connection, Login login, String password) throws SQLException {
        change(
                connection,
                "UPDATE \"standin\".\"logins\" SET \"password_hash\" = ? WHERE \"principal_id\" = ?",
                hash(login.name(), password),
                login.id());
    }

    void disable(EngineConnection connection, Login login, boolean disabled) throws SQLException {
        change(
                connection,
                "UPDATE \"standin\".\"logins\" SET \"is_disabled\" = ? WHERE \"principal_id\" = ?",
                disabled,
                login.id());
    }

    void dropLogin(EngineConnection connection, Login login) throws SQLException {
        change(connection, "DELETE FROM \"standin\".\"logins\" WHERE \"principal_id\" = ?", login.id());
    }

    void createPrincipal(EngineConnection connection, String name, boolean role, @Nullable String login)
            throws SQLException {
        if (principal(name).isPresent()) {
            throw new SqlServerException(
                    15023, 16, 1, "User, group, or role '" + name + "' already exists in the current database.");
        }
        change(
                connection,
                "INSERT INTO \"standin\".\"principals\" VALUES"
                        + " (NEXT VALUE FOR \"standin\".\"principal_ids\", ?, ?, ?, FALSE)",
                name,
                role ? "R" : "S",
                login);
    }

    void dropPrincipal(EngineConnection connection, Principal principal) throws SQLException {
        if (principal.role() && state.members().stream().anyMatch(member -> member.role() == principal.id())) {
            throw new SqlServerException(
                    15144, 16, 1, "The role has members. It must be empty before it can be dropped.");
        }
        connection.commit();
        Sql.update(
                connection.jdbc(),
                "DELETE FROM \"standin\".\"role_members\" WHERE \"member_principal_id\" = ?",
                principal.id());
        Sql.update(
                connection.jdbc(),
                "DELETE FROM \"standin\".\"permissions\" WHERE \"grantee_principal_id\" = ?",
                principal.id());
        change(connection, "DELETE FROM \"standin\".\"principals\" WHERE \"principal_id\" = ?", principal.id());
    }

    void addMember(EngineConnection connection, Principal role, Principal member) throws SQLException {
        change(connection, "MERGE INTO \"standin\".\"role_members\" VALUES (?, ?)", role.id(), member.id());
    }

    void dropMember(EngineConnection connection, Principal role, Principal member) throws SQLException {
        change(
                connection,
                "DELETE FROM \"standin\".\"role_members\" WHERE \"role_principal_id\" = ? AND \"member_principal_id\" = ?",
                role.id(),
                member.id());
    }

    void give(EngineConnection connection, Permission permission) throws SQLException {
        Securable on = permission.on();
        change(
                connection,
                "MERGE INTO \"standin\".\"permissions\" VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                on.kind().number(),
                on.schema(),
                on.object(),
                on.objectId(),
                on.column(),
                permission.grantee(),
                permission.name(),
                permission.denied() ? "D" : "G");
    }

    void take(EngineConnection connection, Permission permission) throws SQLException {
        Securable on = permission.on();
        change(
                connection,
                "DELETE FROM \"standin\".\"permissions\" WHERE \"class\" = ? AND \"schema_name\" = ?"
                        + " AND \"object_name\" = ? AND \"column_name\" = ? AND \"grantee_principal_id\" = ?"
                        + " AND \"permission_name\" = ?",
                on.kind().number(),
                on.schema(),
                on.object(),
                on.column(),
                permission.grantee(),
                permission.name());
    }

    @Override
    public void ensureRole(EngineConnection connection, String role) throws SQLException {
        if (principal(role).isEmpty()) {
            createPrincipal(connection, role, true, null);
        }
    }

    @Override
    public void forgetSchema(EngineConnection connection, String schema) throws SQLException {
        change(connection, "DELETE FROM \"standin\".\"permissions\" WHERE \"schema_name\" = ?", schema);
    }

    private synchronized void change(EngineConnection connection, String sql, @Nullable Object... values)
            throws SQLException {
        connection.commit();
        Sql.update(connection.jdbc(), sql, values);
        connection.jdbc().commit();
        state = read(connection.jdbc());
        connection.jdbc().commit();
    }

    private static String hash(String name, String password) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest((name + "\n" + password).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
