package dev.patronstream.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.patronstream.connector.KafkaExtension.TestKafka;
import dev.patronstream.connector.asof.DatabaseAsOf;
import dev.patronstream.connector.asof.TablesAsOf;
import dev.patronstream.connector.check.CaptureSettings;
import dev.patronstream.connector.check.CapturedColumns;
import dev.patronstream.connector.check.DatabaseExamination;
import dev.patronstream.connector.row.SourceTable;
import dev.patronstream.connector.status.ConnectorStatus;
import dev.patronstream.schemas.Enrollment;
import dev.patronstream.schemas.Lsn;
import dev.patronstream.schemas.Progress;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.generic.IndexedRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every SQL Server type that a captured column may have, NULL and at the ends of its range, each column with a DEFAULT:
 * what the snapshot, the stream and the audit make of it is the same, and it is what the database holds.
 *
 * <p>A value stands as T-SQL writes it and as the contract holds it.
 */
@ExtendWith(KafkaExtension.class)
class ColumnTypesTest {

    private record Type(String declared, String byDefault, List<Value> values) {}

    private record Value(String literal, String expected) {}

    /** Literals and what is expected of them, in turn. */
    private static Type type(String declared, String byDefault, String... values) {
        List<Value> list = new ArrayList<>();
        for (int i = 0; i < values.length; i += 2) {
            list.add(new Value(values[i], values[i + 1]));
        }
        return new Type(declared, byDefault, list);
    }

    private static Type same(String declared, String byDefault, String... literals) {
        List<Value> list = new ArrayList<>();
        for (String literal : literals) {
            list.add(new Value(literal, literal.replace("'", "")));
        }
        return new Type(declared, byDefault, list);
    }

    /** Names of columns, as districts have them; a column gets the next of these or T and its number. */
    private static final List<String> NAMES =
            List.of("Home Lang", "Lunch, PIN", "a[b]c", "O'Neil", "Say \"hi\"", "Größe", "50%_off", "a.b", "x\\y(z)*");

