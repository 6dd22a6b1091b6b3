USE {{[database]}};
GO
SET NOCOUNT ON;
IF ISNULL(IS_SRVROLEMEMBER(N'sysadmin'), 0) <> 1
BEGIN
    RAISERROR (N'Nothing was done: run this as a member of sysadmin.', 16, 1);
    SET NOEXEC ON;
END
GO
IF {{missing}}
BEGIN
    RAISERROR (N'Nothing was done: tables of Aeries are missing. Is this the right database?', 16, 1);
    SET NOEXEC ON;
END
GO
