-- After an update of Aeries (or when the configuration needs other columns, after
-- --before-aeries-update): captures the tables in {{database}} again, with the columns that they have now.

{{guards}}

IF NOT EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND is_cdc_enabled = 1)
   OR DATABASE_PRINCIPAL_ID({{'role'}}) IS NULL
BEGIN
    RAISERROR (N'This database is not set up for patronstream. Run the whole script: patronstream sql', 16, 1);
    SET NOEXEC ON;
END
GO

{{tables}}

{{rights}}

{{job}}

PRINT N'Done. Now run: patronstream check';
GO
SET NOEXEC OFF;
GO
