package dev.patronstream.standin.procedures;

import dev.patronstream.standin.engine.ColumnInfo;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.engine.ResultColumn;
import dev.patronstream.standin.engine.TableInfo;
import dev.patronstream.standin.engine.TableInfo.IndexInfo;
import dev.patronstream.standin.session.ProcedureCall;
import dev.patronstream.standin.sql.SqlType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The catalog procedures that drivers use for their metadata: result columns as Microsoft documents them. */
final class CatalogProcedures {
    private final Database database;

    CatalogProcedures(Database database) {
        this.database = database;
    }

    private static ResultColumn name(String name) {
        return ResultColumn.of(name, SqlType.SYSNAME);
    }

    private static ResultColumn small(String name) {
        return ResultColumn.of(name, SqlType.SMALLINT);
    }

    private static ResultColumn integer(String name) {
        return ResultColumn.of(name, SqlType.INT);
    }

    private static ResultColumn text(String name, int length) {
        return ResultColumn.of(name, SqlType.varchar(length));
    }

    int tables(ProcedureCall call) {
        LikePattern names = new LikePattern(call.text("@table_name", 0));
        LikePattern owners = new LikePattern(call.text("@table_owner", 1));
        String types = call.text("@table_type", 3).orElse("'TABLE','VIEW'").toUpperCase(Locale.ROOT);
        boolean tables = types.contains("'TABLE'");
        boolean here = call.text("@table_qualifier", 2)
                .map(q -> q.equals("%") || q.equalsIgnoreCase(database.name()))
                .orElse(true);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (TableInfo table : database.catalog().tables()) {
            if (here
                    && tables
                    && names.matches(table.name())
                    && owners.matches(table.schema())
                    && call.session().access().sees(table)) {
                rows.add(new Object[] {database.name(), table.schema(), table.name(), "TABLE", null});
            }
        }
        call.answer(
                List.of(
                        name("TABLE_QUALIFIER"),
                        name("TABLE_OWNER"),
                        name("TABLE_NAME"),
                        text("TABLE_TYPE", 32),
                        text("REMARKS", 254)),
                rows);
        return 0;
    }

    int columns(ProcedureCall call) {
        LikePattern tables = new LikePattern(call.text("@table_name", 0));
        LikePattern owners = new LikePattern(call.text("@table_owner", 1));
        LikePattern columns = new LikePattern(call.text("@column_name", 3));
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (TableInfo table : database.catalog().tables()) {
            if (tables.matches(table.name())
                    && owners.matches(table.schema())
                    && call.session().access().sees(table)) {
                int ordinal = 0;
                for (ColumnInfo column : table.columns()) {
                    ordinal++;
                    if (columns.matches(column.name())) {
                        rows.add(columnRow(table, column, ordinal));
                    }
                }
            }
        }
        call.answer(
                List.of(
                        name("TABLE_QUALIFIER"),
                        name("TABLE_OWNER"),
                        name("TABLE_NAME"),
                        name("COLUMN_NAME"),
                        small("DATA_TYPE"),
                        name("TYPE_NAME"),
                        integer("PRECISION"),
                        integer("LENGTH"),
                        small("SCALE"),
                        small("RADIX"),
                        small("NULLABLE"),
                        text("REMARKS", 254),
                        ResultColumn.of("COLUMN_DEF", SqlType.nvarchar(4000)),
                        small("SQL_DATA_TYPE"),
                        small("SQL_DATETIME_SUB"),
                        integer("CHAR_OCTET_LENGTH"),
                        integer("ORDINAL_POSITION"),
                        text("IS_NULLABLE", 254),
                        small("SS_IS_SPARSE"),
                        small("SS_IS_COLUMN_SET"),
                        small("SS_IS_COMPUTED"),
                        small("SS_IS_IDENTITY"),
                        name("SS_UDT_CATALOG_NAME"),
                        name("SS_UDT_SCHEMA_NAME"),
                        ResultColumn.of("SS_UDT_ASSEMBLY_TYPE_NAME", SqlType.nvarchar(SqlType.MAX)),
                        name("SS_XML_SCHEMACOLLECTION_CATALOG_NAME"),
                        name("SS_XML_SCHEMACOLLECTION_SCHEMA_NAME"),
                        name("SS_XML_SCHEMACOLLECTION_NAME"),
                        ResultColumn.of("SS_DATA_TYPE", SqlType.TINYINT)),
                rows);
        return 0;
    }

    private @Nullable Object[] columnRow(TableInfo table, ColumnInfo column, int ordinal) {
        OdbcType type = OdbcType.of(column.type());
        return new Object[] {
            database.name(),
            table.schema(),
            table.name(),
            column.name(),
            type.dataType(),
            column.type().name() + (column.identity() ? " identity" : ""),
            type.precision(),
            type.length(),
            type.scale(),
            type.radix(),
            column.nullable() ? 1 : 0,
            null,
            column.defaultDefinition().orElse(null),
            type.sqlDataType(),
            type.dateTimeSub(),
            type.octetLength(),
            ordinal,
            column.nullable() ? "YES" : "NO",
            0,
            0,
            column.computed() ? 1 : 0,
            column.identity() ? 1 : 0,
            null,
            null,
            null,
            null,
            null,
            null,
            type.tdsType()
        };
    }

