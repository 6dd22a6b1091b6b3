-- What every database of the stand-in is made with. Dialect: the embedded engine's.
CREATE SCHEMA "dbo";
CREATE SCHEMA "sys";
CREATE SCHEMA "msdb";
CREATE SCHEMA "information_schema_views";
CREATE SCHEMA "standin";
CREATE SCHEMA "standin_history";

CREATE TABLE "standin"."settings" ("name" VARCHAR(100) PRIMARY KEY, "value" VARCHAR(4000));
CREATE SEQUENCE "standin"."object_ids" START WITH 565577053 INCREMENT BY 16 NO CACHE;
CREATE TABLE "standin"."objects" (
  "object_id" INTEGER PRIMARY KEY,
  "schema_name" VARCHAR(128) NOT NULL,
  "name" VARCHAR(128) NOT NULL,
  "type" VARCHAR(2) NOT NULL,
  "is_ms_shipped" BOOLEAN NOT NULL,
  "create_date" TIMESTAMP(3) NOT NULL,
  "modify_date" TIMESTAMP(3) NOT NULL,
  UNIQUE ("schema_name", "name"));
CREATE TABLE "standin"."columns" (
  "object_id" INTEGER NOT NULL,
  "column_id" INTEGER NOT NULL,
  "name" VARCHAR(128) NOT NULL,
  "type_name" VARCHAR(30) NOT NULL,
  "length" INTEGER NOT NULL,
  "precision" INTEGER NOT NULL,
  "scale" INTEGER NOT NULL,
  "max_length" SMALLINT NOT NULL,
  "is_nullable" BOOLEAN NOT NULL,
  "is_identity" BOOLEAN NOT NULL,
  "default_definition" VARCHAR(4000),
  "is_computed" BOOLEAN NOT NULL,
  PRIMARY KEY ("object_id", "column_id"));
CREATE TABLE "standin"."indexes" (
  "object_id" INTEGER NOT NULL,
  "index_id" INTEGER NOT NULL,
  "name" VARCHAR(128) NOT NULL,
  "engine_name" VARCHAR(128) NOT NULL,
  "is_unique" BOOLEAN NOT NULL,
  "is_primary_key" BOOLEAN NOT NULL,
  PRIMARY KEY ("object_id", "index_id"));
CREATE TABLE "standin"."index_columns" (
  "object_id" INTEGER NOT NULL,
  "index_id" INTEGER NOT NULL,
  "key_ordinal" INTEGER NOT NULL,
  "column_name" VARCHAR(128) NOT NULL,
  PRIMARY KEY ("object_id", "index_id", "key_ordinal"));

-- The append-only history: every committed transaction, and per table every row image.
CREATE TABLE "standin_history"."transactions" (
  "tx_id" BIGINT PRIMARY KEY,
  "commit_position" BIGINT NOT NULL UNIQUE,
  "first_position" BIGINT NOT NULL,
  "commit_lsn" BINARY(10) NOT NULL,
  "lsn" VARCHAR(22) NOT NULL UNIQUE,
  "begin_time" TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  "commit_time" TIMESTAMP(6) WITH TIME ZONE NOT NULL);
CREATE TABLE "standin_history"."tables" (
  "history_table" VARCHAR(260) PRIMARY KEY,
  "object_id" INTEGER NOT NULL,
  "schema_name" VARCHAR(128) NOT NULL,
  "table_name" VARCHAR(128) NOT NULL,
  "key_columns" VARCHAR(4000) NOT NULL,
  "created_lsn" VARCHAR(22) NOT NULL,
  "dropped_lsn" VARCHAR(22));

-- Catalog views.
CREATE TABLE "sys"."databases" (
  "name" VARCHAR(128) PRIMARY KEY,
  "database_id" INTEGER NOT NULL,
  "create_date" TIMESTAMP(3) NOT NULL,
  "compatibility_level" SMALLINT NOT NULL,
  "collation_name" VARCHAR(128) NOT NULL,
  "state" SMALLINT NOT NULL,
  "state_desc" VARCHAR(60) NOT NULL,
  "snapshot_isolation_state" SMALLINT NOT NULL,
  "snapshot_isolation_state_desc" VARCHAR(60) NOT NULL,
  "is_read_committed_snapshot_on" BOOLEAN NOT NULL,
  "is_cdc_enabled" BOOLEAN NOT NULL,
  "is_read_only" BOOLEAN NOT NULL,
  "recovery_model_desc" VARCHAR(60) NOT NULL);
