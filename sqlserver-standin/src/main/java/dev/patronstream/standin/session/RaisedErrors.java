package dev.patronstream.standin.session;

import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.Statement;
import dev.patronstream.standin.sql.Token;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The errors and messages that a batch raises itself. */
final class RaisedErrors {
    private final Statements statements;
    private final Response response;

    RaisedErrors(Statements statements, Response response) {
        this.statements = statements;
        this.response = response;
    }

    /** RAISERROR: a message up to severity 10, an error above. */
    void raise(Statement.RaiseError raise) throws SQLException {
        String text = String.valueOf(statements.evaluateText(raise.arguments().get(0)));
        int severity = number(raise.arguments(), 1, 16);
        int state = number(raise.arguments(), 2, 1);
        for (List<Token> argument : raise.arguments().stream().skip(3).toList()) {
            String value = String.valueOf(statements.evaluateText(argument));
            text = text.replaceFirst("%(s|d|i|u)", java.util.regex.Matcher.quoteReplacement(value));
        }
        if (severity <= 10) {
            response.message(50000, text);
        } else {
            throw new SqlServerException(50000, severity, state, text);
        }
    }

    /** THROW: the error that it names, or without arguments the one that has been caught. */
    SqlServerException thrown(Statement.Throw thrown, Optional<SqlServerException> caught) throws SQLException {
        if (thrown.arguments().isEmpty()) {
            return caught.orElseThrow(() -> new SqlServerException(
                    10704, 15, 1, "To rethrow an error, a THROW statement must be used inside a CATCH block."));
        }
        int number = number(thrown.arguments(), 0, 50000);
        String text = String.valueOf(statements.evaluateText(thrown.arguments().get(1)));
        return new SqlServerException(number, 16, number(thrown.arguments(), 2, 1), text);
    }

    private int number(List<List<Token>> arguments, int index, int otherwise) throws SQLException {
        if (index >= arguments.size()) {
            return otherwise;
        }
        Object value = statements.evaluate(arguments.get(index), SqlType.INT);
        return value instanceof Number n ? n.intValue() : otherwise;
    }
}
