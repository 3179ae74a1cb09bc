package dev.weft.rpc.rdma.software;

import com.ibm.disni.verbs.RdmaEventChannel;
import dev.weft.rpc.rdma.verbs.Owned;
import dev.weft.rpc.rdma.verbs.VerbsProvider;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where the connection manager's events are waited for. */
final class SoftwareEventChannel extends RdmaEventChannel implements Owned {
    private final SoftwareVerbsProvider provider;
    private final Inbox<SoftwareCmEvent> events;

    SoftwareEventChannel(SoftwareVerbsProvider provider) throws IOException {
        super(provider.fabric().newHandle());
        this.provider = provider;
        this.events = new Inbox<>(provider.fabric().environment().clock());
    }

    @Override
    public VerbsProvider owner() {
        return provider;
    }

    SoftwareVerbsProvider provider() {
        return provider;
    }

    void put(SoftwareCmEvent event) {
        events.put(event);
    }

    /** Has a thread that waits for an event return without one. */
    void wake() {
        events.wake();
    }

    @Nullable
    SoftwareCmEvent take(int timeoutMillis) throws IOException {
        return events.take(timeoutMillis);
    }

    /** Takes the events of an id out that nobody has fetched. */
    void forget(SoftwareCmId id, Consumer<SoftwareCmEvent> seen) {
        events.removeIf(event -> event.about() == id || event.getListenIdPriv() == id, seen);
    }

    void end() {
        isOpen = false;
        events.close("the event channel is destroyed");
    }
}