CREATE TABLE "sys"."schemas" (
  "name" VARCHAR(128) PRIMARY KEY,
  "schema_id" INTEGER NOT NULL UNIQUE,
  "principal_id" INTEGER NOT NULL);
INSERT INTO "sys"."schemas" VALUES ('dbo', 1, 1), ('sys', 4, 4), ('INFORMATION_SCHEMA', 3, 3), ('standin_history', 6, 1);
CREATE TABLE "sys"."types" (
  "name" VARCHAR(128) PRIMARY KEY,
  "system_type_id" SMALLINT NOT NULL,
  "user_type_id" INTEGER NOT NULL,
  "schema_id" INTEGER NOT NULL,
  "max_length" SMALLINT NOT NULL,
  "precision" SMALLINT NOT NULL,
  "scale" SMALLINT NOT NULL,
  "is_user_defined" BOOLEAN NOT NULL);
INSERT INTO "sys"."types" VALUES
  ('image', 34, 34, 4, 16, 0, 0, FALSE), ('text', 35, 35, 4, 16, 0, 0, FALSE),
  ('uniqueidentifier', 36, 36, 4, 16, 0, 0, FALSE), ('date', 40, 40, 4, 3, 10, 0, FALSE),
  ('time', 41, 41, 4, 5, 16, 7, FALSE), ('datetime2', 42, 42, 4, 8, 27, 7, FALSE),
  ('datetimeoffset', 43, 43, 4, 10, 34, 7, FALSE), ('tinyint', 48, 48, 4, 1, 3, 0, FALSE),
  ('smallint', 52, 52, 4, 2, 5, 0, FALSE), ('int', 56, 56, 4, 4, 10, 0, FALSE),
  ('smalldatetime', 58, 58, 4, 4, 16, 0, FALSE), ('real', 59, 59, 4, 4, 24, 0, FALSE),
  ('money', 60, 60, 4, 8, 19, 4, FALSE), ('datetime', 61, 61, 4, 8, 23, 3, FALSE),
  ('float', 62, 62, 4, 8, 53, 0, FALSE), ('ntext', 99, 99, 4, 16, 0, 0, FALSE),
  ('bit', 104, 104, 4, 1, 1, 0, FALSE), ('decimal', 106, 106, 4, 17, 38, 38, FALSE),
  ('numeric', 108, 108, 4, 17, 38, 38, FALSE), ('smallmoney', 122, 122, 4, 4, 10, 4, FALSE),
  ('bigint', 127, 127, 4, 8, 19, 0, FALSE), ('varbinary', 165, 165, 4, 8000, 0, 0, FALSE),
  ('varchar', 167, 167, 4, 8000, 0, 0, FALSE), ('binary', 173, 173, 4, 8000, 0, 0, FALSE),
  ('char', 175, 175, 4, 8000, 0, 0, FALSE), ('timestamp', 189, 189, 4, 8, 0, 0, FALSE),
  ('sysname', 231, 256, 4, 256, 0, 0, FALSE), ('nvarchar', 231, 231, 4, 8000, 0, 0, FALSE),
  ('nchar', 239, 239, 4, 8000, 0, 0, FALSE), ('xml', 241, 241, 4, -1, 0, 0, FALSE),
  ('sql_variant', 98, 98, 4, 8016, 0, 0, FALSE), ('hierarchyid', 240, 128, 4, 892, 0, 0, FALSE),
  ('geometry', 240, 129, 4, -1, 0, 0, FALSE), ('geography', 240, 130, 4, -1, 0, 0, FALSE);
CREATE VIEW "sys"."objects" AS
  SELECT o."name", o."object_id", CAST(NULL AS INTEGER) AS "principal_id", s."schema_id",
         0 AS "parent_object_id", CAST(o."type" AS CHAR(2)) AS "type",
         CASE o."type" WHEN 'U' THEN 'USER_TABLE' WHEN 'V' THEN 'VIEW' ELSE 'OBJECT' END AS "type_desc",
         o."create_date", o."modify_date", o."is_ms_shipped"
  FROM "standin"."objects" o JOIN "sys"."schemas" s ON s."name" = o."schema_name";
