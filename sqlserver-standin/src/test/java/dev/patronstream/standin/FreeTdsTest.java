package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A client of another make. */
class FreeTdsTest extends StandInTest {
    private static final Path TSQL = Path.of("/usr/bin/tsql");

    @Test
    void updatesARowThroughTsql() throws Exception {
        execute("CREATE TABLE STU (SN int PRIMARY KEY, LN nvarchar(30)) INSERT INTO STU VALUES (1, 'Ann'), (2, 'Bob')");
        String output = tsql(
                standIn.password(),
                "UPDATE STU SET LN = N'Łucja' WHERE SN = 1\nSELECT LN FROM STU\ngo\n"
                        + "SELECT * FROM nothing\ngo\nBEGIN TRAN DELETE STU ROLLBACK SELECT COUNT(*) FROM STU\ngo\nexit\n");
        assertEquals(List.of("Łucja", "Bob"), rows("SELECT LN FROM STU ORDER BY SN"));
        assertTrue(output.contains("Łucja"), output);
        assertTrue(output.contains("Msg 208"), output);
    }

    @Test
    void isRefusedWithAWrongPassword() throws Exception {
        assertTrue(tsql("wrong", "exit\n").contains("Msg 18456"));
    }

    private String tsql(String password, String input) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(TSQL), "FreeTDS's tsql is not installed (Debian: freetds-bin)");
        ProcessBuilder builder = new ProcessBuilder(
                TSQL.toString(),
                "-H",
                "127.0.0.1",
                "-p",
                Integer.toString(standIn.port()),
                "-U",
                standIn.user(),
                "-P",
                password,
                "-D",
                standIn.database(),
                "-J",
                "UTF-8");
        builder.environment().put("TDSVER", "7.4");
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
