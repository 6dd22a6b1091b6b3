-- 6. The jobs, if they still have SQL Server's defaults: look into the log every second in place of
--    every five, and keep changes for a week in place of three days, so that a long weekend without
--    the connector loses nothing.
IF EXISTS (SELECT 1 FROM msdb.dbo.cdc_jobs
           WHERE database_id = DB_ID() AND job_type = N'capture' AND pollinginterval = 5)
BEGIN
    EXEC sys.sp_cdc_change_job @job_type = N'capture', @pollinginterval = 1;
    EXEC sys.sp_cdc_stop_job @job_type = N'capture';
    WAITFOR DELAY '00:00:03';
    EXEC sys.sp_cdc_start_job @job_type = N'capture';
END
GO
IF EXISTS (SELECT 1 FROM msdb.dbo.cdc_jobs
           WHERE database_id = DB_ID() AND job_type = N'cleanup' AND retention = 4320)
    EXEC sys.sp_cdc_change_job @job_type = N'cleanup', @retention = 10080;
GO
