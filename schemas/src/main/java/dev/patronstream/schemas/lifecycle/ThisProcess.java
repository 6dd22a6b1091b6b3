package dev.patronstream.schemas.lifecycle;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What this process is called where others read of it. */
public final class ThisProcess {

    private ThisProcess() {}

    /** Returns the name of the machine. */
    public static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Returns machine and process: {@code sis1/4711}. */
    public static String name() {
        return host() + "/" + ProcessHandle.current().pid();
    }
}