CREATE VIEW "sys"."all_objects" AS SELECT * FROM "sys"."objects";
CREATE VIEW "sys"."columns" AS
  SELECT c."object_id", c."name", c."column_id", t."system_type_id", t."user_type_id", c."max_length",
         CAST(CASE WHEN c."precision" > 0 THEN c."precision" ELSE t."precision" END AS SMALLINT) AS "precision",
         CAST(c."scale" AS SMALLINT) AS "scale",
         CASE WHEN c."type_name" IN ('char', 'varchar', 'nchar', 'nvarchar', 'text', 'ntext')
              THEN 'SQL_Latin1_General_CP1_CI_AS' END AS "collation_name",
         c."is_nullable", c."is_identity", c."is_computed",
         CASE WHEN c."default_definition" IS NULL THEN 0 ELSE c."object_id" + c."column_id" END AS "default_object_id"
  FROM "standin"."columns" c JOIN "sys"."types" t ON t."name" = c."type_name";
CREATE VIEW "sys"."all_columns" AS SELECT * FROM "sys"."columns";
CREATE TABLE "standin"."masks" (
  "object_id" INTEGER NOT NULL,
  "column_id" INTEGER NOT NULL,
  "masking_function" VARCHAR(4000) NOT NULL,
  PRIMARY KEY ("object_id", "column_id"));
CREATE VIEW "sys"."masked_columns" AS
  SELECT c.*, TRUE AS "is_masked", m."masking_function"
  FROM "sys"."columns" c JOIN "standin"."masks" m ON m."object_id" = c."object_id" AND m."column_id" = c."column_id";
CREATE TABLE "sys"."security_policies" ("name" VARCHAR(128), "object_id" INTEGER PRIMARY KEY, "is_enabled" BOOLEAN);
CREATE TABLE "sys"."security_predicates" (
  "object_id" INTEGER NOT NULL,
  "security_predicate_id" INTEGER NOT NULL,
  "target_object_id" INTEGER NOT NULL,
  "predicate_type" INTEGER NOT NULL,
  PRIMARY KEY ("object_id", "security_predicate_id"));
CREATE VIEW "sys"."default_constraints" AS
  SELECT 'DF_' || o."name" || '_' || c."name" AS "name", c."object_id" + c."column_id" AS "object_id",
         c."object_id" AS "parent_object_id", c."column_id" AS "parent_column_id",
         c."default_definition" AS "definition"
  FROM "standin"."columns" c JOIN "standin"."objects" o ON o."object_id" = c."object_id"
  WHERE c."default_definition" IS NOT NULL;
CREATE VIEW "sys"."indexes" AS
  SELECT "object_id", "name", "index_id", CAST(CASE WHEN "index_id" = 1 THEN 1 ELSE 2 END AS SMALLINT) AS "type",
         CASE WHEN "index_id" = 1 THEN 'CLUSTERED' ELSE 'NONCLUSTERED' END AS "type_desc",
         "is_unique", "is_primary_key", FALSE AS "is_unique_constraint", FALSE AS "is_disabled", FALSE AS "has_filter"
  FROM "standin"."indexes";
CREATE VIEW "sys"."index_columns" AS
  SELECT i."object_id", i."index_id", i."key_ordinal" AS "index_column_id", c."column_id",
         CAST(i."key_ordinal" AS SMALLINT) AS "key_ordinal", FALSE AS "is_descending_key", FALSE AS "is_included_column"
  FROM "standin"."index_columns" i
  JOIN "standin"."columns" c ON c."object_id" = i."object_id" AND c."name" = i."column_name";
CREATE VIEW "sys"."key_constraints" AS
  SELECT "name", "object_id" + "index_id" AS "object_id", "object_id" AS "parent_object_id",
         CAST('PK' AS CHAR(2)) AS "type", "index_id" AS "unique_index_id"
  FROM "standin"."indexes" WHERE "is_primary_key";
CREATE TABLE "standin"."tracked_tables" ("object_id" INTEGER PRIMARY KEY);
CREATE VIEW "sys"."tables" AS
  SELECT o."name", o."object_id", o."schema_id", o."type", o."type_desc", o."create_date", o."modify_date",
         o."is_ms_shipped",
         EXISTS(SELECT 1 FROM "standin"."tracked_tables" t WHERE t."object_id" = o."object_id")
           AS "is_tracked_by_cdc",
         FALSE AS "is_replicated", FALSE AS "is_memory_optimized", CAST(0 AS SMALLINT) AS "temporal_type"
  FROM "sys"."objects" o WHERE o."type" = 'U';
