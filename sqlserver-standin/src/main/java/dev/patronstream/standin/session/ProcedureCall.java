package dev.patronstream.standin.session;

import dev.patronstream.standin.engine.ResultColumn;
import dev.patronstream.standin.sql.ObjectName;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.TypedValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call of a system procedure: its arguments by name or by place, the session it runs in and where its answer goes.
 *
 * @param procedure the name as called
 * @param arguments in the order given
 */
public record ProcedureCall(Session session, ObjectName procedure, List<Argument> arguments, Response response) {
    /** An argument; the name with its {@code @}, if given; no value for DEFAULT. */
    public record Argument(Optional<String> name, Optional<TypedValue> value) {}

    /** The argument with this name (with its {@code @}), or at this place (from 0) if given without names. */
    public Optional<TypedValue> argument(String name, int place) {
        for (Argument argument : arguments) {
            if (argument.name().filter(name::equalsIgnoreCase).isPresent()) {
                return argument.value();
            }
        }
        if (place < arguments.size() && arguments.get(place).name().isEmpty()) {
            return arguments.get(place).value();
        }
        return Optional.empty();
    }

    /** A text argument; empty if missing or NULL. */
    public Optional<String> text(String name, int place) {
        return argument(name, place).map(TypedValue::value).map(Object::toString);
    }

    /** A number argument; empty if missing or NULL. */
    public Optional<Long> number(String name, int place) {
        return argument(name, place).map(TypedValue::value).map(ProcedureCall::toLong);
    }

    private static long toLong(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? 1 : 0;
        }
        if (value instanceof Number number) {
            return number.longValue();
        }
        try {
            return Long.parseLong(value.toString().trim());
        } catch (NumberFormatException e) {
            throw new SqlServerException(8114, 16, 5, "Error converting data type nvarchar to int.");
        }
    }

    /** A text argument without which the procedure cannot run. */
    public String required(String name, int place) {
        return text(name, place)
                .orElseThrow(() -> new SqlServerException(
                        201,
                        16,
                        4,
                        "Procedure or function '" + procedure.name() + "' expects parameter '" + name
                                + "', which was not supplied."));
    }

    /** Answers a result set. */
    public void answer(List<ResultColumn> columns, List<@Nullable Object[]> rows) {
        response.columns(columns);
        rows.forEach(response::row);
        response.done(Command.SELECT, rows.size());
    }
}
