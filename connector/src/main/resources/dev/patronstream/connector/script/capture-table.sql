-- {{title}}
DECLARE @columns nvarchar(max) = {{'required'}};
{{optional}}
IF NOT EXISTS (SELECT 1 FROM cdc.change_tables WHERE capture_instance = {{'instance'}})
    EXEC sys.sp_cdc_enable_table
        @source_schema = {{'schema'}},
        @source_name = {{'table'}},
        @capture_instance = {{'instance'}},
        @role_name = {{'role'}},
        @captured_column_list = @columns,
        @supports_net_changes = 0;
EXEC (N'GRANT SELECT ON {{[schema]}}.{{[table]}} (' + @columns + N') TO {{[role]}}');
GRANT SELECT ON [cdc].{{[changes]}} TO {{[role]}};
GO
