package dev.patronstream.standin.sql;

import java.util.List;
import java.util.Optional;

/** What a statement's names mean where it is executed. */
public interface Scope {
    /** The variable or parameter, if declared. */
    Optional<TypedValue> variable(String name);

    /** The engine's name of a table variable, if declared. */
    Optional<String> tableVariable(String name);

    /** A system variable ({@code @@spid}) or a function of the session without arguments ({@code db_name}), in lower case. */
    Optional<TypedValue> systemValue(String name);

    /** A value of SERVERPROPERTY or DATABASEPROPERTYEX; NULL for a property that does not exist. */
    TypedValue property(String name);

    /** Whether the name is the current database's; system databases are not counted. */
    boolean isCurrentDatabase(String name);

    /** Whether a database of this name exists on the server. */
    boolean isDatabase(String name);

    /** The captured columns of a capture instance, if there is one. */
    Optional<List<String>> capturedColumns(String captureInstance);
}
