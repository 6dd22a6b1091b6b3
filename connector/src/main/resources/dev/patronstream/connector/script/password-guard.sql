IF SUSER_ID({{'user'}}) IS NULL AND N'$({{password}})' = N'$' + N'({{password}})'
BEGIN
    RAISERROR (N'Nothing was done: switch SQLCMD Mode on and set the variable {{password}}.', 16, 1);
    SET NOEXEC ON;
END
GO
