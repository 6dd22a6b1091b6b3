package dev.patronstream.standin.session;

/** What the stand-in says of itself. It looks like SQL Server 2022 to drivers, and names itself where people read. */
public final class Server {
    /** The server's name. */
    public static final String NAME = "PATRONSTREAM";

    /** Major, minor, build: what a driver reads at login. */
    public static final int MAJOR = 16;

    public static final int MINOR = 0;
    public static final int BUILD = 1000;

    /** {@code SERVERPROPERTY('ProductVersion')}. */
    public static final String VERSION = "16.0.1000.6";

    /** {@code @@VERSION}. */
    public static final String VERSION_TEXT =
            "Microsoft SQL Server 2022 (RTM) - 16.0.1000.6 (X64) patronstream's SQL Server stand-in, not Microsoft's server";

    private Server() {}
}
