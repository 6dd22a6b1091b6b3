-- {{title}}
DECLARE @columns nvarchar(max) = {{'required'}};
{{optional}}
EXEC (N'GRANT SELECT ON {{[schema]}}.{{[table]}} (' + @columns + N') TO {{[role]}}');
GO