    private static final List<Type> TYPES = List.of(
            type("varchar(20)", "'dflt'", "'Spanish'", "Spanish", "' led'", " led"),
            type("char(10)", "'dflt'", "'ab'", "ab", "'0123456789'", "0123456789"),
            type("nchar(6)", "N'dflt'", "N'Ñandú'", "Ñandú", "N'ab  '", "ab"),
            type("nvarchar(40)", "N'dflt'", "N'Łucja 王 😀'", "Łucja 王 😀", "N'tail  '", "tail", "N'it''s'", "it's"),
            same("tinyint", "7", "0", "255"),
            same("smallint", "7", "-32768", "32767"),
            same("int", "7", "-2147483648", "2147483647", "0"),
            same("bigint", "7", "-9223372036854775808", "9223372036854775807"),
            same("bit", "1", "0", "1"),
            same("decimal(5,2)", "7", "1.50", "-999.99", "0.00"),
            same(
                    "decimal(38,10)",
                    "7",
                    "-9999999999999999999999999999.9999999999",
                    "9999999999999999999999999999.9999999999"),
            same("numeric(18,0)", "7", "-999999999999999999", "99400001"),
            same("money", "7", "-922337203685477.5808", "922337203685477.5807", "12.5000"),
            same("smallmoney", "7", "-214748.3648", "214748.3647"),
            type("real", "7", "7", "7", "-3.4E38", "-340000000000000000000000000000000000000", "0.5", "0.5"),
            type(
                    "float",
                    "7",
                    "7",
                    "7",
                    "1234567",
                    "1234567",
                    "99400001",
                    "99400001",
                    "0.1",
                    "0.1",
                    "0.002",
                    "0.002",
                    "1.5E15",
                    "1500000000000000"),
            same("date", "'2000-01-01'", "'0001-01-01'", "'1500-02-28'", "'9999-12-31'"),
            type(
                    "datetime",
                    "'2000-01-01'",
                    "'1753-01-01 00:00:00'",
                    "1753-01-01T00:00",
                    "'9999-12-31 23:59:59.997'",
                    "9999-12-31T23:59:59.997",
                    // The hour that is left out where the office is, and the hour it has twice.
                    "'2026-03-08 02:30:00'",
                    "2026-03-08T02:30",
                    "'2026-11-01 01:30:00'",
                    "2026-11-01T01:30",
                    "'1883-11-18 12:05:00'",
                    "1883-11-18T12:05"),
            type(
                    "smalldatetime",
                    "'2000-01-01'",
                    "'1900-01-01 00:00:00'",
                    "1900-01-01T00:00",
                    "'2079-06-06 23:59:00'",
                    "2079-06-06T23:59",
                    "'2026-03-08 02:30:00'",
                    "2026-03-08T02:30"),
            type(
                    "datetime2(0)",
                    "'2000-01-01'",
                    "'0001-01-01 00:00:00'",
                    "0001-01-01T00:00",
                    "'9999-12-31 23:59:59'",
                    "9999-12-31T23:59:59"),
            type("datetime2(3)", "'2000-01-01'", "'2026-03-08 02:30:00.120'", "2026-03-08T02:30:00.120"),
            type("datetime2(6)", "'2000-01-01'", "'1500-02-28 01:02:03.123456'", "1500-02-28T01:02:03.123456"),
            type(
                    "datetime2(7)",
                    "'2000-01-01'",
                    "'0001-01-01 00:00:00'",
                    "0001-01-01T00:00",
                    "'9999-12-31 23:59:59.9999999'",
                    "9999-12-31T23:59:59.999999900",
                    "'2026-03-08 02:59:59.0000001'",
                    "2026-03-08T02:59:59.000000100"),
            type(
                    "datetimeoffset(7)",
                    "'2000-01-01 00:00:00+00:00'",
                    "'0001-01-02 00:00:00+14:00'",
                    "0001-01-02T00:00+14:00",
                    "'9999-12-30 23:59:59.9999999-14:00'",
                    "9999-12-30T23:59:59.999999900-14:00",
                    "'2026-03-08 02:30:00-08:00'",
                    "2026-03-08T02:30-08:00"),
            type("time(0)", "'01:00'", "'00:00:00'", "00:00", "'23:59:59'", "23:59:59", "'02:30:00'", "02:30"),
            type("time(7)", "'01:00'", "'00:00:00'", "00:00", "'23:59:59.9999999'", "23:59:59.999999900"),
            type(
                    "uniqueidentifier",
                    "'11111111-1111-1111-1111-111111111111'",
                    "'00000000-0000-0000-0000-000000000000'",
                    "00000000-0000-0000-0000-000000000000",
                    "'6f9619ff-8b86-d011-b42d-00c04fc964ff'",
                    "6F9619FF-8B86-D011-B42D-00C04FC964FF"));

    /** GR, CU and ED of the rows 0, 1 and 2; those after them are like row 0. */
    private static final List<String> ENDS =
            List.of("NULL, NULL, NULL", "-32768, -2147483648, '0001-01-01'", "32767, 2147483647, '9999-12-31'");

    private static final int ROWS =
            1 + TYPES.stream().mapToInt(type -> type.values().size()).max().orElseThrow();

    @TempDir
    Path directory;

    private static String name(int type) {
        return type < NAMES.size() ? NAMES.get(type) : "T" + type;
    }

    private static String quoted(String name) {
        return "[" + name.replace("]", "]]") + "]";
    }

