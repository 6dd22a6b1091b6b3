package dev.patronstream.connector.database;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSException;
import org.junit.jupiter.api.Test;

/** Errors that no server of the tests gives. */
class SourceErrorsTest {

    private static final DatabaseSettings DATABASE = new DatabaseSettings(
            ServerAddress.at("sis.eagle.example", 1433),
            "DST26000EAGLE",
            "dbo",
            new SignIn(
                    Authentication.KERBEROS,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("EAGLE\\patronstream")),
            Map.of());

    private static String said(Throwable cause) {
        return SourceErrors.said(DATABASE, new SQLException("Kerberos Login failed", "S0001", 18456, cause));
    }

    @Test
    void whatKerberosLacksIsSaidWithWhatItNeeds() {
        String needs =
                " It needs the realm in /etc/krb5.conf; a ticket of the account that runs patronstream (klist shows"
                        + " it, kinit gets it), or sqlserver.user and sqlserver.password; the server's full name as"
                        + " sqlserver.host, and in the domain its service name MSSQLSvc/<host>:<port> (setspn -L)";
        String happened = "There is no Kerberos sign-in to the SQL Server at sis.eagle.example:1433: ";
        assertEquals(
                happened + "Unable to obtain Principal Name." + needs,
                said(new LoginException("Unable to obtain Principal Name")));
        assertEquals(
                happened + "Connection refused." + needs,
                said(new LoginException().initCause(new IOException("Connection refused"))));
        assertEquals(
                happened + "No valid credentials provided." + needs,
                said(new IllegalStateException(new GSSException(GSSException.NO_CRED))));
    }

    @Test
    void aRefusalOfTheServerNamesTheLogin() {
        assertEquals(
                "The SQL Server at sis.eagle.example:1433 refused the login of user 'EAGLE\\patronstream' by kerberos:"
                        + " Login failed for user 'EAGLE\\other'. Check that this is the account's name in SQL Server"
                        + " (sqlserver.login), and that its login is enabled; the account is made by what"
                        + " `patronstream sql` prints",
                SourceErrors.said(DATABASE, new SQLException("Login failed for user 'EAGLE\\other'.", "S0001", 18456)));
    }
}
