package dev.patronstream.standin.definition;

import dev.patronstream.standin.sql.SqlServerException;
import dev.patronstream.standin.sql.SqlType;
import dev.patronstream.standin.sql.Token;
import dev.patronstream.standin.sql.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The columns and constraints between the parentheses of a CREATE TABLE, a table variable or an ALTER TABLE ADD. */
public final class TableDefinition {
    /** A column as declared; the default, and what it is computed as, stay T-SQL. */
    record Column(
            String name,
            SqlType type,
            boolean nullable,
            boolean identity,
            Optional<List<Token>> defaultValue,
            Optional<List<Token>> computedAs) {}

    /** A key, unique constraint, foreign key or check. */
    record Constraint(Optional<String> name, Kind kind, List<String> columns, List<Token> rest) {}

    /** What a constraint says. */
    enum Kind {
        PRIMARY_KEY,
        UNIQUE,
        FOREIGN_KEY,
        CHECK
    }

    private final List<Column> columns = new ArrayList<>();
    private final List<Constraint> constraints = new ArrayList<>();
    private final Tokens tokens;

    private TableDefinition(Tokens tokens) {
        this.tokens = tokens;
    }

    public static TableDefinition parse(List<Token> text) {
        TableDefinition definition = new TableDefinition(new Tokens(text));
        do {
            definition.element();
        } while (definition.tokens.skipSymbol(","));
        if (!definition.tokens.atEnd()) {
            throw definition.tokens.unexpected();
        }
        return definition;
    }

    List<Column> columns() {
        return columns;
    }

    List<Constraint> constraints() {
        return constraints;
    }

    private void element() {
        if (tokens.peek().isAnyOf("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK")) {
            constraint(Optional.empty());
        } else if (tokens.peek().is("INDEX")) {
            throw SqlServerException.unsupported("an INDEX inside CREATE TABLE; use CREATE INDEX");
        } else {
            column();
        }
    }

    private void column() {
        String name = tokens.expectName();
        if (tokens.skip("AS")) {
            List<Token> expression = tokens.parenthesized();
            tokens.skip("PERSISTED");
            columns.add(
                    new Column(name, SqlType.nvarchar(4000), true, false, Optional.empty(), Optional.of(expression)));
            return;
        }
        SqlType type = SqlType.parse(tokens, 1);
        boolean nullable = true;
        boolean identity = false;
        Optional<List<Token>> defaultValue = Optional.empty();
        while (!tokens.atEnd() && !tokens.peek().isSymbol(",")) {
            if (tokens.skip("NOT", "NULL")) {
                nullable = false;
            } else if (tokens.skip("NULL") || tokens.skip("SPARSE") || tokens.skip("ROWGUIDCOL")) {
                // What these say is the default, or does not matter here.
            } else if (tokens.skip("COLLATE")) {
                tokens.next();
            } else if (tokens.skip("IDENTITY")) {
                identity = true;
                nullable = false;
                if (tokens.peek().isSymbol("(")) {
                    tokens.parenthesized();
                }
            } else if (tokens.peek().is("CONSTRAINT") && tokens.peek(2).is("DEFAULT")) {
                tokens.next();
                tokens.next();
            } else if (tokens.skip("DEFAULT")) {
                defaultValue = Optional.of(defaultValue());
                tokens.skip("WITH", "VALUES");
            } else {
                nullable &= constraint(Optional.of(name));
            }
        }
        columns.add(new Column(name, type, nullable, identity, defaultValue, Optional.empty()));
    }

    private List<Token> defaultValue() {
        int from = tokens.position();
        if (tokens.peek().isSymbol("(")) {
            tokens.parenthesized();
        } else {
            if (tokens.peek().isSymbol("-")) {
                tokens.next();
            }
            tokens.next();
            if (tokens.peek().isSymbol("(")) {
                tokens.parenthesized();
            }
        }
        return tokens.slice(from, tokens.position());
    }

    /** Reads a constraint, of the table or of one column; false if it makes the column NOT NULL. */
    private boolean constraint(Optional<String> ofColumn) {
        Optional<String> name = tokens.skip("CONSTRAINT") ? Optional.of(tokens.expectName()) : Optional.empty();
        Kind kind;
        if (tokens.skip("PRIMARY", "KEY")) {
            kind = Kind.PRIMARY_KEY;
        } else if (tokens.skip("UNIQUE")) {
            kind = Kind.UNIQUE;
        } else if (tokens.skip("FOREIGN", "KEY") || tokens.peek().is("REFERENCES")) {
            kind = Kind.FOREIGN_KEY;
        } else if (tokens.skip("CHECK")) {
            constraints.add(new Constraint(name, Kind.CHECK, List.of(), tokens.parenthesized()));
            return true;
        } else {
            throw tokens.unexpected();
        }
        if (!tokens.skip("CLUSTERED")) {
            tokens.skip("NONCLUSTERED");
        }
        List<String> names = ofColumn.isPresent() && !tokens.peek().isSymbol("(")
                ? List.of(ofColumn.get())
                : columnNames(tokens.parenthesized());
        int from = tokens.position();
        while (!tokens.atEnd() && !tokens.peek().isSymbol(",") && kind == Kind.FOREIGN_KEY) {
            if (tokens.peek().isSymbol("(")) {
                tokens.parenthesized();
            } else {
                tokens.next();
            }
        }
        List<Token> rest = tokens.slice(from, tokens.position());
        if (tokens.skip("WITH")) {
            tokens.parenthesized();
        }
        if (tokens.skip("ON")) {
            tokens.expectName();
        }
        constraints.add(new Constraint(name, kind, names, rest));
        return kind != Kind.PRIMARY_KEY;
    }

    static List<String> columnNames(List<Token> list) {
        Tokens names = new Tokens(list);
        List<String> result = new ArrayList<>();
        do {
            result.add(names.expectName());
            if (!names.skip("ASC")) {
                names.skip("DESC");
            }
        } while (names.skipSymbol(","));
        return result;
    }
}
