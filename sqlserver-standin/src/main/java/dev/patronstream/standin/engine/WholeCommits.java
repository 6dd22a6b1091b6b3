package dev.patronstream.standin.engine;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;

/**
 * Keeps a commit on one connection out of the middle of a statement on another.
 *
 * <p>The engine stores all its tables with every commit, one after the other, while other connections go on writing. A
 * row that is written between the storing of the undo log and that of its table is stored without the note of how to
 * take it back. Nothing comes of it, unless the process is killed before the next commit: then half a transaction stays,
 * or a row that is locked for ever. So a statement that may write, or a
 * roll-back, holds a lock shared with its like, and a commit has it
 * alone.
 *
 * <p>A statement may wait for a row of a transaction whose commit waits for that very statement. While it waits it
 * writes nothing, so a commit goes ahead after a moment, no matter who holds the lock. Definitions commit within the engine and
 * are not kept apart. Thread-safe.
 */
final class WholeCommits {
    private static final long MOMENT_MILLIS = 200;

    private static final Pattern READING =
            Pattern.compile("\\s*SELECT\\b(?!.*\\b(FOR\\s+UPDATE|(FINAL|NEW|OLD)\\s+TABLE)\\b).*", Pattern.DOTALL);

    private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

    /** Returns the connection with this care taken of its statements and commits. */
    Connection guard(Connection jdbc) {
        return proxy(Connection.class, (method, arguments) -> {
            switch (method.getName()) {
                case "commit" -> {
                    return commit(() -> method.invoke(jdbc, arguments));
                }
                case "rollback" -> {
                    return shared(() -> method.invoke(jdbc, arguments));
                }
                case "prepareStatement" -> {
                    PreparedStatement statement = (PreparedStatement) method.invoke(jdbc, arguments);
                    boolean reads = READING.matcher(((String) arguments[0]).toUpperCase(Locale.ROOT))
                            .matches();
                    return reads ? statement : guard(PreparedStatement.class, statement);
                }
                case "createStatement" -> {
                    return guard(Statement.class, (Statement) method.invoke(jdbc, arguments));
                }
                default -> {
                    return method.invoke(jdbc, arguments);
                }
            }
        });
    }

    private <T extends Statement> T guard(Class<T> type, T statement) {
        return proxy(type, (method, arguments) -> {
            boolean writes = method.getName().startsWith("execute");
            return writes ? shared(() -> method.invoke(statement, arguments)) : method.invoke(statement, arguments);
        });
    }

    private Object shared(Call call) throws ReflectiveOperationException {
        lock.readLock().lock();
        try {
            return call.run();
        } finally {
            lock.readLock().unlock();
        }
    }

    private Object commit(Call call) throws ReflectiveOperationException, InterruptedException {
        Lock alone = lock.writeLock();
        boolean isAlone = alone.tryLock(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        try {
            return call.run();
        } finally {
            if (isAlone) {
                alone.unlock();
            }
        }
    }

    @FunctionalInterface
    private interface Call {
        Object run() throws ReflectiveOperationException;
    }

    @FunctionalInterface
    private interface Handler {
        Object call(java.lang.reflect.Method method, Object[] arguments)
                throws ReflectiveOperationException, InterruptedException;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                WholeCommits.class.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return handler.call(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new SQLException("Interrupted while a commit waited for its turn", e);
                    }
                }));
    }
}
