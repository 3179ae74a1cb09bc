package dev.weft.serde;

import java.util.AbstractList;
import java.util.RandomAccess;

/** Immutable list over an array that nobody else has: {@code List.of} would copy it. */
final class FixedList<E> extends AbstractList<E> implements RandomAccess {
    private final Object[] elements;

    FixedList(Object[] elements) {
        this.elements = elements;
    }

    @Override
    @SuppressWarnings("unchecked") // the reader put elements of this type only
    public E get(int index) {
        return (E) elements[index];
    }

    @Override
    public int size() {
        return elements.length;
    }

    @Override
    public Object[] toArray() {
        return elements.clone();
    }
}
