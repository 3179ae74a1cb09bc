package dev.weft.simulation;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** Stands before an object and does something else at one of its methods. */
@FunctionalInterface
public interface Around {
    /** Goes on to the object, with these arguments. */
    interface Proceed {
        @Nullable
        Object with(@Nullable Object... arguments) throws Exception;

        /** The same, where something comes back. */
        default <R> R get(Class<R> type, @Nullable Object... arguments) throws Exception {
            return type.cast(requireNonNull(with(arguments)));
        }
    }

    @Nullable
    Object call(@Nullable Object[] arguments, Proceed proceed) throws Exception;

    static <T> T method(Class<T> type, T target, String name, Around instead) {
        Object proxy = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
            Proceed proceed = with -> {
                try {
                    return method.invoke(target, with);
                } catch (InvocationTargetException e) {
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            };
            Object[] given = arguments == null ? new Object[0] : arguments;
            return method.getName().equals(name) ? instead.call(given, proceed) : proceed.with(given);
        });
        return type.cast(proxy);
    }
}
