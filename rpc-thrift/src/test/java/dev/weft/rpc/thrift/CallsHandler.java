package dev.weft.rpc.thrift;

import dev.weft.rpc.Context;
import dev.weft.rpc.Environment;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StatusCode;
import dev.weft.rpc.thrift.generated.Calls;
import dev.weft.rpc.thrift.generated.Everything;
import dev.weft.rpc.thrift.generated.NotFound;
import dev.weft.rpc.thrift.generated.Refused;
import dev.weft.rpc.thrift.generated.Tree;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.thrift.TApplicationException;
import org.apache.thrift.TException;

/** Serves {@code everything.thrift} for tests. */
final class CallsHandler implements Calls.Iface {
    final CopyOnWriteArrayList<String> notes = new CopyOnWriteArrayList<>();
    final AtomicInteger interrupted = new AtomicInteger();
    final CountDownLatch slowBegun = new CountDownLatch(1);
    final CopyOnWriteArrayList<Thread> threads = new CopyOnWriteArrayList<>();
    final CopyOnWriteArrayList<Boolean> deadlines = new CopyOnWriteArrayList<>();

    @Override
    public String version() {
        return "1.0";
    }

    @Override
    public Everything echo(Everything value) {
        return value;
    }

    @Override
    public void nothing() {
        threads.add(Thread.currentThread());
        deadlines.add(Context.current().hasDeadline());
    }

    @Override
    public int add(int a, int b) {
        return a + b;
    }

    @Override
    public String find(String name) throws TException {
        return switch (name) {
            case "missing" -> throw new NotFound(name, 404);
            case "forbidden" -> throw new Refused("not for you");
            default -> "found " + name;
        };
    }

    @Override
    public void check(boolean fine) throws TException {
        if (!fine) {
            throw new Refused("not fine");
        }
    }

    @Override
    public void note(String text) {
        notes.add(text);
    }

    @Override
    public List<String> notes() {
        return new ArrayList<>(notes);
    }

    @Override
    public ByteBuffer blob(ByteBuffer bytes) {
        return bytes;
    }

    @Override
    public String slow(long millis) throws TException {
        slowBegun.countDown();
        try {
            Environment.system().clock().sleep(Duration.ofMillis(millis));
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw new TException(e);
        }
        return "slept";
    }

    @Override
    public int fail(String how) throws TException {
        return switch (how) {
            case "unchecked" -> throw new IllegalStateException("broken");
            case "application" -> throw new TApplicationException(TApplicationException.MISSING_RESULT, "own");
            case "rpc" -> throw new RpcException(StatusCode.PERMISSION_DENIED, "go away");
            case "undeclared" -> throw new TException("not declared");
            default -> how.length();
        };
    }

    @Override
    public int depth(Tree tree) {
        int deepest = 0;
        if (tree.isSetChildren()) {
            for (Tree child : tree.children) {
                deepest = Math.max(deepest, depth(child));
            }
        }
        return deepest + 1;
    }

    @Override
    @SuppressWarnings("NullAway") // what is tried
    public String nullResult() {
        return null;
    }
}
