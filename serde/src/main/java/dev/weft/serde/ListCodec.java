package dev.weft.serde;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

record ListCodec<E>(Codec<E> element) implements Codec<List<E>> {
    @Override
    public void write(List<E> value, SerdeWriter out) {
        out.putCount(value.size());
        for (E each : value) {
            element.write(each, out);
        }
    }

    @Override
    public List<E> read(SerdeReader in) {
        Object[] elements = new Object[in.getCount(element.minimumSize())];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = element.read(in);
        }
        return new FixedList<>(elements);
    }

    @Override
    public void writeJson(List<E> value, JsonWriter out) {
        out.beginArray();
        for (E each : value) {
            element.writeJson(each, out);
        }
        out.endArray();
    }

    @Override
    public List<E> readJson(JsonReader in) {
        List<E> elements = new ArrayList<>();
        in.beginArray();
        while (in.nextElement()) {
            elements.add(element.readJson(in));
        }
        return Collections.unmodifiableList(elements);
    }

    @Override
    public List<E> defaultValue() {
        return List.of();
    }
}
