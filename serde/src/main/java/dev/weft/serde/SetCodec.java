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
    public void writeJson(Set<E> value, JsonWriter out) {
        out.beginArray();
        for (E each : value) {
            element.writeJson(each, out);
        }
        out.endArray();
    }

    @Override
    public Set<E> readJson(JsonReader in) {
        Set<E> elements = new LinkedHashSet<>();
        in.beginArray();
        while (in.nextElement()) {
            if (!elements.add(element.readJson(in))) {
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
