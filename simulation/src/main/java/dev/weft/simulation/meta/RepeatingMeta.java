package dev.weft.simulation.meta;

import dev.weft.api.meta.MetaException;
import dev.weft.api.meta.MetaService;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The metadata service over a network that brings some requests a second time, long after they were answered. Only such as
 * were carried out: one that was refused may well be carried out the second time.
 */
final class RepeatingMeta {
    private static final int MILLION = 1_000_000;
    private static final long LATE_NANOS_MAX = Duration.ofSeconds(8).toNanos();

    private RepeatingMeta() {}

    static MetaService over(MetaService service, MetaWorld world, Environment environment) {
        Object proxy = Proxy.newProxyInstance(
                MetaService.class.getClassLoader(), new Class<?>[] {MetaService.class}, (_, method, arguments) -> {
                    Object answer;
                    try {
                        answer = method.invoke(service, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause() instanceof Exception cause ? cause : e;
                    }
                    if (environment.random().nextInt(MILLION) < world.repeatedPerMillion) {
                        world.coverage().count("client.repeated");
                        environment
                                .threads()
                                .newThread(() -> again(environment, () -> method.invoke(service, arguments)))
                                .start();
                    }
                    return answer;
                });
        return (MetaService) proxy;
    }

    private interface Call {
        @Nullable
        Object make() throws ReflectiveOperationException;
    }

    private static void again(Environment environment, Call call) {
        try {
            environment.clock().sleep(Duration.ofNanos(environment.random().nextLong(LATE_NANOS_MAX)));
            call.make();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (InvocationTargetException e) {
            if (!(e.getCause() instanceof RpcException || e.getCause() instanceof MetaException)) {
                throw new IllegalStateException(e);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