CREATE VIEW "sys"."dm_db_partition_stats" AS
  SELECT o."object_id", 1 AS "index_id", t.ROW_COUNT_ESTIMATE AS "row_count", CAST(1 AS BIGINT) AS "used_page_count"
  FROM "standin"."objects" o
  JOIN INFORMATION_SCHEMA.TABLES t ON t.TABLE_SCHEMA = o."schema_name" AND t.TABLE_NAME = o."name";
CREATE TABLE "sys"."configurations" (
  "configuration_id" INTEGER PRIMARY KEY, "name" VARCHAR(35), "value" INTEGER, "minimum" INTEGER, "maximum" INTEGER);
INSERT INTO "sys"."configurations" VALUES (103, 'user connections', 0, 0, 32767);
CREATE TABLE "sys"."dm_server_services" (
  "servicename" VARCHAR(256), "startup_type" INTEGER, "startup_type_desc" VARCHAR(256), "status" INTEGER,
  "status_desc" VARCHAR(256), "service_account" VARCHAR(256));
CREATE TABLE "sys"."dm_cdc_log_scan_sessions" (
  "session_id" INTEGER PRIMARY KEY,
  "start_time" TIMESTAMP(3),
  "end_time" TIMESTAMP(3),
  "duration" INTEGER,
  "scan_phase" VARCHAR(200),
  "error_count" INTEGER,
  "start_lsn" VARCHAR(23),
  "current_lsn" VARCHAR(23),
  "end_lsn" VARCHAR(23),
  "tran_count" BIGINT,
  "last_commit_lsn" VARCHAR(23),
  "last_commit_time" TIMESTAMP(3),
  "log_record_count" BIGINT,
  "schema_change_count" INTEGER,
  "command_count" BIGINT,
  "first_begin_cdc_lsn" VARCHAR(23),
  "last_commit_cdc_lsn" VARCHAR(23),
  "last_commit_cdc_time" TIMESTAMP(3),
  "latency" INTEGER,
  "empty_scan_count" INTEGER,
  "failed_sessions_count" INTEGER);
CREATE TABLE "sys"."dm_cdc_errors" (
  "session_id" INTEGER, "phase_number" INTEGER, "entry_time" TIMESTAMP(3), "error_number" INTEGER,
  "error_severity" INTEGER, "error_state" INTEGER, "error_message" VARCHAR(1024), "start_lsn" VARCHAR(23),
  "begin_lsn" VARCHAR(23), "sequence_value" VARCHAR(23));
CREATE TABLE "msdb"."cdc_jobs" (
  "database_id" INTEGER NOT NULL,
  "job_type" VARCHAR(20) NOT NULL,
  "job_id" UUID NOT NULL,
  "maxtrans" INTEGER,
  "maxscans" INTEGER,
  "continuous" BOOLEAN,
  "pollinginterval" BIGINT,
  "retention" BIGINT,
  "threshold" BIGINT,
  PRIMARY KEY ("database_id", "job_type"));

-- INFORMATION_SCHEMA as SQL Server shows it.
CREATE VIEW "information_schema_views"."TABLES" AS
  SELECT d."name" AS "TABLE_CATALOG", o."schema_name" AS "TABLE_SCHEMA", o."name" AS "TABLE_NAME",
         CASE o."type" WHEN 'V' THEN 'VIEW' ELSE 'BASE TABLE' END AS "TABLE_TYPE"
  FROM "standin"."objects" o JOIN "sys"."databases" d ON d."database_id" = 5;
CREATE VIEW "information_schema_views"."COLUMNS" AS
  SELECT d."name" AS "TABLE_CATALOG", o."schema_name" AS "TABLE_SCHEMA", o."name" AS "TABLE_NAME",
         c."name" AS "COLUMN_NAME", c."column_id" AS "ORDINAL_POSITION", c."default_definition" AS "COLUMN_DEFAULT",
         CASE WHEN c."is_nullable" THEN 'YES' ELSE 'NO' END AS "IS_NULLABLE", c."type_name" AS "DATA_TYPE",
         CASE WHEN c."length" <> 0 THEN c."length" END AS "CHARACTER_MAXIMUM_LENGTH",
         CASE WHEN c."precision" > 0 THEN CAST(c."precision" AS SMALLINT) END AS "NUMERIC_PRECISION",
         CASE WHEN c."precision" > 0 THEN c."scale" END AS "NUMERIC_SCALE",
         CASE WHEN c."type_name" IN ('datetime', 'datetime2', 'time', 'datetimeoffset') THEN CAST(c."scale" AS SMALLINT) END
           AS "DATETIME_PRECISION"
  FROM "standin"."columns" c
  JOIN "standin"."objects" o ON o."object_id" = c."object_id"
  JOIN "sys"."databases" d ON d."database_id" = 5;

