-- What capture says of itself: which tables, which columns, up to which time.
{{grants}}
GO
-- Whether the capture job has caught up. SQL Server 2022 has a narrower right for it.
IF CAST(SERVERPROPERTY('ProductMajorVersion') AS int) >= 16
    EXEC (N'GRANT VIEW DATABASE PERFORMANCE STATE TO {{[role]}}');
ELSE
    GRANT VIEW DATABASE STATE TO {{[role]}};
GO
