-- Before an update of Aeries: stops the capture of the tables in {{database}}, so that the update can
-- alter and truncate them (SQL Server refuses TRUNCATE on a captured table, error 4711).
-- After the update: patronstream sql --after-aeries-update
-- In between nothing is captured. Afterwards the connector takes a new snapshot by itself and writes
-- only what has changed, so nothing is lost and nothing is sent twice.

{{guards}}

{{releases}}

IF EXISTS (SELECT 1 FROM sys.tables WHERE is_tracked_by_cdc = 1 AND object_id IN ({{objects}}))
    PRINT 'Another program still captures one of the tables (EXEC sys.sp_cdc_help_change_data_capture): the update may fail on it.';
GO

PRINT N'Done. The update of Aeries can begin.';
GO
SET NOEXEC OFF;
GO
