package dev.patronstream.standin.procedures;

import dev.patronstream.standin.cdc.ChangeDataCapture;
import dev.patronstream.standin.engine.Database;
import dev.patronstream.standin.session.Procedure;
import dev.patronstream.standin.session.Procedures;
import java.util.Map;
import java.util.Optional;

/** All procedures that exist. */
public final class SystemProcedures implements Procedures {
    private final Map<String, Procedure> procedures;

    public SystemProcedures(Database database, ChangeDataCapture capture) {
        CatalogProcedures catalog = new CatalogProcedures(database);
        CdcProcedures cdc = new CdcProcedures(database, capture);
        procedures = Map.ofEntries(
                Map.entry("sp_tables", catalog::tables),
                Map.entry("sp_columns_100", catalog::columns),
                Map.entry("sp_columns", catalog::columns),
                Map.entry("sp_pkeys", catalog::primaryKeys),
                Map.entry("sp_statistics", catalog::statistics),
                Map.entry("sp_datatype_info_100", catalog::dataTypes),
                Map.entry("sp_datatype_info", catalog::dataTypes),
                Map.entry("sp_rename", new RenameProcedure(database)::rename),
                Map.entry("sp_reset_connection", call -> 0),
                Map.entry("sp_cdc_enable_db", cdc::enableDatabase),
                Map.entry("sp_cdc_disable_db", cdc::disableDatabase),
                Map.entry("sp_cdc_enable_table", cdc::enableTable),
                Map.entry("sp_cdc_disable_table", cdc::disableTable),
                Map.entry("sp_cdc_help_change_data_capture", cdc::help),
                Map.entry("sp_cdc_help_jobs", cdc::helpJobs),
                Map.entry("sp_cdc_change_job", cdc::changeJob),
                Map.entry("sp_cdc_start_job", cdc::startJob),
                Map.entry("sp_cdc_stop_job", cdc::stopJob),
                Map.entry("sp_cdc_scan", cdc::scan),
                Map.entry("sp_cdc_cleanup_change_table", cdc::cleanUp),
                Map.entry("sp_cdc_get_captured_columns", cdc::capturedColumns));
    }

    @Override
    public Optional<Procedure> find(String name) {
        return Optional.ofNullable(procedures.get(name));
    }
}
