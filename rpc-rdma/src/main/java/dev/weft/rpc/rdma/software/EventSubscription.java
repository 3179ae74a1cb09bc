package dev.weft.rpc.rdma.software;

import dev.weft.rpc.rdma.verbs.DeviceEvent;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls a listener with the events of a device, in order, on a thread of its own. */
final class EventSubscription implements VerbsProvider.Subscription {
    private final SoftwareContext context;
    private final Consumer<DeviceEvent> listener;
    private final Inbox<DeviceEvent> events;

    EventSubscription(SoftwareContext context, Consumer<DeviceEvent> listener) {
        this.context = context;
        this.listener = listener;
        this.events = new Inbox<>(context.fabric().environment().clock());
        context.provider()
                .thread("rdma-events-" + context.device().name(), this::run)
                .start();
    }

    void put(DeviceEvent event) {
        events.put(event);
    }

    private void run() {
        while (true) {
            @Nullable DeviceEvent event;
            try {
                event = events.take(-1);
            } catch (IOException e) {
                return; // closed, or the thread was interrupted: nobody listens any more
            }
            if (event != null) {
                listener.accept(event);
            }
        }
    }

    @Override
    public void close() {
        context.unsubscribe(this);
        events.close("nobody listens any more");
    }
}
