USE {{[database]}};
GO
SET NOCOUNT ON;
IF NOT ({{allowed}})
BEGIN
    RAISERROR (N'Nothing was done: run this as {{by}}.', 16, 1);
    SET NOEXEC ON;
END
GO
IF {{missing}}
BEGIN
    RAISERROR (N'Nothing was done: tables of Aeries are missing. Is this the right database?', 16, 1);
    SET NOEXEC ON;
END
GO
