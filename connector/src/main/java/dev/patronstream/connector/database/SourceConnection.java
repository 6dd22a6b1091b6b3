package dev.patronstream.connector.database;

import com.microsoft.sqlserver.jdbc.SQLServerDriver;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** Opens connections to the database: the configured driver properties over ours, and the login over both. */
public final class SourceConnection {

    private SourceConnection() {}

    /** Opens a connection; it is the caller's to close. */
    public static Connection open(DatabaseSettings settings) throws SQLException {
        Properties properties = new Properties();
        properties.put("loginTimeout", "10");
        properties.put("socketTimeout", "30000");
        properties.put("queryTimeout", "20");
        properties.put("applicationName", "patronstream");
        // A connection that is made again unseen may lead into a database that was restored meanwhile.
        properties.put("connectRetryCount", "0");
        properties.putAll(settings.driver());
        properties.put("user", settings.user());
        properties.put("password", settings.password().reveal());
        properties.put("databaseName", settings.database());
        String url = "jdbc:sqlserver://" + settings.host() + ":" + settings.port();
        return new SQLServerDriver().connect(url, properties);
    }
}
