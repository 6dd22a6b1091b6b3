package dev.patronstream.snapshotter.delivery;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import net.schmizz.sshj.common.LoggerFactory;
import org.slf4j.Logger;

/**
 * Loggers of the SSH library that say everything at debug level.
 *
 * <p>The library logs each failure it throws as an error, with a stack trace, at every layer; what came of an attempt is
 * said once, by the receipt. Thread-safe.
 */
final class QuietLoggers implements LoggerFactory {

    private static final Set<String> LOUD = Set.of("error", "warn", "info");

    @Override
    public Logger getLogger(String name) {
        return quiet(org.slf4j.LoggerFactory.getLogger(name));
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return quiet(org.slf4j.LoggerFactory.getLogger(type));
    }

    private static Logger quiet(Logger logger) {
        return (Logger) Proxy.newProxyInstance(
                QuietLoggers.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    try {
                        return lowered(method).invoke(logger, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Method lowered(Method method) throws NoSuchMethodException {
        if (LOUD.contains(method.getName())) {
            return Logger.class.getMethod("debug", method.getParameterTypes());
        }
        if (Set.of("isErrorEnabled", "isWarnEnabled", "isInfoEnabled").contains(method.getName())) {
            return Logger.class.getMethod("isDebugEnabled", method.getParameterTypes());
        }
        return method;
    }
}
