package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.database.Authentication;
import dev.patronstream.connector.database.DatabaseSettings;
import dev.patronstream.connector.database.ServerAddress;
import dev.patronstream.connector.database.SignIn;
import dev.patronstream.connector.database.SourceDatabase;
import dev.patronstream.connector.database.SourceErrors;
import dev.patronstream.connector.script.DatabaseScript;
import dev.patronstream.sandbox.district.DistrictSql;
import dev.patronstream.schemas.secret.Secret;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A Windows account and a named instance, through the whole connector; and what a person reads when it does not work. */
@ExtendWith(KafkaExtension.class)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SignInTest {

    private static final String PASSWORD = "Long-enough-2026";
    private static final String INSTANCE = "AERIES";
    private static final AtomicInteger DISTRICTS = new AtomicInteger();

    @TempDir
    Path directory;

    private TestDistrict district;

    @BeforeEach
    void start(TestKafka kafka) throws SQLException {
        district = new TestDistrict(
                directory,
                kafka,
                "signin" + DISTRICTS.incrementAndGet(),
                settings -> settings.withCaptureInterval(Duration.ofMillis(50)));
        for (String batch : DistrictSql.createTables()) {
            district.sql(batch);
        }
        district.server().addWindowsAccount("EAGLE\\patronstream", PASSWORD);
    }

    @AfterEach
    void stop() throws SQLException {
        district.close();
    }

    private DatabaseSettings at(ServerAddress server, SignIn signIn) {
        return new DatabaseSettings(server, district.server().database(), "dbo", signIn, Map.of("encrypt", "false"));
    }

    private ServerAddress port() {
        return ServerAddress.at("127.0.0.1", district.server().port());
    }

    private static SignIn ntlm(String domain, String password) {
        return new SignIn(
                Authentication.NTLM,
                Optional.of("patronstream"),
                Optional.of(Secret.of(password)),
                Optional.of(domain),
                Optional.empty());
    }

    private static SignIn withTicket() {
        return new SignIn(
                Authentication.KERBEROS,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("EAGLE\\patronstream"));
    }

    /** As sqlcmd does it, without a variable for a password. */
    private void run(String script) throws SQLException {
        for (String batch : DistrictSql.batches(script)) {
            district.sql(batch);
        }
    }

    private static DatabaseScript script(DatabaseSettings database) {
        return new DatabaseScript(database, new CapturedColumns(Set.of(), Map.of()));
    }

    private void requireCapture(DatabaseSettings database) throws Exception {
        run(script(database).enable());
        district.student(10, 1, "Nguyen");
        try (Connector connector = TestDistrict.start(new Connector(district.through(database)))) {
            TestDistrict.awaitStreaming(connector);
            district.student(10, 2, "Smith");
            district.rename(10, 1, "Lee");
            district.awaitNames(Map.of("10/1", "Lee", "10/2", "Smith"));
        }
    }

    /** What a person reads when the database refuses or is not found. */
    private static String said(DatabaseSettings database) {
        SQLException error = assertThrows(SQLException.class, () -> SourceDatabase.connect(database));
        return SourceErrors.said(database, error);
    }

    @Test
    void theConnectorDoesItsWholeWorkAsAWindowsAccount() throws Exception {
        requireCapture(at(port(), ntlm("EAGLE", PASSWORD)));
    }

    @Test
    void theConnectorFindsANamedInstance() throws Exception {
        Optional<Browser> browser = Browser.start(INSTANCE, district.server().port());
        assumeTrue(browser.isPresent(), "Another program has UDP port 1434, which the driver asks");
        try (Browser known = browser.get()) {
            DatabaseSettings database = at(ServerAddress.named("127.0.0.1", INSTANCE), ntlm("EAGLE", PASSWORD));
            requireCapture(database);
            String unknown = said(database.withServer(ServerAddress.named("127.0.0.1", "OTHER")));
            assertTrue(
                    unknown.startsWith("The SQL Server at 127.0.0.1\\OTHER was not found: the SQL Server Browser"),
                    unknown);
            assertTrue(unknown.contains("write sqlserver.port in its place"), unknown);
        }
    }

    @Test
    void aWindowsAccountThatIsRefusedIsToldWhatToCheck() throws Exception {
        run(script(at(port(), ntlm("EAGLE", PASSWORD))).enable());
        for (SignIn wrong : new SignIn[] {ntlm("EAGLE", "not-the-password"), ntlm("HAWK", PASSWORD)}) {
            String said = said(at(port(), wrong));
            assertTrue(said.contains("refused the login of user '" + wrong.login() + "' by ntlm"), said);
            assertTrue(said.contains("untrusted domain"), said);
            assertTrue(said.contains("Check sqlserver.user, sqlserver.password and sqlserver.domain"), said);
            assertFalse(said.contains("not-the-password") || said.contains(PASSWORD), said);
        }
    }

    /** Whatever this machine has of Kerberos, it has no ticket for this server. */
    @Test
    void withoutAKerberosTicketItSaysHowToGetOne() {
        String said = said(at(port(), withTicket()));
        assertTrue(said.startsWith("There is no Kerberos sign-in to the SQL Server at " + port() + ": "), said);
        assertTrue(said.contains("kinit gets it"), said);
    }

    @Test
    void theScriptOfAnAccountWithoutAPasswordHereAsksForNone() throws Exception {
        DatabaseSettings windows = at(ServerAddress.named("sis.eagle.example", INSTANCE), ntlm("EAGLE", PASSWORD));
        for (String script :
                new String[] {script(windows).enable(), script(windows).poll()}) {
            assertFalse(script.contains("assword}") || script.contains(DatabaseScript.PASSWORD_VARIABLE), script);
            assertTrue(script.contains("sqlcmd -S sis.eagle.example\\AERIES -b -i FILE"), script);
            assertTrue(
                    script.contains("CREATE LOGIN [EAGLE\\patronstream] FROM WINDOWS WITH DEFAULT_DATABASE = ["),
                    script);
        }
        DatabaseSettings entra = at(
                port(),
                new SignIn(
                        Authentication.ENTRA_MANAGED_IDENTITY,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("patronstream-vm")));
        assertTrue(script(entra).enable().contains("CREATE LOGIN [patronstream-vm] FROM EXTERNAL PROVIDER;"));
        run(script(entra).enable());
        run(script(entra).enable());
        run(script(entra).undo());
    }
}
