IF EXISTS (SELECT 1 FROM sys.databases WHERE name = DB_NAME() AND is_cdc_enabled = 1)
BEGIN
    IF EXISTS (SELECT 1 FROM cdc.change_tables WHERE capture_instance = {{'instance'}})
        EXEC sys.sp_cdc_disable_table @source_schema = {{'schema'}}, @source_name = {{'table'}}, @capture_instance = {{'instance'}};
END
GO
