IF SUSER_ID({{'user'}}) IS NULL
    CREATE LOGIN {{[user]}} {{origin}};
GO
IF DATABASE_PRINCIPAL_ID({{'user'}}) IS NULL
    CREATE USER {{[user]}} FOR LOGIN {{[user]}};
GO
ALTER ROLE {{[role]}} ADD MEMBER {{[user]}};
GO
