package dev.weft.serde;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Segments of a message that were not copied, each with its place among the copied bytes. */
final class Attachments {
    private record Attachment(int position, MemorySegment segment) {}

    private final List<Attachment> attachments = new ArrayList<>(0);

    boolean isEmpty() {
        return attachments.isEmpty();
    }

    void clear() {
        if (!attachments.isEmpty()) {
            attachments.clear();
        }
    }

    void add(int position, MemorySegment segment) {
        attachments.add(new Attachment(position, segment));
    }

    /** Total length of those that stand at {@code position} among the copied bytes, or after it. */
    long bytesFrom(int position) {
        long sum = 0;
        for (Attachment attachment : attachments) {
            if (attachment.position >= position) {
                sum += attachment.segment.byteSize();
            }
        }
        return sum;
    }

    /** The copied bytes cut where attachments stand, with them in between. */
    List<MemorySegment> between(MemorySegment copied) {
        List<MemorySegment> parts = new ArrayList<>(2 * attachments.size() + 1);
        int done = 0;
        for (Attachment attachment : attachments) {
            if (attachment.position > done) {
                parts.add(copied.asSlice(done, attachment.position - done));
                done = attachment.position;
            }
            parts.add(attachment.segment);
        }
        if (done < copied.byteSize()) {
            parts.add(copied.asSlice(done));
        }
        return parts;
    }
}
