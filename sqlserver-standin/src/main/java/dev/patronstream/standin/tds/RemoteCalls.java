package dev.patronstream.standin.tds;

import dev.patronstream.standin.session.ParameterList;
import dev.patronstream.standin.session.ProcedureCall;
import dev.patronstream.standin.session.Session;
import dev.patronstream.standin.session.Variables;
import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.TypedValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Executes remote procedure calls: prepared statements, and procedures by name. Holds the prepared handles. */
final class RemoteCalls {
    private record Prepared(ParameterList parameters, String text) {}

    private final Supplier<TokenWriter> tokens;
    private final Map<Integer, Prepared> prepared = new HashMap<>();
    private int lastHandle;

    RemoteCalls(Supplier<TokenWriter> tokens) {
        this.tokens = tokens;
    }

    void execute(List<RpcRequest> requests, Session session) {
        for (RpcRequest request : requests) {
            TokenWriter out = tokens.get();
            out.begin(true);
            try {
                execute(request, session, out);
            } catch (SqlServerException e) {
                out.error(e);
                out.endProcedure(List.of(), List.of());
            }
            if (session.isCancelled()) {
                return;
            }
        }
    }

    private void execute(RpcRequest request, Session session, TokenWriter out) {
        List<RpcRequest.Parameter> parameters = request.parameters();
        String name = request.procedure().toLowerCase(Locale.ROOT);
        if (name.startsWith("sp_cursor")) {
            throw SqlServerException.unsupported("server cursors (" + name + ")");
        }
        switch (name) {
            case "sp_executesql" -> {
                String text = text(parameters, 0);
                ParameterList declared = ParameterList.parse(parameters.size() > 1 ? text(parameters, 1) : "");
                run(session, text, declared, parameters, 2, out);
            }
            case "sp_prepare" -> {
                int handle = prepare(text(parameters, 1), text(parameters, 2));
                out.returnStatus(0);
                out.endProcedure(List.of(""), List.of(TypedValue.of(handle)));
            }
            case "sp_prepexec" -> {
                int handle = prepare(text(parameters, 1), text(parameters, 2));
                Prepared statement = prepared.get(handle);
                Variables variables = variables(statement.parameters(), parameters, 3);
                session.execute(statement.text(), variables, out);
                out.returnStatus(0);
                finish(statement.parameters(), parameters, 3, variables, Optional.of(handle), out);
            }
            case "sp_execute" -> {
                int handle = number(parameters, 0);
                Prepared statement = prepared.get(handle);
                if (statement == null) {
                    throw new SqlServerException(
                            8179, 16, 1, "Could not find prepared statement with handle " + handle + ".");
                }
                run(session, statement.text(), statement.parameters(), parameters, 1, out);
            }
            case "sp_unprepare" -> {
                prepared.remove(number(parameters, 0));
                out.returnStatus(0);
                out.endProcedure(List.of(), List.of());
            }
            default -> callByName(request, session, out);
        }
    }

    private void callByName(RpcRequest request, Session session, TokenWriter out) {
        List<ProcedureCall.Argument> arguments = new ArrayList<>();
        for (RpcRequest.Parameter parameter : request.parameters()) {
            arguments.add(new ProcedureCall.Argument(
                    Optional.of(parameter.name()).filter(n -> !n.isEmpty()), Optional.of(parameter.value())));
        }
        session.call(request.procedure(), arguments, out);
        out.endProcedure(List.of(), List.of());
    }

    private int prepare(String parameters, String text) {
        prepared.put(++lastHandle, new Prepared(ParameterList.parse(parameters), text));
        return lastHandle;
    }

    private static void run(
            Session session,
            String text,
            ParameterList declared,
            List<RpcRequest.Parameter> parameters,
            int first,
            TokenWriter out) {
        Variables variables = variables(declared, parameters, first);
        session.execute(text, variables, out);
        out.returnStatus(0);
        finish(declared, parameters, first, variables, Optional.empty(), out);
    }

    private static Variables variables(ParameterList declared, List<RpcRequest.Parameter> parameters, int first) {
        List<Optional<String>> names = new ArrayList<>();
        List<TypedValue> values = new ArrayList<>();
        for (RpcRequest.Parameter parameter :
                parameters.subList(Math.min(first, parameters.size()), parameters.size())) {
            names.add(Optional.of(parameter.name()).filter(n -> !n.isEmpty()));
            values.add(parameter.value());
        }
        return declared.bind(names, values);
    }

    private static void finish(
            ParameterList declared,
            List<RpcRequest.Parameter> parameters,
            int first,
            Variables variables,
            Optional<Integer> handle,
            TokenWriter out) {
        List<String> names = new ArrayList<>();
        List<TypedValue> outputs = new ArrayList<>();
        handle.ifPresent(h -> {
            names.add("");
            outputs.add(TypedValue.of(h));
        });
        for (int i = first; i < parameters.size(); i++) {
            RpcRequest.Parameter parameter = parameters.get(i);
            if (parameter.output()) {
                String name = parameter.name().isEmpty()
                        ? declared.parameters().get(i - first).name()
                        : parameter.name();
                names.add(name);
                outputs.add(variables.value(name).orElseThrow());
            }
        }
        out.endProcedure(names, outputs);
    }

    private static String text(List<RpcRequest.Parameter> parameters, int index) {
        Object value = parameter(parameters, index).value();
        return value == null ? "" : value.toString();
    }

    private static int number(List<RpcRequest.Parameter> parameters, int index) {
        return parameter(parameters, index).value() instanceof Number n ? n.intValue() : 0;
    }

    private static TypedValue parameter(List<RpcRequest.Parameter> parameters, int index) {
        return index < parameters.size() ? parameters.get(index).value() : TypedValue.nothing(SqlType.INT);
    }
}
