-- Lets patronstream read what it needs in {{database}}: SELECT on the columns below, and nothing else.
-- Change data capture is not needed, and nothing of the database is changed. Run it as {{by}}.
-- It can be run again.
--
--   sqlcmd   put the new account's password into the environment variable {{password}}, then
--            sqlcmd -S {{server}} -b -i FILE
--   SSMS     Query > SQLCMD Mode, and as the first line:  :setvar {{password}} "..."
--
-- To take it back: patronstream sql --undo

{{guards}}

IF SUSER_ID({{'user'}}) IS NULL AND N'$({{password}})' = N'$' + N'({{password}})'
BEGIN
    RAISERROR (N'Nothing was done: switch SQLCMD Mode on and set the variable {{password}}.', 16, 1);
    SET NOEXEC ON;
END
GO

-- 1. The role that has the rights.
IF DATABASE_PRINCIPAL_ID({{'role'}}) IS NULL
    CREATE ROLE {{[role]}};
GO

-- 2. The columns that are needed, as far as this version of Aeries has them.

{{readable}}

-- 3. The account. It is in the role and has no rights of its own.
IF SUSER_ID({{'user'}}) IS NULL
    CREATE LOGIN {{[user]}} WITH PASSWORD = N'$({{password}})', DEFAULT_DATABASE = {{[database]}};
GO
IF DATABASE_PRINCIPAL_ID({{'user'}}) IS NULL
    CREATE USER {{[user]}} FOR LOGIN {{[user]}};
GO
ALTER ROLE {{[role]}} ADD MEMBER {{[user]}};
GO

PRINT N'Done. Now run: patronstream check';
GO
SET NOEXEC OFF;
GO
