package dev.weft.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.rpc.spi.InboundMessage;
import dev.weft.rpc.spi.MessageKind;
import dev.weft.rpc.spi.OutboundMessage;
import dev.weft.serde.Codecs;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Items of one stream in whatever order they arrive, from a sender that keeps to its credit and from one that does not. */
final class StreamInboxProperties {
    private static final int MAX_MESSAGE_BYTES = 1000;

    /** Keeps the last grant. */
    private static final class Link implements StreamLink {
        StreamWire.Credit granted;

        Link(int items, int bytes) {
            granted = new StreamWire.Credit(items, bytes);
        }

        @Override
        public int headroom() {
            return 0;
        }

        @Override
        public void send(OutboundMessage message, long deadlineNanos) {
            assertEquals(MessageKind.REPLY_CREDIT, message.kind());
            byte[] body = message.body().toByteArray();
            StreamWire.Credit credit = StreamWire.credit(
                    new InboundMessage(message.kind(), message.id(), MemorySegment.ofArray(body), false));
            assertTrue(credit.items() > granted.items() && credit.bytes() >= granted.bytes(), "credit only grows");
            granted = credit;
        }
    }

    private static StreamInbox inbox(Link link, int maxItems, int maxBytes) {
        StreamConfig limits = new StreamConfig(maxItems, maxBytes, 1, Duration.ofSeconds(1));
        CallConfig config = new CallConfig(MAX_MESSAGE_BYTES, 1, CallConfig.NO_COMPRESSION, limits);
        return new StreamInbox(MessageKind.REPLY_CREDIT, 1, 0, link, config);
    }

    private static InboundMessage item(long number, int bytes) {
        String text = "x".repeat(Math.max(0, bytes - StreamWire.ITEM_HEAD_BYTES - 2));
        byte[] body = StreamWire.item(number, text, Codecs.STRING, 0, CallConfig.NO_COMPRESSION)
                .toByteArray();
        return new InboundMessage(MessageKind.REPLY_ITEM, 1, MemorySegment.ofArray(body), false);
    }

    @Property(tries = 2000)
    void itemsAreTakenInOrderAndNoMoreAreHeldThanAllowed(
            @ForAll long seed,
            @ForAll @IntRange(max = 60) int count,
            @ForAll @IntRange(min = 1, max = 9) int maxItems,
            @ForAll @IntRange(min = 1, max = 2000) int maxBytes) {
        Random random = new Random(seed);
        Link link = new Link(maxItems, maxBytes);
        StreamInbox inbox = inbox(link, maxItems, maxBytes);
        List<InboundMessage> onTheWay = new ArrayList<>();
        Set<Long> arrived = new HashSet<>();
        long sent = 0;
        long sentBytes = 0;
        long heldBytes = 0;
        long taken = 0;
        boolean ended = false;
        while (taken < count) {
            int action = random.nextInt(4);
            if (action == 0 && sent < count && sent < link.granted.items() && sentBytes < link.granted.bytes()) {
                InboundMessage item = item(sent++, 12 + random.nextInt(MAX_MESSAGE_BYTES - 20));
                sentBytes += item.body().byteSize();
                onTheWay.add(item);
            } else if (action == 1 && !onTheWay.isEmpty()) {
                InboundMessage item = onTheWay.remove(random.nextInt(onTheWay.size()));
                assertNull(inbox.put(StreamWire.count(item), item));
                arrived.add(StreamWire.count(item));
                heldBytes += item.body().byteSize();
            } else if (action == 2 && arrived.remove(taken)) {
                InboundMessage item = inbox.take();
                assertNotNull(item);
                assertEquals(taken++, StreamWire.count(item));
                heldBytes -= item.body().byteSize();
            } else if (action == 3 && sent == count && !ended) {
                ended = true;
                assertNull(inbox.end(count));
            }
            assertTrue(arrived.size() <= maxItems, arrived.size() + " items held");
            assertTrue(heldBytes <= maxBytes + MAX_MESSAGE_BYTES, heldBytes + " bytes held");
        }
        if (!ended) {
            assertNull(inbox.end(count));
        }
        assertNull(inbox.take());
        assertEquals(sentBytes, inbox.takenBytes());
    }

    @Property(tries = 2000)
    void whateverComesIsRefusedOrStaysWithinTheBounds(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int maxItems) {
        Random random = new Random(seed);
        Link link = new Link(maxItems, 500);
        StreamInbox inbox = inbox(link, maxItems, 500);
        Set<Long> held = new HashSet<>();
        for (int i = 0; i < 40; i++) {
            long number = random.nextInt(8);
            if (inbox.put(number, item(number, 100)) == null) {
                assertTrue(number < maxItems && held.add(number), "item " + number + " is taken as new");
            }
        }
        assertTrue(held.size() <= maxItems);
    }

    @Example
    void senderThatBreaksTheRulesIsTold() {
        StreamInbox inbox = inbox(new Link(4, 1000), 4, 1000);
        assertNull(inbox.put(0, item(0, 100)));
        assertRefused(StatusCode.INVALID_ARGUMENT, "item 0 comes twice", inbox.put(0, item(0, 100)));
        assertRefused(StatusCode.RESOURCE_EXHAUSTED, "item 4 is beyond the 4 granted", inbox.put(4, item(4, 100)));
        assertNull(inbox.put(2, item(2, 900)));
        assertNull(inbox.put(1, item(1, 800)));
        assertRefused(StatusCode.RESOURCE_EXHAUSTED, "beyond the 1000 granted", inbox.put(3, item(3, 900)));
        assertRefused(StatusCode.INVALID_ARGUMENT, "item 2 after the end at 2", inbox.end(2));
        assertRefused(StatusCode.INVALID_ARGUMENT, "ends twice", inbox.end(3));
        StreamInbox other = inbox(new Link(4, 1000), 4, 1000);
        assertRefused(StatusCode.INVALID_ARGUMENT, "an end at 5 items, and 4 granted", other.end(5));
        assertNull(other.end(1));
        assertRefused(StatusCode.INVALID_ARGUMENT, "item 1 after the end at 1", other.put(1, item(1, 100)));
    }

    @Example
    void failureIsThrownWhateverIsStillThere() {
        StreamInbox inbox = inbox(new Link(4, 1000), 4, 1000);
        assertNull(inbox.put(0, item(0, 100)));
        inbox.fail(new RpcException(StatusCode.CONNECTION_LOST, "first"));
        inbox.fail(new RpcException(StatusCode.CANCELLED, "second"));
        RpcException e = assertThrows(RpcException.class, inbox::take);
        assertEquals(StatusCode.CONNECTION_LOST, e.code());
    }

    private static void assertRefused(StatusCode code, String says, @org.jspecify.annotations.Nullable RpcException e) {
        assertNotNull(e);
        assertEquals(code, e.code());
        assertTrue(e.reason().contains(says), e.reason());
    }
}
