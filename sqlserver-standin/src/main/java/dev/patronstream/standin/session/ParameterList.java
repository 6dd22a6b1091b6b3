package dev.patronstream.standin.session;

import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Tokenizer;
import dev.patronstream.standin.sql.Tokens;
import dev.patronstream.standin.sql.TypedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The declared parameters of sp_executesql and its like: {@code @P0 int, @P1 nvarchar(4000) OUTPUT}. */
public record ParameterList(List<Parameter> parameters) {
    /** One declared parameter. */
    public record Parameter(String name, SqlType type) {}

    public static ParameterList parse(String text) {
        Tokens tokens = new Tokens(Tokenizer.tokens(text));
        List<Parameter> parameters = new ArrayList<>();
        while (!tokens.atEnd()) {
            if (tokens.peek().kind() != Token.Kind.VARIABLE) {
                throw tokens.unexpected();
            }
            String name = tokens.next().text();
            tokens.skip("AS");
            parameters.add(new Parameter(name, SqlType.parse(tokens, 1)));
            if (tokens.skipSymbol("=")) {
                tokens.next();
            }
            if (!tokens.skip("OUTPUT")) {
                tokens.skip("OUT");
            }
            if (!tokens.atEnd()) {
                tokens.expectSymbol(",");
            }
        }
        return new ParameterList(List.copyOf(parameters));
    }

    /** Variables with the values given, by name where there is one, else by place. */
    public Variables bind(List<Optional<String>> names, List<TypedValue> values) {
        Variables variables = new Variables();
        for (Parameter parameter : parameters) {
            variables.declare(parameter.name(), TypedValue.nothing(parameter.type()));
        }
        for (int i = 0; i < values.size(); i++) {
            Optional<String> name = names.get(i).filter(n -> !n.isEmpty());
            if (name.isEmpty() && i >= parameters.size()) {
                throw new SqlServerException(8144, 16, 2, "Procedure or function has too many arguments specified.");
            }
            int place = i;
            Parameter parameter = name.isEmpty()
                    ? parameters.get(place)
                    : parameters.stream()
                            .filter(p -> p.name().equalsIgnoreCase(name.get()))
                            .findFirst()
                            .orElseThrow(() -> new SqlServerException(
                                    8145, 16, 2, name.get() + " is not a parameter for procedure sp_executesql."));
            variables.declare(
                    parameter.name(),
                    new TypedValue(parameter.type(), values.get(i).value()));
        }
        return variables;
    }
}
