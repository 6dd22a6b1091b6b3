-- Lets patronstream read what it needs in {{database}}: SELECT on the columns below, and nothing else.
-- Change data capture is not needed, and nothing of the database is changed. Run it as {{by}}.
-- It can be run again.
--
{{run}}
--
-- To take it back: patronstream sql --undo

{{guards}}{{password-guard}}

-- 1. The role that has the rights.
IF DATABASE_PRINCIPAL_ID({{'role'}}) IS NULL
    CREATE ROLE {{[role]}};
GO

-- 2. The columns that are needed, as far as this version of Aeries has them.

{{readable}}

-- 3. The account. It is in the role and has no rights of its own.
{{account}}

PRINT N'Done. Now run: patronstream check';
GO
SET NOEXEC OFF;
GO
