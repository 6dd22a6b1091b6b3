package dev.patronstream.standin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactSqlTest extends StandInTest {
    @BeforeEach
    void createTable() throws SQLException {
        execute(
                "CREATE TABLE dbo.STU (SC int NOT NULL, SN int NOT NULL, LN varchar(30) NOT NULL, TG char(1), BD datetime,"
                        + " DEL bit, GR smallint DEFAULT ((0)), CONSTRAINT PK_STU PRIMARY KEY CLUSTERED (SC ASC, SN ASC))");
        execute("INSERT dbo.STU (SC, SN, LN, TG, DEL) VALUES (10, 1, N'O''Brien', ' ', 0), (10, 2, 'Smith', '*', NULL),"
                + " (20, 3, 'García', NULL, 1)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "SELECT TOP 1 LN FROM STU ORDER BY SN DESC # García",
                "SELECT TOP (1) [LN] FROM [dbo].[STU] WITH (NOLOCK) ORDER BY [SN] # O'Brien",
                "SELECT DISTINCT TOP 1 SC FROM STU ORDER BY SC # 10",
                "SELECT COUNT(*) FROM DST26000EAGLE.dbo.STU s (NOLOCK) WHERE s.SC = 10 # 2",
                "SELECT COUNT(*) FROM DST26000EAGLE..STU # 3",
                "SELECT LN FROM STU WHERE LN = 'SMITH' # Smith",
                "SELECT LN FROM STU WHERE LN = 'smith   ' # Smith",
                "SELECT LN FROM STU WHERE LN LIKE 'o''b%' # O'Brien",
                "SELECT COUNT(*) FROM STU WHERE TG = '' # 1",
                "SELECT COUNT(*) FROM STU WHERE ISNULL(DEL, 0) = 0 # 2",
                "SELECT COUNT(*) FROM STU WHERE DEL = 1 # 1",
                "SELECT COUNT(*) FROM STU WHERE LN = 'Garcia' # 0",
                "SELECT LN + ', ' + CAST(SN AS varchar(10)) FROM STU WHERE SN = 1 # O'Brien, 1",
                "SELECT x = LEN('ab  '), y = LEN(N'abc') # 2|3",
                "SELECT CONVERT(varchar(10), CAST('2026-11-24 13:14:15' AS datetime), 120) # 2026-11-24",
                "SELECT CONVERT(varchar(8), CAST('2026-11-24' AS date), 112) # 20261124",
                "SELECT CONVERT(int, '12') + 1 # 13",
                "SELECT DATEPART(year, '2026-11-24'), YEAR('2026-11-24'), DATEDIFF(day, '2026-11-23', '2026-11-24') # 2026|2026|1",
                "SELECT DATEADD(day, 1, CAST('2026-11-24' AS date)) # 2026-11-25",
                "SELECT IIF(1 < 2, 'a', 'b'), COALESCE(NULL, 'c'), NULLIF(1, 1) # a|c|null",
                "SELECT SUBSTRING('abcdef', 2, 3), CHARINDEX('c', 'abc'), REPLACE('aXb', 'X', '-'), UPPER('é') # bcd|3|a-b|É",
                "SELECT RIGHT('0000' + CAST(42 AS varchar), 7) # 000042",
                "SELECT CASE WHEN GETDATE() > '2020-01-01' THEN 'now' ELSE 'then' END # now",
                "SELECT DB_NAME(), SCHEMA_NAME(), @@TRANCOUNT # DST26000EAGLE|dbo|0",
                "SELECT OBJECT_NAME(OBJECT_ID('dbo.STU')), OBJECT_ID('nothing') # STU|null",
                "SELECT CAST(SERVERPROPERTY('EngineEdition') AS INT) # 3",
                "SELECT name FROM sys.tables # STU",
                "SELECT c.name, t.name, c.max_length FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.user_type_id"
                        + " WHERE c.object_id = OBJECT_ID('STU') AND c.name = 'LN' # LN|varchar|30",
                "SELECT DATA_TYPE, CHARACTER_MAXIMUM_LENGTH FROM INFORMATION_SCHEMA.COLUMNS WHERE COLUMN_NAME = 'TG' # char|1",
                "WITH c AS (SELECT SC, COUNT(*) n FROM STU GROUP BY SC) SELECT n FROM c WHERE SC = 10 # 2",
                "SELECT n FROM (SELECT ROW_NUMBER() OVER (PARTITION BY SC ORDER BY SN) AS n, SN FROM STU) x WHERE SN = 2 # 2",
                "SELECT SN FROM STU ORDER BY SN OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY # 2",
                "SELECT 'a' UNION ALL SELECT 'b' ORDER BY 1 DESC # b, a",
                "SELECT 0x1F, 0x # 1F|",
                "SELECT (SELECT MAX(SN) FROM STU WHERE SC = s.SC) FROM STU s WHERE SN = 1 # 2",
                "SELECT LN COLLATE SQL_Latin1_General_CP1_CI_AS FROM STU WHERE SN = 2 OPTION (RECOMPILE) # Smith",
                "SELECT {fn UCASE('a')}, CAST({ts '2026-11-24 01:02:03'} AS date) # A|2026-11-24",
                "SELECT GR FROM STU WHERE SN = 1 # 0",
                "SELECT 'VIEW' 'TABLE_TYPE' # VIEW",
                "SELECT value = 1, [year] = 2 # 1|2",
                "SELECT -1 * 5 % 3, 7 / 2, 1.0 / 4 # -2|3|0.25",
            })
    void understands(String query, String expected) throws Exception {
        assertEquals(expected, String.join(", ", rows(query)).replaceAll("(0\\.25)0+", "$1"));
    }

    @Test
    void executesABatchOfManyStatementsWithAndWithoutSemicolons() throws Exception {
        assertEquals(List.of("2|many"), rows("""
                        -- a comment; with a semicolon
                        SET NOCOUNT ON
                        DECLARE @n int = 0, @text nvarchar(20)
                        /* a /* nested */ comment */
                        IF EXISTS (SELECT 1 FROM STU WHERE SC = 10) SET @n = @n + 1 ELSE SET @n = 100;
                        WHILE @n < 2 BEGIN SET @n += 1 IF @n > 50 BREAK END
                        SELECT @text = CASE WHEN @n = 2 THEN 'many' ELSE 'few' END
                        SELECT @n, @text"""));
    }

    @Test
    void keepsTemporaryTablesAndTableVariables() throws Exception {
        assertEquals(List.of("10|2", "20|1"), rows("""
                        SET NOCOUNT ON
                        CREATE TABLE #t (SC int PRIMARY KEY, n int)
                        DECLARE @v TABLE (SC int, n int)
                        INSERT INTO @v SELECT SC, COUNT(*) FROM STU GROUP BY SC
                        INSERT #t SELECT * FROM @v
                        DELETE @v
                        SELECT * FROM #t ORDER BY SC
                        DROP TABLE #t"""));
    }

    @Test
    void catchesErrorsAndRaisesThem() throws Exception {
        assertEquals(
                List.of("2627|14"),
                rows("BEGIN TRY INSERT STU (SC, SN, LN) VALUES (10, 1, 'x') END TRY"
                        + " BEGIN CATCH SELECT ERROR_NUMBER(), ERROR_SEVERITY() END CATCH"));
        assertEquals(
                50001,
                assertThrows(SQLException.class, () -> execute("THROW 50001, 'mine', 1"))
                        .getErrorCode());
        assertEquals(
                "Row 7 is bad",
                assertThrows(SQLException.class, () -> execute("RAISERROR('Row %d is bad', 16, 1, 7)"))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "SELECT * FROM nothing # 208",
                "SELECT * FROM nowhere.nothing # 208",
                "SELECT nothing FROM STU # 207",
                "SELECT FROM WHERE # 102",
                "FROBNICATE THE STU # 102",
                "FROBNICATE # 2812",
                "SELECT 'open # 105",
                "EXEC sp_nothing # 2812",
                "INSERT INTO STU (SC, SN, LN) VALUES (10, 1, 'x') # 2627",
                "INSERT INTO STU (SC, SN) VALUES (10, 9) # 515",
                "UPDATE STU SET LN = NULL # 515",
                "UPDATE STU SET LN = 'this text is much longer than thirty characters' # 2628",
                "UPDATE STU SET GR = 'abc' # 245",
                "UPDATE STU SET GR = 100000 # 8115",
                "SELECT 1 / 0 # 8134",
                "INSERT INTO STU VALUES (1) # 213",
                "SELECT nofunction(1) # 195",
                "SELECT @undeclared # 137",
                "USE nowhere # 911",
                "COMMIT # 3902",
                "ROLLBACK # 3903",
                "CREATE TABLE STU (a int) # 2714",
                "DROP TABLE nothing # 3701",
                "CREATE TABLE x (a frob) # 2715",
                "ALTER DATABASE nowhere SET ALLOW_SNAPSHOT_ISOLATION ON # 5011",
                "SELECT * FROM OTHERDB.dbo.STU # 208",
                "SET FROB ON # 195",
                "CREATE TRIGGER t ON STU AFTER INSERT AS SELECT 1 # 50000",
                "BACKUP DATABASE x TO DISK = 'y' # 102",
                "SELECT * FROM STU WHERE # 102",
                "SHUTDOWN # 2812",
            })
    void answersTheServersErrorNumberAndLivesOn(String batch, int number) throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            SQLException error = assertThrows(SQLException.class, () -> {
                boolean rows = statement.execute(batch);
                while (rows || statement.getUpdateCount() >= 0) {
                    rows = statement.getMoreResults();
                }
            });
            assertEquals(number, error.getErrorCode(), error.getMessage());
            try (ResultSet row = statement.executeQuery("SELECT 1")) {
                assertTrue(row.next());
            }
        }
    }

    @Test
    void goesOnAfterAnErrorThatEndsOnlyItsStatement() throws Exception {
        assertThrows(
                SQLException.class,
                () -> execute(
                        "INSERT STU (SC, SN, LN) VALUES (10, 1, 'x') INSERT STU (SC, SN, LN) VALUES (10, 99, 'y')"));
        assertEquals(List.of("y"), rows("SELECT LN FROM STU WHERE SN = 99"));
    }

    @Test
    void takesPreparedStatementsThroughAllTheirStages() throws Exception {
        try (Connection connection = connect();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT LN FROM STU WHERE SC = ? AND SN = ? AND (? IS NULL OR LN = ?)")) {
            for (int i = 0; i < 5; i++) {
                select.setInt(1, 10);
                select.setInt(2, 1 + i % 2);
                select.setString(3, null);
                select.setString(4, null);
                try (ResultSet row = select.executeQuery()) {
                    assertTrue(row.next());
                    assertEquals(i % 2 == 0 ? "O'Brien" : "Smith", row.getString(1));
                }
            }
        }
    }

    @Test
    void takesBatchesOfPreparedInserts() throws Exception {
        try (Connection connection = connect();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO STU (SC, SN, LN, BD) VALUES (?, ?, ?, ?)")) {
            connection.setAutoCommit(false);
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 200; i++) {
                    insert.setInt(1, 30 + round);
                    insert.setInt(2, i);
                    insert.setString(3, "n" + i);
                    insert.setTimestamp(4, java.sql.Timestamp.valueOf("2012-01-02 00:00:00"));
                    insert.addBatch();
                }
                for (int count : insert.executeBatch()) {
                    assertEquals(1, count);
                }
            }
            connection.commit();
        }
        assertEquals(List.of("600"), rows("SELECT COUNT(*) FROM STU WHERE SC >= 30"));
    }

    @Test
    void describesItsTablesToTheDriver() throws Exception {
        try (Connection connection = connect();
                ResultSet columns = connection.getMetaData().getColumns(null, "dbo", "STU", "%")) {
            columns.next();
            assertEquals("SC", columns.getString("COLUMN_NAME"));
            assertEquals("int", columns.getString("TYPE_NAME"));
            columns.next();
            columns.next();
            assertEquals("varchar", columns.getString("TYPE_NAME"));
            assertEquals(30, columns.getInt("COLUMN_SIZE"));
            assertEquals("NO", columns.getString("IS_NULLABLE"));
        }
        try (Connection connection = connect();
                ResultSet keys = connection.getMetaData().getPrimaryKeys(null, "dbo", "STU")) {
            keys.next();
            assertEquals("SC", keys.getString("COLUMN_NAME"));
            assertEquals("PK_STU", keys.getString("PK_NAME"));
        }
        try (Connection connection = connect();
                ResultSet indexes = connection.getMetaData().getIndexInfo(null, "dbo", "STU", true, false)) {
            assertTrue(indexes.next());
        }
    }

    @Test
    void growsAndChangesATable() throws Exception {
        execute("ALTER TABLE STU ADD EM varchar(50) NULL, NID varchar(20) NOT NULL DEFAULT 'none'");
        execute("ALTER TABLE STU ALTER COLUMN LN varchar(60) NOT NULL");
        execute("UPDATE STU SET LN = REPLICATE('x', 60), EM = 'a@b' WHERE SN = 1");
        assertEquals(List.of("60|a@b|none"), rows("SELECT LEN(LN), EM, NID FROM STU WHERE SN = 1"));
        execute("ALTER TABLE STU DROP COLUMN EM");
        assertEquals(
                207,
                assertThrows(SQLException.class, () -> rows("SELECT EM FROM STU"))
                        .getErrorCode());
        execute("CREATE UNIQUE INDEX IX ON STU (NID, SN)");
        execute("DROP INDEX IX ON STU");
    }
}
