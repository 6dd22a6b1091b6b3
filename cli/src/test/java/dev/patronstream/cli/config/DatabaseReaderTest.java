package dev.patronstream.cli.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.cli.config.setting.Part;
import dev.patronstream.connector.database.Authentication;
import dev.patronstream.connector.database.DatabaseSettings;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who signs in to the database, and how. */
class DatabaseReaderTest extends WrittenConfiguration {

    private static final String ACCOUNT = "  user: patronstream\n  password: ${env:SQLSERVER_PASSWORD}\n";

    private static String with(String account) {
        return VALID.replace(ACCOUNT, account.isEmpty() ? "" : "  " + account.replace("; ", "\n  ") + "\n");
    }

    @Test
    void aWindowsAccountOfANamedInstance() {
        DatabaseSettings database = read(with("authentication: ntlm; domain: EAGLE; user: reader;"
                        + " password: ${env:SQLSERVER_PASSWORD}; instance: AERIES"))
                .capture()
                .database();

        assertEquals("EAGLE\\reader", database.user());
        assertEquals("sis.eagle.example\\AERIES/DST26000EAGLE", database.address());
        assertEquals(Authentication.NTLM, database.signIn().authentication());
        assertEquals("EAGLE", database.properties().get("domain"));
    }

    @Test
    void aTicketNeedsNeitherUserNorPassword() {
        DatabaseSettings database = read(with("authentication: kerberos; login: EAGLE\\reader"))
                .capture()
                .database();

        assertEquals("EAGLE\\reader", database.user());
        assertEquals(Optional.empty(), database.signIn().user());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            user: me | sqlserver.password | is missing; write ${env:SQLSERVER_PASSWORD}, and set that variable
            password: ${env:SQLSERVER_PASSWORD} | sqlserver.user | is missing; name the login
            user: me; password: ${env:SQLSERVER_PASSWORD}; domain: EAGLE | sqlserver.domain | is not used with authentication: sql
            user: me; password: ${env:SQLSERVER_PASSWORD}; login: x | sqlserver.login | is not used with authentication: sql
            user: me; password: ${env:SQLSERVER_PASSWORD}; port: 1433; instance: A | sqlserver.instance | stands beside sqlserver.port
            user: me; password: ${env:SQLSERVER_PASSWORD}; driver: {integratedSecurity: true} | sqlserver.driver.integratedSecurity | is written as sqlserver.authentication
            user: me; password: ${env:SQLSERVER_PASSWORD}; driver: {instanceName: A} | sqlserver.driver.instanceName | is written as sqlserver.instance
            authentication: ntml; user: me; password: ${env:SQLSERVER_PASSWORD} | sqlserver.authentication | ntlm
            authentication: ntlm; user: me; password: ${env:SQLSERVER_PASSWORD} | sqlserver.domain | is missing; write the account's Windows domain
            authentication: ntlm; domain: E; user: E\\me; password: ${env:SQLSERVER_PASSWORD} | sqlserver.user | has a backslash; write the Windows domain as sqlserver.domain
            authentication: kerberos | sqlserver.login | is missing; write the name that the account has in SQL Server
            authentication: kerberos; login: E\\me; user: me | sqlserver | user and password go together
            authentication: entra-default; login: me | sqlserver.authentication | entra-default needs Microsoft's com.azure:azure-identity
            """)
    void whatDoesNotFitIsNamed(String account, String where, String what) {
        assertProblem(with(account.strip()), where, what);
    }

    @Test
    void aNamedInstanceIsNotWrittenBehindTheHost() {
        assertProblem(VALID.replace("sis.eagle.example", "sis\\AERIES"), "sqlserver.host", "as sqlserver.instance");
    }

    @Test
    void aCertificateIsAPropertyOfTheDriver() {
        String yaml = with("authentication: entra-service-principal-certificate; user: 1234; login: app");
        List<String> said = problems(yaml).stream().map(Object::toString).toList();

        assertTrue(said.toString().contains("needs Microsoft's com.microsoft.azure:msal4j"), said.toString());
        assertTrue(said.toString().contains("write driver: {clientCertificate: FILE}"), said.toString());
    }

    /** Its library is not on the class path of the tests, and needed only by what connects. */
    @Test
    void anIdentityOfEntraIsReadByWhatDoesNotConnect() {
        String yaml = with("authentication: entra-managed-identity; login: patronstream-vm");
        Configuration configuration = ConfigurationReader.read(write(yaml), environment, EnumSet.noneOf(Part.class));

        assertEquals("patronstream-vm", configuration.capture().database().user());
        List<String> said = problems(yaml).stream().map(Object::toString).toList();
        assertTrue(said.get(0).contains("put its jar file"), said.toString());
        assertTrue(said.get(0).contains("lib/more"), said.toString());
    }
}