    private static String columns() {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++) {
            columns.add(quoted(name(i)));
        }
        return String.join(", ", columns);
    }

    /** The literals of a row: the row'th value of each type; NULL in row 0 and where a type has no more values. */
    private static List<String> literals(int row) {
        return TYPES.stream()
                .map(type -> row == 0 || row > type.values().size()
                        ? "NULL"
                        : type.values().get(row - 1).literal())
                .toList();
    }

    private static Map<String, String> expected(int row) {
        Map<String, String> expected = new TreeMap<>();
        for (int i = 0; i < TYPES.size(); i++) {
            List<Value> values = TYPES.get(i).values();
            if (row > 0 && row <= values.size()) {
                expected.put(
                        name(i).toUpperCase(Locale.ROOT), values.get(row - 1).expected());
            }
        }
        return expected;
    }

    private static String insert(int number, int row) {
        return "INSERT INTO dbo.STU (SC, SN, ID, LN, FN, GR, CU, ED, TG, SEM, DEL, " + columns() + ") VALUES (10, "
                + number + ", " + (1000 + number) + ", 'Lee', NULL, " + ENDS.get(Math.min(row, 3) % 3)
                + ", NULL, NULL, NULL, "
                + String.join(", ", literals(row)) + ")";
    }

    private static ConnectorSettings withExtra(ConnectorSettings usual, Set<String> extra) {
        return new ConnectorSettings(
                usual.topics(),
                usual.topicSettings(),
                usual.kafka(),
                usual.serdes(),
                new CaptureSettings(
                        usual.capture().database(),
                        new CapturedColumns(Set.of(), Map.of(SourceTable.STU, extra)),
                        usual.capture().timeZone(),
                        usual.capture().limits(),
                        usual.capture().engine()),
                Optional.empty());
    }

    private TestDistrict withEveryType(TestKafka kafka, String name) throws SQLException {
        TestDistrict district = new TestDistrict(
                directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(100)));
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++) {
            columns.add(quoted(name(i)) + " " + TYPES.get(i).declared() + " NULL DEFAULT "
                    + TYPES.get(i).byDefault());
        }
        district.sql("CREATE TABLE dbo.STU (SC int NOT NULL, SN int NOT NULL, ID int NOT NULL, LN varchar(50)"
                + " DEFAULT 'Nobody', FN varchar(40) DEFAULT 'Noname', GR smallint NULL DEFAULT 0,"
                + " TG char(1) NULL DEFAULT '*', SEM varchar(60) DEFAULT 'nobody@eagle.example', CU int DEFAULT 7,"
                + " ED date DEFAULT '2000-01-01', DEL bit NULL DEFAULT 1, " + String.join(", ", columns)
                + ", CONSTRAINT PK_STU PRIMARY KEY (SC, SN))");
        others(district);
        district.enableCapture();
        return district;
    }

    @Test
    void whatTheDatabaseHoldsIsWhatIsPublishedForEveryTypeAndEveryWayOfReading(TestKafka kafka) throws Exception {
        TimeZone zone = TimeZone.getDefault();
        try (TestDistrict district = withEveryType(kafka, "every-type")) {
            Map<String, Map<String, String>> expected = new TreeMap<>();
            for (int row = 0; row < ROWS; row++) {
                district.sql(insert(row, row));
                expected.put("10/" + row, expected(row));
            }
            Set<String> extra = IntStream.range(0, TYPES.size())
                    .mapToObj(type -> name(type).toUpperCase(Locale.ROOT))
                    .collect(Collectors.toSet());
            ConnectorSettings settings = withExtra(district.settings(), extra);
            // A machine where the office is; the stand-in, which is in this process too, has read its rows before.
            TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
            try (Connector connector = TestDistrict.start(new Connector(settings))) {
                TestDistrict.awaitStreaming(connector);
                requireAsExpected("snapshot", expected, district.enrollments());
                for (int row = 0; row < ROWS; row++) {
                    district.sql(insert(100 + row, row));
                    expected.put("10/" + (100 + row), expected(row));
                }
                // An update of every row to the values of the next one, so that each value becomes NULL and NULL a
                // value.
                for (int row = 0; row < ROWS; row++) {
                    update(district, row, (row + 1) % ROWS);
                    expected.put("10/" + row, expected((row + 1) % ROWS));
                }
                district.sql(insert(999, 0));
                expected.put("10/999", expected(0));
                TestDistrict.await(() -> district.enrollments().containsKey("10/999"));
                requireAsExpected("stream", expected, district.enrollments());
                TablesAsOf audited = audit(district, settings);
                requireSame(district.enrollments(), audited.rows().get(SourceTable.STU));
                assertEquals(0, connector.status().counters().problems());
            }
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    private static final List<String> UNREADABLE = List.of(
            "varchar(max)",
            "nvarchar(max)",
            "text",
            "ntext",
            "xml",
            "binary(8)",
            "varbinary(8)",
            "varbinary(max)",
            "image",
            "timestamp",
            "sql_variant",
            "hierarchyid",
            "geometry",
            "geography");

    @Test
    void aColumnThatChangesCannotBeReadOfIsRefusedByNameInCheckAndAtStart(TestKafka kafka) throws Exception {
        try (TestDistrict district = small(kafka, "unreadable")) {
            List<String> expected = new ArrayList<>();
            Set<String> extra = new TreeSet<>();
            for (int i = 0; i < UNREADABLE.size(); i++) {
                district.sql("ALTER TABLE dbo.STU ADD X" + i + " " + UNREADABLE.get(i));
                extra.add("X" + i);
                expected.add(
                        "column dbo.STU.X" + i + " has type " + UNREADABLE.get(i) + ", whose changes cannot be read");
            }
            district.sql("ALTER TABLE dbo.STU ADD FULLNAME AS (FN + LN), SEM AS (LN + '@eagle.example')");
            extra.add("FULLNAME");
            expected.add("column dbo.STU.FULLNAME is computed");
            district.enableCapture();
            ConnectorSettings settings = withExtra(district.settings(), extra);
            String all = DatabaseExamination.examine(
                            settings.capture().database(), settings.capture().columns())
                    .findings()
                    .toString();
            expected.forEach(part -> assertTrue(all.contains(part), () -> part + " is not in " + all));
            assertTrue(all.contains("STU.SEM is computed") && all.contains("the field stays empty"), all);
            try (Connector connector = TestDistrict.start(new Connector(settings))) {
                TestDistrict.await(() -> connector.failure().isPresent());
                String message = connector.failure().get().getMessage();
                expected.forEach(part -> assertTrue(message.contains(part), () -> part + " is not in " + message));
                assertTrue(message.contains("; leave it out of sqlserver.extra-columns"), message);
            }
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
            }
            district.sql("EXEC sys.sp_cdc_disable_db");
            district.sql("ALTER TABLE dbo.STF DROP COLUMN FN");
            district.sql("ALTER TABLE dbo.STF ADD FN AS (LN)");
            district.enableCapture();
            String needed = DatabaseExamination.examine(
                            settings.capture().database(),
                            district.settings().capture().columns())
                    .findings()
                    .toString();
            assertTrue(
                    needed.contains("STF.FN is computed") && needed.contains("capture cannot do without it"), needed);
        }
    }

    @Test
    void aTableWhoseKeysCouldRepeatIsRefusedAndAChangedKeyLeavesNoGhost(TestKafka kafka) throws Exception {
        try (TestDistrict district = small(kafka, "no-key")) {
            district.sql("DROP TABLE dbo.STU");
            district.sql("CREATE TABLE dbo.STU (RID int NOT NULL PRIMARY KEY, SC int NOT NULL, SN int NOT NULL,"
                    + " ID int NOT NULL, LN varchar(50), FN varchar(40), GR smallint, TG char(1), DEL bit)");
            district.enableCapture();
            String all = DatabaseExamination.examine(
                            district.settings().capture().database(),
                            district.settings().capture().columns())
                    .findings()
                    .toString();
            String expected = "table dbo.STU has no primary key and no unique index on SC, SN";
            assertTrue(all.contains(expected), all);
            try (Connector connector = district.connector()) {
                TestDistrict.await(() -> connector.failure().isPresent());
                String message = connector.failure().get().getMessage();
                assertTrue(message.contains(expected), message);
                district.sql(message.substring(message.indexOf("CREATE UNIQUE INDEX"))
                        .split("\n", -1)[0]);
            }
            for (int number = 1; number <= 4; number++) {
                district.sql("INSERT INTO dbo.STU (RID, SC, SN, ID, LN) VALUES (" + number + ", 10, " + number + ", "
                        + (100 + number) + ", 'Name" + number + "')");
            }
            try (Connector connector = district.connector()) {
                TestDistrict.awaitStreaming(connector);
                district.sql("UPDATE dbo.STU SET SN = 11 WHERE SN = 1");
                district.awaitNames(Map.of("10/11", "Name1", "10/2", "Name2", "10/3", "Name3", "10/4", "Name4"));
                district.transaction(
                        "UPDATE dbo.STU SET SN = 12 WHERE SN = 11",
                        "UPDATE dbo.STU SET SN = 13 WHERE SN = 12",
                        "UPDATE dbo.STU SET SC = 20 WHERE SN = 4");
                district.awaitNames(Map.of("10/13", "Name1", "10/2", "Name2", "10/3", "Name3", "20/4", "Name4"));
                district.transaction(
                        "UPDATE dbo.STU SET SN = 99 WHERE SN = 2",
                        "UPDATE dbo.STU SET SN = 2 WHERE SN = 3",
                        "UPDATE dbo.STU SET SN = 3 WHERE SN = 99");
                district.awaitNames(Map.of("10/13", "Name1", "10/3", "Name2", "10/2", "Name3", "20/4", "Name4"));
            }
        }
    }

    @Test
    void aValueThatCannotBeCarriedIsSaidWithRowAndColumnAndItsValueIsInNoLog(TestKafka kafka) throws Exception {
        String marker = "Zyxwvutsrq";
        try (TestDistrict district = small(kafka, "not-carried");
                LogSearch logs = new LogSearch(marker)) {
            district.sql("DROP TABLE dbo.STU");
            district.sql("CREATE TABLE dbo.STU (SC int NOT NULL, SN int NOT NULL, ID bigint NULL, LN varchar(50),"
                    + " FN varchar(40), GR varchar(20) DEFAULT '9', TG char(1), ED varchar(20), DEL varchar(20) NULL,"
                    + " U1 nvarchar(40), PRIMARY KEY (SC, SN))");
            district.enableCapture();
            String row = "INSERT INTO dbo.STU (SC, SN, ID, LN, GR, ED, DEL, U1) VALUES (10, ";
            district.sql(row + "1, 1001, 'Lee', '" + marker + "', '" + marker + "', NULL, N'" + marker + "')");
            district.sql(row + "2, 9999999999, 'Lee', NULL, NULL, NULL, NULL)");
            district.sql(row + "3, 1003, 'Lee', NULL, NULL, '" + marker + "', NULL)");
            ConnectorSettings settings = withExtra(district.settings(), Set.of("U1"));
            try (Connector connector = TestDistrict.start(new Connector(settings))) {
                TestDistrict.awaitStreaming(connector);
                assertEquals(Set.of("10/1"), district.enrollments().keySet());
                Enrollment one = district.enrollments().get("10/1");
                assertEquals(Optional.empty(), one.getGrade());
                assertEquals(Optional.empty(), one.getEnterDate());
                requireSaid(
                        connector, "STU.GR cannot be carried, so the field is left empty: not a whole number", "10/1");
                requireSaid(connector, "STU.ED cannot be carried, so the field is left empty: not a date", "10/1");
                requireSaid(connector, "STU.ID cannot be carried, so its row is left out: not a whole number", "10/2");
                requireSaid(connector, "STU.DEL cannot be carried, so its row is left out: neither 0 nor 1", "10/3");
                assertEquals(4, connector.status().counters().problems());
                district.sql("UPDATE dbo.STU SET GR = '" + marker + "2', LN = 'Li' WHERE SN = 1");
                district.sql("UPDATE dbo.STU SET GR = '" + marker + "', DEL = NULL WHERE SN = 3");
                district.awaitNames(Map.of("10/1", "Li", "10/3", "Lee"));
                requireSaid(connector, "STU.GR cannot be carried", "row 10/3, and 1 more row");
                TablesAsOf audited = audit(district, settings);
                requireSame(district.enrollments(), audited.rows().get(SourceTable.STU));
                assertTrue(
                        audited.warnings().toString().contains("STU.ID cannot be carried")
                                && !audited.warnings().toString().contains(marker),
                        () -> audited.warnings().toString());
                assertFalse(connector.status().toString().contains(marker));
            }
            try (Connector connector = TestDistrict.start(new Connector(settings))) {
                TestDistrict.awaitStreaming(connector);
                requireSaid(connector, "STU.GR cannot be carried", "row 10/3, and 1 more row");
                requireSaid(connector, "STU.ID cannot be carried, so its row is left out: not a whole number", "10/2");
                district.sql("UPDATE dbo.STU SET ID = 1002 WHERE SN = 2");
                TestDistrict.await(() -> connector.status().notices().stream()
                        .noneMatch(notice -> notice.text().contains("STU.ID cannot be carried")));
            }
            assertEquals(List.of(), logs.found());
        }
    }

    private static void requireSaid(Connector connector, String... parts) {
        assertTrue(
                connector.status().notices().stream()
                        .map(ConnectorStatus.Notice::text)
                        .anyMatch(text -> Arrays.stream(parts).allMatch(text::contains)),
                () -> String.join(" ... ", parts) + " is not in "
                        + connector.status().notices());
    }

    private TestDistrict small(TestKafka kafka, String name) throws SQLException {
        TestDistrict district = new TestDistrict(
                directory, kafka, name, settings -> settings.withCaptureInterval(Duration.ofMillis(100)));
        district.sql("CREATE TABLE dbo.STU (SC int NOT NULL, SN int NOT NULL, ID int NOT NULL, LN varchar(50),"
                + " FN varchar(40), GR smallint, TG char(1), DEL bit, PRIMARY KEY (SC, SN))");
        others(district);
        return district;
    }

    private static void others(TestDistrict district) throws SQLException {
        district.sql("CREATE TABLE dbo.LOC (CD int NOT NULL PRIMARY KEY, NM varchar(40), TG char(1), DEL bit)");
        district.sql("CREATE TABLE dbo.STF (ID int NOT NULL PRIMARY KEY, LN varchar(50), FN varchar(40), PSC int,"
                + " TG char(1), DEL bit)");
        district.sql("ALTER DATABASE [DST26000EAGLE] SET ALLOW_SNAPSHOT_ISOLATION ON");
    }

    private static TablesAsOf audit(TestDistrict district, ConnectorSettings settings) throws Exception {
        List<Progress> epochs = district.epochs();
        return new DatabaseAsOf(
                        settings.capture().database(),
                        settings.capture().columns(),
                        settings.capture().timeZone())
                .read(
                        district.position().orElseThrow(),
                        new Lsn(epochs.get(epochs.size() - 1).getWatermark()),
                        Duration.ofSeconds(60));
    }

    private static void update(TestDistrict district, int number, int row) throws SQLException {
        List<String> literals = literals(row);
        List<String> set = new ArrayList<>();
        for (int i = 0; i < TYPES.size(); i++) {
            set.add(quoted(name(i)) + " = " + literals.get(i));
        }
        String[] ends = ENDS.get(Math.min(row, 3) % 3).split(", ");
        set.addAll(List.of("GR = " + ends[0], "CU = " + ends[1], "ED = " + ends[2]));
        district.sql("UPDATE dbo.STU SET " + String.join(", ", set) + " WHERE SN = " + number);
    }

    private static Map<String, String> texts(Map<? extends CharSequence, ? extends CharSequence> extra) {
        Map<String, String> texts = new TreeMap<>();
        extra.forEach((name, text) -> texts.put(name.toString(), text.toString()));
        return texts;
    }

    private static void requireAsExpected(
            String way, Map<String, Map<String, String>> expected, Map<String, Enrollment> found) {
        Map<String, Map<String, String>> extra = new TreeMap<>();
        found.forEach((key, row) -> extra.put(key, texts(row.getExtra())));
        expected.forEach((key, row) -> assertEquals(row, extra.get(key), way + " of " + key));
        assertEquals(expected.keySet(), extra.keySet());
        found.forEach((key, row) -> {
            assertEquals(Optional.of("Lee"), row.getLastName(), way + " of " + key);
            assertEquals(Optional.empty(), row.getFirstName(), way + " of " + key);
            assertEquals(Optional.empty(), row.getStatusTag(), way + " of " + key);
            assertEquals(Optional.empty(), row.getEmail(), way + " of " + key);
            // Which of the ends a row has is seen by its first extra column.
            String first = expected.get(key).getOrDefault("HOME LANG", "");
            boolean low = first.equals("Spanish");
            boolean high = first.equals(" led");
            assertEquals(
                    low || high ? Optional.of(low ? -32768 : 32767) : Optional.empty(),
                    row.getGrade(),
                    way + " of " + key);
            assertEquals(
                    low || high ? Optional.of(low ? Integer.MIN_VALUE : Integer.MAX_VALUE) : Optional.empty(),
                    row.getCounselorNumber(),
                    way + " of " + key);
            assertEquals(
                    low || high
                            ? Optional.of(LocalDate.of(low ? 1 : 9999, low ? 1 : 12, low ? 1 : 31))
                            : Optional.empty(),
                    row.getEnterDate(),
                    way + " of " + key);
        });
    }

    private static void requireSame(Map<String, Enrollment> published, Map<String, IndexedRecord> audited) {
        assertEquals(published.keySet(), new TreeSet<>(audited.keySet()));
        published.forEach((key, row) -> row.getSchema().getFields().stream()
                .filter(field -> !field.name().equals("source"))
                .forEach(field -> assertEquals(
                        text(row.get(field.pos())),
                        text(audited.get(key).get(field.pos())),
                        "audit of " + key + ", " + field.name())));
    }

    private static String text(Object value) {
        return String.valueOf(value instanceof Map<?, ?> map ? new TreeMap<>(map) : value);
    }
}
