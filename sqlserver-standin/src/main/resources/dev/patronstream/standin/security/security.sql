-- Logins, users, roles and permissions. Run at every start: databases made by earlier versions lack them.
CREATE TABLE IF NOT EXISTS "standin"."logins" (
  "principal_id" INTEGER PRIMARY KEY,
  "name" VARCHAR(128) NOT NULL UNIQUE,
  "password_hash" VARCHAR(64) NOT NULL,
  "is_disabled" BOOLEAN NOT NULL);
CREATE TABLE IF NOT EXISTS "standin"."principals" (
  "principal_id" INTEGER PRIMARY KEY,
  "name" VARCHAR(128) NOT NULL UNIQUE,
  "type" VARCHAR(1) NOT NULL,
  "login" VARCHAR(128),
  "is_fixed_role" BOOLEAN NOT NULL);
MERGE INTO "standin"."principals" KEY ("principal_id") VALUES
  (0, 'public', 'R', NULL, FALSE), (1, 'dbo', 'S', 'sa', FALSE), (2, 'guest', 'S', NULL, FALSE),
  (16384, 'db_owner', 'R', NULL, TRUE), (16390, 'db_datareader', 'R', NULL, TRUE),
  (16391, 'db_datawriter', 'R', NULL, TRUE);
CREATE TABLE IF NOT EXISTS "standin"."role_members" (
  "role_principal_id" INTEGER NOT NULL,
  "member_principal_id" INTEGER NOT NULL,
  PRIMARY KEY ("role_principal_id", "member_principal_id"));
CREATE TABLE IF NOT EXISTS "standin"."permissions" (
  "class" SMALLINT NOT NULL,
  "schema_name" VARCHAR(128) NOT NULL,
  "object_name" VARCHAR(128) NOT NULL,
  "object_id" INTEGER NOT NULL,
  "column_name" VARCHAR(128) NOT NULL,
  "grantee_principal_id" INTEGER NOT NULL,
  "permission_name" VARCHAR(128) NOT NULL,
  "state" VARCHAR(1) NOT NULL,
  PRIMARY KEY ("class", "schema_name", "object_name", "column_name", "grantee_principal_id", "permission_name"));
CREATE SEQUENCE IF NOT EXISTS "standin"."principal_ids" START WITH 257 NO CACHE;

CREATE VIEW IF NOT EXISTS "sys"."server_principals" AS
  SELECT "name", "principal_id",
         CASE "password_hash" WHEN 'WINDOWS' THEN 'U' WHEN 'ENTRA' THEN 'E' ELSE 'S' END AS "type",
         CASE "password_hash" WHEN 'WINDOWS' THEN 'WINDOWS_LOGIN' WHEN 'ENTRA' THEN 'EXTERNAL_LOGIN' ELSE 'SQL_LOGIN' END
           AS "type_desc", "is_disabled" FROM "standin"."logins"
  UNION ALL SELECT 'sa', 1, 'S', 'SQL_LOGIN', FALSE;
CREATE VIEW IF NOT EXISTS "sys"."database_principals" AS
  SELECT "name", "principal_id", "type",
         CASE "type" WHEN 'S' THEN 'SQL_USER' ELSE 'DATABASE_ROLE' END AS "type_desc", "is_fixed_role"
  FROM "standin"."principals";
CREATE VIEW IF NOT EXISTS "sys"."database_role_members" AS SELECT * FROM "standin"."role_members";
CREATE VIEW IF NOT EXISTS "sys"."database_permissions" AS
  SELECT p."class",
         CASE p."class" WHEN 0 THEN 'DATABASE' WHEN 1 THEN 'OBJECT_OR_COLUMN' ELSE 'SCHEMA' END AS "class_desc",
         CASE p."class" WHEN 3 THEN (SELECT s."schema_id" FROM "sys"."schemas" s WHERE s."name" = p."schema_name")
                        ELSE p."object_id" END AS "major_id",
         COALESCE((SELECT c."column_id" FROM "standin"."columns" c
                   WHERE c."object_id" = p."object_id" AND c."name" = p."column_name"), 0) AS "minor_id",
         p."grantee_principal_id", p."permission_name", p."state",
         CASE p."state" WHEN 'G' THEN 'GRANT' ELSE 'DENY' END AS "state_desc"
  FROM "standin"."permissions" p WHERE p."class" < 100;
CREATE VIEW IF NOT EXISTS "sys"."sql_logins" AS SELECT * FROM "sys"."server_principals";

CREATE ALIAS IF NOT EXISTS "sys"."col_length" FOR "dev.patronstream.standin.engine.CatalogFunctions.columnLength";
CREATE ALIAS IF NOT EXISTS "sys"."suser_id" FOR "dev.patronstream.standin.engine.CatalogFunctions.loginId";
CREATE ALIAS IF NOT EXISTS "sys"."database_principal_id" FOR "dev.patronstream.standin.engine.CatalogFunctions.principalId";