    int primaryKeys(ProcedureCall call) {
        String table = call.required("@table_name", 0);
        Optional<String> owner = call.text("@table_owner", 1);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (TableInfo info : database.catalog().tables()) {
            if (info.name().equalsIgnoreCase(table)
                    && owner.map(info.schema()::equalsIgnoreCase).orElse(true)
                    && info.primaryKey().isPresent()) {
                int sequence = 1;
                for (String column : info.keyColumns()) {
                    rows.add(new Object[] {
                        database.name(),
                        info.schema(),
                        info.name(),
                        column,
                        sequence++,
                        info.primaryKey().get().name()
                    });
                }
            }
        }
        call.answer(
                List.of(
                        name("TABLE_QUALIFIER"),
                        name("TABLE_OWNER"),
                        name("TABLE_NAME"),
                        name("COLUMN_NAME"),
                        small("KEY_SEQ"),
                        name("PK_NAME")),
                rows);
        return 0;
    }

    int statistics(ProcedureCall call) {
        String table = call.required("@table_name", 0);
        String owner = call.text("@table_owner", 1).orElse("dbo");
        boolean uniqueOnly =
                call.text("@is_unique", 4).filter("Y"::equalsIgnoreCase).isPresent();
        List<@Nullable Object[]> rows = new ArrayList<>();
        database.catalog().table(owner, table).ifPresent(info -> {
            rows.add(new Object[] {
                database.name(), info.schema(), info.name(), null, null, null, 0, null, null, null, null, null, null
            });
            info.indexes().stream()
                    .filter(index -> index.unique() || !uniqueOnly)
                    .sorted(Comparator.comparing((IndexInfo i) -> !i.unique()).thenComparing(IndexInfo::name))
                    .forEach(index -> addIndex(rows, info, index));
        });
        call.answer(
                List.of(
                        name("TABLE_QUALIFIER"),
                        name("TABLE_OWNER"),
                        name("TABLE_NAME"),
                        small("NON_UNIQUE"),
                        name("INDEX_QUALIFIER"),
                        name("INDEX_NAME"),
                        small("TYPE"),
                        small("SEQ_IN_INDEX"),
                        name("COLUMN_NAME"),
                        text("COLLATION", 1),
                        integer("CARDINALITY"),
                        integer("PAGES"),
                        text("FILTER_CONDITION", 128)),
                rows);
        return 0;
    }

    private void addIndex(List<@Nullable Object[]> rows, TableInfo table, IndexInfo index) {
        int sequence = 1;
        for (String column : index.columns()) {
            rows.add(new Object[] {
                database.name(),
                table.schema(),
                table.name(),
                index.unique() ? 0 : 1,
                table.name(),
                index.name(),
                index.id() == 1 ? 1 : 3,
                sequence++,
                column,
                "A",
                null,
                null,
                null
            });
        }
    }

    int dataTypes(ProcedureCall call) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (SqlType type : List.of(
                SqlType.INT,
                SqlType.BIGINT,
                SqlType.SMALLINT,
                SqlType.TINYINT,
                SqlType.BIT,
                SqlType.FLOAT,
                SqlType.REAL,
                SqlType.DATE,
                SqlType.DATETIME,
                SqlType.temporal("datetime2", 7),
                SqlType.temporal("datetimeoffset", 7),
                SqlType.temporal("time", 7),
                SqlType.decimal(38, 0),
                new SqlType("char", 8000, 0, 0),
                SqlType.varchar(8000),
                new SqlType("nchar", 4000, 0, 0),
                SqlType.nvarchar(4000),
                new SqlType("binary", 8000, 0, 0),
                SqlType.varbinary(8000),
                SqlType.UNIQUEIDENTIFIER)) {
            OdbcType odbc = OdbcType.of(type);
            String quote = type.isText()
                            || type.name().startsWith("date")
                            || type.name().equals("time")
                    ? "'"
                    : null;
            rows.add(new Object[] {
                type.name(),
                odbc.dataType(),
                odbc.precision(),
                quote,
                quote,
                null,
                1,
                0,
                3,
                null,
                0,
                0,
                type.name(),
                odbc.scale(),
                odbc.scale(),
                odbc.sqlDataType(),
                odbc.dateTimeSub(),
                odbc.radix(),
                null,
                0
            });
        }
        call.answer(
                List.of(
                        name("TYPE_NAME"),
                        small("DATA_TYPE"),
                        integer("PRECISION"),
                        text("LITERAL_PREFIX", 32),
                        text("LITERAL_SUFFIX", 32),
                        text("CREATE_PARAMS", 32),
                        small("NULLABLE"),
                        small("CASE_SENSITIVE"),
                        small("SEARCHABLE"),
                        small("UNSIGNED_ATTRIBUTE"),
                        small("MONEY"),
                        small("AUTO_INCREMENT"),
                        name("LOCAL_TYPE_NAME"),
                        small("MINIMUM_SCALE"),
                        small("MAXIMUM_SCALE"),
                        small("SQL_DATA_TYPE"),
                        small("SQL_DATETIME_SUB"),
                        integer("NUM_PREC_RADIX"),
                        small("INTERVAL_PRECISION"),
                        small("USERTYPE")),
                rows);
        return 0;
    }
}
