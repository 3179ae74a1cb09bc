package dev.weft.storage.engine;

import java.util.BitSet;

/** Which slots of one data file are taken; the file's lock guards it. */
final class SlotMap {
    /** Have space on the disk and belong to nobody. */
    private final BitSet free = new BitSet();

    /** Belong to nobody, and have given their space back to the disk. */
    private final BitSet punched = new BitSet();

    private int slots;
    private int freeCount;
    private int punchedCount;

    /** No slot below it is free. */
    private int lowestFree;

    /** The file holds so many now; those that are added are free. */
    void growTo(int count) {
        if (count > slots) {
            free.set(slots, count);
            freeCount += count - slots;
            slots = count;
        }
    }

    /** Takes the lowest free slot, else one that was punched; -1 if there is none. */
    int take() {
        int slot = free.nextSetBit(lowestFree);
        if (slot < 0) {
            lowestFree = slots;
            slot = punched.nextSetBit(0);
        }
        if (slot >= 0) {
            occupy(slot);
        }
        return slot;
    }

    /** Takes the lowest free slot if it is below a limit; -1 otherwise. */
    int takeBelow(int limit) {
        int slot = free.nextSetBit(lowestFree);
        if (slot < 0 || slot >= limit) {
            return -1;
        }
        occupy(slot);
        return slot;
    }

    /** Takes a slot; false if it is taken already. */
    boolean occupy(int slot) {
        if (free.get(slot)) {
            free.clear(slot);
            freeCount--;
            if (slot == lowestFree) {
                lowestFree++;
            }
            return true;
        }
        if (punched.get(slot)) {
            punched.clear(slot);
            punchedCount--;
            return true;
        }
        return false;
    }

    void release(int slot) {
        free.set(slot);
        freeCount++;
        lowestFree = Math.min(lowestFree, slot);
    }

    /** Takes the highest free slot, to punch it; -1 if there is none. */
    int takeToPunch() {
        int slot = free.previousSetBit(slots - 1);
        if (slot >= 0) {
            occupy(slot);
        }
        return slot;
    }

    void releasePunched(int slot) {
        punched.set(slot);
        punchedCount++;
    }

    /** Gives up the slots at the end that nobody has, but for {@code spare} of them; returns how many are left. */
    int cutTo(int spare) {
        int end = slots;
        while (end > 0 && (free.get(end - 1) || punched.get(end - 1))) {
            end--;
        }
        int count = Math.min(slots, end + spare);
        if (count < slots) {
            freeCount -= free.get(count, slots).cardinality();
            punchedCount -= punched.get(count, slots).cardinality();
            free.clear(count, slots);
            punched.clear(count, slots);
            slots = count;
            lowestFree = Math.min(lowestFree, slots);
        }
        return count;
    }

    int slots() {
        return slots;
    }

    int freeCount() {
        return freeCount;
    }

    int takenCount() {
        return slots - freeCount - punchedCount;
    }
}
