package dev.weft.meta.check;

import java.util.Arrays;

/** Some inodes, by growing id, and what is counted of each. For one thread. */
final class InodeWindow {
    private final long[] ids;
    private final int[] names;
    private final int[] directories;
    private final boolean[] queued;
    private int size;

    InodeWindow(int sizeMax) {
        this.ids = new long[sizeMax];
        this.names = new int[sizeMax];
        this.directories = new int[sizeMax];
        this.queued = new boolean[sizeMax];
    }

    boolean isFull() {
        return size == ids.length;
    }

    int size() {
        return size;
    }

    long last() {
        return ids[size - 1];
    }

    /** Adds an inode with a greater id than all before. */
    void add(long id) {
        ids[size] = id;
        size++;
    }

    void clear() {
        Arrays.fill(names, 0, size, 0);
        Arrays.fill(directories, 0, size, 0);
        Arrays.fill(queued, 0, size, false);
        size = 0;
    }

    void countName(long id) {
        int at = find(id);
        if (at >= 0) {
            names[at]++;
        }
    }

    void countDirectoryIn(long id) {
        int at = find(id);
        if (at >= 0) {
            directories[at]++;
        }
    }

    void noteQueued(long id) {
        int at = find(id);
        if (at >= 0) {
            queued[at] = true;
        }
    }

    int names(long id) {
        return names[find(id)];
    }

    int directoriesIn(long id) {
        return directories[find(id)];
    }

    boolean isQueued(long id) {
        return queued[find(id)];
    }

    private int find(long id) {
        return Arrays.binarySearch(ids, 0, size, id);
    }
}
