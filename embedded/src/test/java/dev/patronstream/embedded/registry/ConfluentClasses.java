package dev.patronstream.embedded.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Confluent's own serde and registry client, with the Kafka and the Avro they were built with, in a class loader that
 * sees nothing of ours. Called by reflection.
 */
final class ConfluentClasses implements AutoCloseable {

    private final URLClassLoader loader;

    ConfluentClasses() {
        Path jar = Path.of("target", "confluent", "confluent.jar").toAbsolutePath();
        if (!Files.exists(jar)) {
            throw new IllegalStateException("The build copies Confluent's classes to " + jar + "; run it with Maven");
        }
        try {
            loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes an object of theirs. */
    Object make(String className, @Nullable Object... arguments) throws Exception {
        return inTheirs(() -> {
            Constructor<?> constructor =
                    pick(Arrays.stream(loader.loadClass(className).getConstructors()), className, arguments);
            return constructor.newInstance(arguments);
        });
    }

    /** Calls a method of an object of theirs. */
    @Nullable
    Object call(Object target, String name, @Nullable Object... arguments) throws Exception {
        return inTheirs(() -> {
            Method method = pick(
                    Arrays.stream(target.getClass().getMethods())
                            .filter(candidate -> candidate.getName().equals(name))
                            .filter(candidate -> !candidate.isBridge()),
                    name,
                    arguments);
            return method.invoke(target, arguments);
        });
    }

    /** Calls a static method of theirs. */
    @Nullable
    Object callStatic(String className, String name, @Nullable Object... arguments) throws Exception {
        return inTheirs(() -> pick(
                        Arrays.stream(loader.loadClass(className).getMethods())
                                .filter(candidate -> candidate.getName().equals(name)),
                        name,
                        arguments)
                .invoke(null, arguments));
    }

    private interface Action {
        @Nullable
        Object run() throws Exception;
    }

    /** Their code looks up classes by name through the thread's class loader. */
    private Object inTheirs(Action action) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            Object result = action.run();
            return result == null ? "void" : result;
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static <E extends Executable> E pick(Stream<E> candidates, String name, @Nullable Object[] arguments) {
        return candidates
                .filter(candidate -> accepts(candidate.getParameterTypes(), arguments))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Confluent's classes have no " + name + " for " + Arrays.toString(arguments)));
    }

    private static boolean accepts(Class<?>[] parameters, @Nullable Object[] arguments) {
        if (parameters.length != arguments.length) {
            return false;
        }
        for (int i = 0; i < parameters.length; i++) {
            Object argument = arguments[i];
            Class<?> parameter = parameters[i];
            boolean fits = argument == null
                    || parameter.isInstance(argument)
                    || (parameter == int.class && argument instanceof Integer)
                    || (parameter == boolean.class && argument instanceof Boolean);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            loader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
