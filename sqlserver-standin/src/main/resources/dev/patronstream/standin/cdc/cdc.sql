-- What sys.sp_cdc_enable_db makes. Columns as Microsoft documents the tables of the schema cdc.
CREATE SCHEMA "cdc";
CREATE TABLE "cdc"."change_tables" (
  "object_id" INTEGER PRIMARY KEY,
  "version" INTEGER,
  "source_object_id" INTEGER NOT NULL,
  "capture_instance" VARCHAR(128) NOT NULL UNIQUE,
  "start_lsn" BINARY(10) NOT NULL,
  "end_lsn" BINARY(10),
  "supports_net_changes" BOOLEAN NOT NULL,
  "has_drop_pending" BOOLEAN,
  "role_name" VARCHAR(128),
  "index_name" VARCHAR(128),
  "filegroup_name" VARCHAR(128),
  "create_date" TIMESTAMP(3) NOT NULL,
  "partition_switch" BOOLEAN NOT NULL);
CREATE TABLE "cdc"."captured_columns" (
  "object_id" INTEGER NOT NULL,
  "column_name" VARCHAR(128) NOT NULL,
  "column_id" INTEGER NOT NULL,
  "column_type" VARCHAR(128) NOT NULL,
  "column_ordinal" INTEGER NOT NULL,
  "is_computed" BOOLEAN NOT NULL,
  "masking_function" VARCHAR(4000),
  PRIMARY KEY ("object_id", "column_ordinal"));
CREATE TABLE "cdc"."index_columns" (
  "object_id" INTEGER NOT NULL,
  "column_name" VARCHAR(128) NOT NULL,
  "index_ordinal" SMALLINT NOT NULL,
  "column_id" INTEGER NOT NULL,
  PRIMARY KEY ("object_id", "index_ordinal"));
CREATE TABLE "cdc"."ddl_history" (
  "source_object_id" INTEGER,
  "object_id" INTEGER,
  "required_column_update" BOOLEAN,
  "ddl_command" VARCHAR,
  "ddl_lsn" BINARY(10),
  "ddl_time" TIMESTAMP(3));
CREATE TABLE "cdc"."lsn_time_mapping" (
  "start_lsn" BINARY(10) PRIMARY KEY,
  "tran_begin_time" TIMESTAMP(3),
  "tran_end_time" TIMESTAMP(3),
  "tran_id" VARBINARY(10),
  "tran_begin_lsn" BINARY(10));
