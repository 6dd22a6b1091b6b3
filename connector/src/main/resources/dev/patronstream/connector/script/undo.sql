-- Takes back in {{database}} what `patronstream sql` has set up. Run it as a member of sysadmin, with
-- patronstream stopped. The topics and what was delivered stay as they are.

{{guards}}

{{releases}}

-- Change data capture of the database, unless another program uses it.
IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND is_cdc_enabled = 1)
BEGIN
    IF EXISTS (SELECT 1 FROM cdc.change_tables)
        PRINT 'Change data capture stays on: other capture instances are there (cdc.change_tables). Its jobs keep their settings; SQL Server''s own are pollinginterval 5 (capture) and retention 4320 (cleanup): sys.sp_cdc_change_job.';
    ELSE
        EXEC sys.sp_cdc_disable_db;
END
GO

-- The account in this database, and the role with all its rights.
IF DATABASE_PRINCIPAL_ID({{'user'}}) IS NOT NULL
    DROP USER {{[user]}};
GO
IF EXISTS (SELECT 1 FROM sys.database_role_members WHERE role_principal_id = DATABASE_PRINCIPAL_ID({{'role'}}))
    PRINT 'The role stays: it has other members (sys.database_role_members).';
ELSE IF DATABASE_PRINCIPAL_ID({{'role'}}) IS NOT NULL
    DROP ROLE {{[role]}};
GO

-- Left as they are, because other databases or programs may use them; to take them back too:
--   DROP LOGIN {{[user]}};
--   ALTER DATABASE {{[database]}} SET ALLOW_SNAPSHOT_ISOLATION OFF;

PRINT N'Done.';
GO
SET NOEXEC OFF;
GO
