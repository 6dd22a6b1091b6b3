package dev.patronstream.standin.security;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.h2.command.Prepared;
import org.h2.command.dml.DataChangeStatement;
import org.h2.command.query.Query;
import org.h2.command.query.Select;
import org.h2.command.query.SelectUnion;
import org.h2.engine.DbObject;
import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.expression.ExpressionVisitor;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.h2.table.Column;
import org.h2.table.QueryExpressionTable;
import org.h2.table.Table;
import org.h2.table.TableFilter;
import org.h2.table.TableView;
import org.jspecify.annotations.Nullable;

/**
 * Which tables and columns a statement touches, as the engine itself resolves them: through aliases, joins, subqueries,
 * derived tables and common table expressions, but not into views.
 *
 * @param tables the tables that are read
 * @param columns their columns that are read
 * @param change the table that is changed, if any
 */
record StatementReading(Set<Table> tables, Set<Column> columns, Optional<Change> change) {

    /**
     * A change of a table.
     *
     * @param right INSERT, UPDATE or DELETE
     */
    record Change(Table table, String right) {}

    /** Reads a statement; one that the engine refuses touches nothing, and will be refused. */
    static StatementReading of(Connection jdbc, String sql) throws SQLException {
        SessionLocal session = (SessionLocal) jdbc.unwrap(JdbcConnection.class).getSession();
        try {
            return of(session.prepare(sql));
        } catch (DbException e) {
            return new StatementReading(Set.of(), Set.of(), Optional.empty());
        }
    }

    private static StatementReading of(Prepared prepared) {
        HashSet<DbObject> objects = new HashSet<>();
        HashSet<Column> columns = new HashSet<>();
        prepared.collectDependencies(objects);
        Set<Table> tables = new LinkedHashSet<>();
        if (prepared instanceof Query query) {
            visit(query, columns);
        }
        for (DbObject object : objects) {
            if (object instanceof QueryExpressionTable derived && !(object instanceof TableView)) {
                visit(derived.getTopQuery(), columns);
                visit(derived.getQuery(), columns);
            } else if (object instanceof Table table) {
                tables.add(table);
            }
        }
        if (prepared instanceof DataChangeStatement change) {
            tables.remove(change.getTable());
            String right = change.getStatementName().equals("MERGE") ? "UPDATE" : change.getStatementName();
            return new StatementReading(tables, columns, Optional.of(new Change(change.getTable(), right)));
        }
        return new StatementReading(tables, columns, Optional.empty());
    }

    private static void visit(@Nullable Query query, HashSet<Column> columns) {
        if (query == null) {
            return;
        }
        query.isEverything(ExpressionVisitor.getColumnsVisitor(columns, null));
        if (query instanceof SelectUnion union) {
            visit(union.getLeft(), columns);
            visit(union.getRight(), columns);
        } else if (query instanceof Select select) {
            visit(select.getTopTableFilter(), columns);
        }
    }

    /** The conditions of outer joins, which are not among the query's own. */
    private static void visit(@Nullable TableFilter filter, HashSet<Column> columns) {
        for (TableFilter next = filter; next != null; next = next.getJoin()) {
            Expression condition = next.getJoinCondition();
            if (condition != null) {
                condition.isEverything(ExpressionVisitor.getColumnsVisitor(columns, null));
            }
            visit(next.getNestedJoin(), columns);
        }
    }
}
