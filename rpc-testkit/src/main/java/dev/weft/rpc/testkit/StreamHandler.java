package dev.weft.rpc.testkit;

import dev.weft.rpc.Context;
import dev.weft.rpc.RpcException;
import dev.weft.rpc.StreamReader;
import dev.weft.rpc.StreamWriter;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves {@link StreamService}, and tells of what it saw in the end. */
public final class StreamHandler implements StreamService {
    private final BlockingQueue<String> events;

    /** Items that handlers have written. */
    final AtomicInteger written = new AtomicInteger();

    /** @param events gets {@code cancelled x} when the handler of the order x is interrupted */
    public StreamHandler(BlockingQueue<String> events) {
        this.events = events;
    }

    @Override
    public void list(StreamOrder order, StreamWriter<StreamItem> out) throws RefusedException {
        MemorySegment memory = MemorySegment.ofArray(new byte[order.bytes()]);
        try {
            for (int i = 0; i < order.items(); i++) {
                Pattern.fill(memory, i);
                out.write(new StreamItem(i, memory));
                written.incrementAndGet();
            }
        } catch (RpcException e) {
            events.add((Context.current().isCancelled() ? "cancelled " : e.code() + " ") + order.name());
            throw e;
        }
        switch (order.ending()) {
            case RETURN -> {}
            case REFUSE -> throw new RefusedException(new TextRequest("no more"));
            case FAIL -> throw new IllegalStateException("broken");
            case WAIT -> await(order.name());
        }
    }

    private void await(String name) {
        events.add("waits " + name);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            events.add((Context.current().isCancelled() ? "cancelled " : "interrupted ") + name);
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public StreamTotal count(StreamReader<StreamItem> in) {
        return countSome(new StreamOrder(Integer.MAX_VALUE, 0, "count", StreamOrder.Ending.RETURN), in);
    }

    @Override
    public StreamTotal countSome(StreamOrder order, StreamReader<StreamItem> in) {
        int items = 0;
        long bytes = 0;
        try {
            while (items < order.items() && in.hasNext()) {
                StreamItem item = in.next();
                bytes += item.bytes().byteSize();
                items++;
            }
        } catch (RpcException e) {
            events.add((Context.current().isCancelled() ? "cancelled " : e.code() + " ") + order.name());
            throw e;
        }
        return new StreamTotal(items, bytes);
    }

    @Override
    public StreamTotal echo(StreamReader<StreamItem> in, StreamWriter<StreamItem> out) {
        int items = 0;
        long bytes = 0;
        for (StreamItem item : in) {
            out.write(item);
            bytes += item.bytes().byteSize();
            items++;
        }
        return new StreamTotal(items, bytes);
    }
}
