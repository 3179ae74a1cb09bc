package dev.weft.serde;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

record SetCodec<E>(Codec<E> element) implements Codec<Set<E>> {
    @Override
    public void write(Set<E> value, SerdeWriter out) {
        out.putCount(value.size());
        for (E each : value) {
            element.write(each, out);
        }
    }

    @Override
    public Set<E> read(SerdeReader in) {
        int count = in.getCount(element.minimumSize());
        Set<E> elements = LinkedHashSet.newLinkedHashSet(count);
        for (int i = 0; i < count; i++) {
            if (!elements.add(element.read(in))) {
                throw in.failure("element stands twice in a set");
            }
        }
        return Collections.unmodifiableSet(elements);
    }

    @Override
    public Set<E> defaultValue() {
        return Set.of();
    }
}
