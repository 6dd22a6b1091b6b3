package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriverTest extends StandInTest {
    @Test
    void answersItsVersion() throws Exception {
        assertEquals(
                List.of("1"), rows("SELECT CASE WHEN @@VERSION LIKE 'Microsoft SQL Server 2022%' THEN 1 ELSE 0 END"));
    }

    @Test
    void refusesAWrongPasswordWithError18456() {
        SQLException error =
                assertThrows(SQLException.class, () -> DriverManager.getConnection(standIn.jdbcUrl(), "sa", "not it"));
        assertEquals(18456, error.getErrorCode());
    }

    @Test
    void refusesAnUnknownDatabaseWithError4060() {
        SQLException error = assertThrows(
                SQLException.class,
                () -> DriverManager.getConnection(
                        standIn.jdbcUrl().replace(standIn.database(), "DST99"), "sa", standIn.password()));
        assertEquals(4060, error.getErrorCode());
    }

    @Test
    void writesAndReadsEveryTypeOfADistrict() throws Exception {
        execute("""
                CREATE TABLE dbo.T (
                  id int NOT NULL PRIMARY KEY, b bit, t tinyint, s smallint, l bigint, d decimal(10,2), f float, r real,
                  c char(5), v varchar(30), nc nchar(5), n nvarchar(30), m nvarchar(max), da date, dt datetime,
                  d2 datetime2(3), sd smalldatetime, ti time(3), o datetimeoffset(3), bi binary(4), vb varbinary(20),
                  u uniqueidentifier, mo money)""");
        try (Connection connection = connect();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO dbo.T VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")) {
            for (int id = 1; id <= 4; id++) {
                insert.setInt(1, id);
                insert.setBoolean(2, true);
                insert.setShort(3, (short) 200);
                insert.setShort(4, (short) -5);
                insert.setLong(5, 1L << 40);
                insert.setBigDecimal(6, new BigDecimal("-12345.67"));
                insert.setDouble(7, 1.5);
                insert.setFloat(8, 2.5f);
                insert.setString(9, "ab");
                insert.setString(10, "O'Brien");
                insert.setString(11, "ž");
                insert.setNString(12, "Łucja 学");
                insert.setString(13, "x".repeat(10_000));
                insert.setDate(14, java.sql.Date.valueOf("2012-02-29"));
                insert.setTimestamp(15, java.sql.Timestamp.valueOf("2026-11-24 01:02:03.997"));
                insert.setTimestamp(16, java.sql.Timestamp.valueOf("2026-11-24 01:02:03.123"));
                insert.setTimestamp(17, java.sql.Timestamp.valueOf("2026-11-24 01:02:00"));
                insert.setObject(18, java.time.LocalTime.of(13, 14, 15, 123_000_000));
                insert.setObject(19, java.time.OffsetDateTime.parse("2026-11-24T01:02:03.123-08:00"));
                insert.setBytes(20, new byte[] {1, 2, 3, 4});
                insert.setBytes(21, new byte[] {5});
                insert.setString(22, "0E984725-C51C-4BF4-9960-E1C80E27ABA0");
                insert.setBigDecimal(23, new BigDecimal("12.3400"));
                assertEquals(1, insert.executeUpdate());
            }
        }
        try (Connection connection = connect();
                ResultSet row = connection.createStatement().executeQuery("SELECT * FROM T WHERE id = 3")) {
            row.next();
            assertEquals(3, row.getObject("id"));
            assertEquals(true, row.getObject("b"));
            assertEquals(200, row.getInt("t"));
            assertEquals((short) -5, row.getShort("s"));
            assertEquals(1L << 40, row.getLong("l"));
            assertEquals(new BigDecimal("-12345.67"), row.getBigDecimal("d"));
            assertEquals(1.5, row.getDouble("f"));
            assertEquals(2.5f, row.getFloat("r"));
            assertEquals("ab   ", row.getString("c"));
            assertEquals("O'Brien", row.getString("v"));
            assertEquals("ž    ", row.getString("nc"));
            assertEquals("Łucja 学", row.getString("n"));
            assertEquals(10_000, row.getString("m").length());
            assertEquals("2012-02-29", row.getString("da"));
            assertEquals(java.sql.Timestamp.valueOf("2026-11-24 01:02:03.997"), row.getTimestamp("dt"));
            assertEquals(java.sql.Timestamp.valueOf("2026-11-24 01:02:03.123"), row.getTimestamp("d2"));
            assertEquals(java.sql.Timestamp.valueOf("2026-11-24 01:02:00"), row.getTimestamp("sd"));
            assertEquals("13:14:15.123", row.getString("ti"));
            assertEquals(
                    java.time.OffsetDateTime.parse("2026-11-24T01:02:03.123-08:00"),
                    row.getObject("o", java.time.OffsetDateTime.class));
            assertEquals("01020304", row.getString("bi"));
            assertEquals("05", row.getString("vb"));
            assertEquals("0E984725-C51C-4BF4-9960-E1C80E27ABA0", row.getString("u"));
            assertEquals(new BigDecimal("12.3400"), row.getBigDecimal("mo"));
        }
    }
}
