-- Sets up what patronstream needs in {{database}}. Run it as a member of sysadmin;
-- it can be run again, and leaves alone what is there already.
--
{{run}}
--
-- To take it back: patronstream sql --undo

{{guards}}{{password-guard}}
IF CAST(SERVERPROPERTY('EngineEdition') AS int) = 4
BEGIN
    RAISERROR (N'Nothing was done: Express edition has no change data capture. Write capture: poll in the configuration, and run the script that patronstream sql prints then.', 16, 1);
    SET NOEXEC ON;
END
GO

-- 1. Change data capture of the database. It reads the transaction log, so no table and no program
--    of Aeries is changed by it; SQL Server Agent has to run. Error 22830 or 15517 here means that
--    this server does not know the owner of a database that came from another one; then first:
--    ALTER AUTHORIZATION ON DATABASE::{{[database]}} TO [sa];
IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND is_cdc_enabled = 1)
    EXEC sys.sp_cdc_enable_db;
GO

-- 2. Snapshot isolation, so that the first reading sees one point in time and locks nothing.
--    The statement waits for transactions that are open now.
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND snapshot_isolation_state <> 1)
    ALTER DATABASE {{[database]}} SET ALLOW_SNAPSHOT_ISOLATION ON;
GO

-- 3. The role that has the rights.
IF DATABASE_PRINCIPAL_ID({{'role'}}) IS NULL
    CREATE ROLE {{[role]}};
GO

-- 4. The tables: each with the columns that are needed, as far as this version of Aeries has them.

{{tables}}

{{rights}}

-- 5. The account. It is in the role and has no rights of its own.
{{account}}

{{job}}

PRINT N'Done. Now run: patronstream check';
GO
SET NOEXEC OFF;
GO
