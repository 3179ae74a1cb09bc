package dev.weft.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** The bytes of one file: durable pages, and those in the cache over them. A page's array never changes once it is there. */
final class FileImage {
    private static final byte[] ZEROS = new byte[DiskImage.PAGE];

    /** A write that is under way. */
    @SuppressWarnings("ArrayRecordComponent") // made once, never compared
    record Writing(byte[] bytes, long position) {}

    private final TreeMap<Long, byte[]> durable = new TreeMap<>();
    private final TreeMap<Long, byte[]> cached = new TreeMap<>();
    final List<Writing> writing = new ArrayList<>();
    long length;

    void read(byte[] into, long position) {
        for (int done = 0; done < into.length; ) {
            int offset = (int) ((position + done) % DiskImage.PAGE);
            int part = Math.min(into.length - done, DiskImage.PAGE - offset);
            System.arraycopy(page((position + done) / DiskImage.PAGE), offset, into, done, part);
            done += part;
        }
    }

    void write(byte[] from, int begin, int count, long position) {
        for (int done = 0; done < count; ) {
            long at = position + done;
            int offset = (int) (at % DiskImage.PAGE);
            int part = Math.min(count - done, DiskImage.PAGE - offset);
            byte[] page = page(at / DiskImage.PAGE).clone();
            System.arraycopy(from, begin + done, page, offset, part);
            cached.put(at / DiskImage.PAGE, page);
            done += part;
        }
        length = Math.max(length, position + count);
    }

    /** Gives whole pages back: they read as zeros. */
    void discard(long position, long bytes) {
        long first = (position + DiskImage.PAGE - 1) / DiskImage.PAGE;
        long end = (position + bytes) / DiskImage.PAGE;
        if (first < end) {
            TreeSet<Long> given = new TreeSet<>(durable.subMap(first, end).keySet());
            given.addAll(cached.subMap(first, end).keySet());
            given.forEach(page -> cached.put(page, ZEROS));
        }
    }

    /** What a force that begins now will make durable. */
    Map<Long, byte[]> unforced() {
        return new HashMap<>(cached);
    }

    void forced(Map<Long, byte[]> pages) {
        durable.putAll(pages);
        pages.forEach(cached::remove);
    }

    void processEnded(RandomGenerator random) {
        for (Writing each : writing) {
            long first = each.position / DiskImage.SECTOR * DiskImage.SECTOR;
            for (long sector = first; sector < each.position + each.bytes.length; sector += DiskImage.SECTOR) {
                if (random.nextBoolean()) {
                    int from = (int) Math.max(0, sector - each.position);
                    int to = (int) Math.min(each.bytes.length, sector + DiskImage.SECTOR - each.position);
                    write(each.bytes, from, to - from, each.position + from);
                }
            }
        }
        writing.clear();
    }

    void powerLost(RandomGenerator random) {
        int piece = DiskImage.SECTOR << random.nextInt(4);
        int survivors = random.nextInt(5);
        cached.forEach((number, page) -> {
            byte[] torn = durable.getOrDefault(number, ZEROS).clone();
            for (int at = 0; at < DiskImage.PAGE; at += piece) {
                if (random.nextInt(4) < survivors) {
                    System.arraycopy(page, at, torn, at, piece);
                }
            }
            durable.put(number, torn);
        });
        cached.clear();
    }

    /** Turns a bit over in some pages; most are of versions that nobody reads any more. */
    void flipBits(RandomGenerator random) {
        for (long number : List.copyOf(durable.keySet())) {
            if (random.nextInt(4) == 0) {
                byte[] page = page(number).clone();
                page[random.nextInt(page.length)] ^= (byte) (1 << random.nextInt(8));
                durable.put(number, page);
                cached.remove(number);
            }
        }
    }

    private byte[] page(long number) {
        byte[] page = cached.get(number);
        return page != null ? page : durable.getOrDefault(number, ZEROS);
    }
}