-- Functions.
CREATE ALIAS "sys"."object_id" FOR "dev.patronstream.standin.engine.CatalogFunctions.objectId";
CREATE ALIAS "sys"."object_name" FOR "dev.patronstream.standin.engine.CatalogFunctions.objectName";
CREATE ALIAS "sys"."object_schema_name" FOR "dev.patronstream.standin.engine.CatalogFunctions.objectSchemaName";
CREATE ALIAS "sys"."schema_id" FOR "dev.patronstream.standin.engine.CatalogFunctions.schemaId";
CREATE ALIAS "sys"."db_id" FOR "dev.patronstream.standin.engine.CatalogFunctions.databaseId";
CREATE ALIAS "sys"."col_name" FOR "dev.patronstream.standin.engine.CatalogFunctions.columnName";
CREATE ALIAS "sys"."type_name" FOR "dev.patronstream.standin.engine.CatalogFunctions.typeName";
CREATE ALIAS "sys"."todatetimeoffset" DETERMINISTIC FOR "dev.patronstream.standin.engine.ScalarFunctions.toDateTimeOffset";
CREATE ALIAS "sys"."switchoffset" DETERMINISTIC FOR "dev.patronstream.standin.engine.ScalarFunctions.switchOffset";
CREATE ALIAS "sys"."datefromparts" DETERMINISTIC FOR "dev.patronstream.standin.engine.ScalarFunctions.dateFromParts";
CREATE ALIAS "sys"."isnumeric" DETERMINISTIC FOR "dev.patronstream.standin.engine.ScalarFunctions.isNumeric";
CREATE ALIAS "sys"."isdate" DETERMINISTIC FOR "dev.patronstream.standin.engine.ScalarFunctions.isDate";
CREATE ALIAS "sys"."convert_to_text" DETERMINISTIC FOR "dev.patronstream.standin.engine.ScalarFunctions.convertToText";
CREATE ALIAS "sys"."convert_to_binary" DETERMINISTIC FOR "dev.patronstream.standin.engine.ScalarFunctions.convertToBinary";
CREATE ALIAS "sys"."convert_to_time" DETERMINISTIC FOR "dev.patronstream.standin.engine.ScalarFunctions.convertToTime";
CREATE ALIAS "sys"."fn_cdc_get_max_lsn" FOR "dev.patronstream.standin.cdc.CdcFunctions.maxLsn";
CREATE ALIAS "sys"."fn_cdc_get_min_lsn" FOR "dev.patronstream.standin.cdc.CdcFunctions.minLsn";
CREATE ALIAS "sys"."fn_cdc_increment_lsn" DETERMINISTIC FOR "dev.patronstream.standin.cdc.CdcFunctions.incrementLsn";
CREATE ALIAS "sys"."fn_cdc_decrement_lsn" DETERMINISTIC FOR "dev.patronstream.standin.cdc.CdcFunctions.decrementLsn";
CREATE ALIAS "sys"."fn_cdc_map_lsn_to_time" FOR "dev.patronstream.standin.cdc.CdcFunctions.mapLsnToTime";
CREATE ALIAS "sys"."fn_cdc_map_time_to_lsn" FOR "dev.patronstream.standin.cdc.CdcFunctions.mapTimeToLsn";
CREATE ALIAS "sys"."fn_cdc_get_column_ordinal" FOR "dev.patronstream.standin.cdc.CdcFunctions.columnOrdinal";
CREATE ALIAS "sys"."fn_cdc_is_bit_set" DETERMINISTIC FOR "dev.patronstream.standin.cdc.CdcFunctions.isBitSet";
CREATE ALIAS "sys"."fn_cdc_has_column_changed" FOR "dev.patronstream.standin.cdc.CdcFunctions.hasColumnChanged";
CREATE ALIAS "sys"."check_change_range" FOR "dev.patronstream.standin.cdc.CdcFunctions.checkChangeRange";
