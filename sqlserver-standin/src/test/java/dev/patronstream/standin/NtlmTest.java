package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Windows accounts, which Microsoft's driver signs in by NTLM, and logins of Entra, which only the scripts make. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NtlmTest extends StandInTest {

    private static final String PASSWORD = "Señor-Long-2026";

    @BeforeEach
    void createAccount() throws SQLException {
        standIn.addWindowsAccount("EAGLE\\Patronstream", PASSWORD);
        execute("CREATE LOGIN [EAGLE\\patronstream] FROM WINDOWS WITH DEFAULT_DATABASE = [" + database() + "]"
                + " CREATE USER [EAGLE\\patronstream] FOR LOGIN [EAGLE\\patronstream]");
    }

    private Connection connect(String domain, String user, String password) throws SQLException {
        return DriverManager.getConnection(
                standIn.jdbcUrl() + ";integratedSecurity=true;authenticationScheme=NTLM;domain=" + domain,
                user,
                password);
    }

    private int refusal(String domain, String user, String password) {
        return assertThrows(SQLException.class, () -> connect(domain, user, password))
                .getErrorCode();
    }

    @Test
    void anAccountSignsInWhateverTheCaseOfItsName() throws SQLException {
        try (Connection connection = connect("eagle", "PatronStream", PASSWORD)) {
            assertEquals(List.of("EAGLE\\PatronStream"), rows(connection, "SELECT SUSER_SNAME()"));
        }
    }

    @Test
    void anotherPasswordUserOrDomainIsNotTrusted() {
        assertEquals(18452, refusal("EAGLE", "patronstream", "another"));
        assertEquals(18452, refusal("EAGLE", "nobody", PASSWORD));
        assertEquals(18452, refusal("HAWK", "patronstream", PASSWORD));
    }

    @Test
    void anAccountWithoutALoginIsRefusedAndOneWithoutAUserHasNoDatabase() throws SQLException {
        standIn.addWindowsAccount("EAGLE\\teacher", PASSWORD);
        assertEquals(18456, refusal("EAGLE", "teacher", PASSWORD));
        execute("CREATE LOGIN [EAGLE\\teacher] FROM WINDOWS");
        assertEquals(4060, refusal("EAGLE", "teacher", PASSWORD));
        execute("ALTER LOGIN [EAGLE\\teacher] DISABLE");
        assertEquals(18456, refusal("EAGLE", "teacher", PASSWORD));
    }

    @Test
    void aLoginWhosePasswordIsElsewhereHasNoneHere() throws SQLException {
        execute("CREATE LOGIN [patronstream@eagle.example] FROM EXTERNAL PROVIDER");
        for (String login : List.of("EAGLE\\patronstream", "patronstream@eagle.example")) {
            for (String password : List.of(PASSWORD, "WINDOWS", "ENTRA", "")) {
                SQLException refused = assertThrows(
                        SQLException.class, () -> DriverManager.getConnection(standIn.jdbcUrl(), login, password));
                assertEquals(18456, refused.getErrorCode());
            }
        }
        try (Connection connection = connect()) {
            assertEquals(
                    List.of("EAGLE\\patronstream|U", "patronstream@eagle.example|E"),
                    rows(
                            connection,
                            "SELECT name, type FROM sys.server_principals WHERE name LIKE '%patron%' ORDER BY name"));
        }
        assertEquals(
                15407,
                assertThrows(SQLException.class, () -> execute("CREATE LOGIN patronstream FROM WINDOWS"))
                        .getErrorCode());
    }

    @Test
    void aSqlLoginCannotBeUsedByNtlm() throws SQLException {
        standIn.addWindowsAccount("EAGLE\\other", PASSWORD);
        execute("CREATE LOGIN [EAGLE\\other] WITH PASSWORD = N'Long-enough-2026'");
        assertEquals(18456, refusal("EAGLE", "other", PASSWORD));
    }
}
