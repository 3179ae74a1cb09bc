package dev.weft.serde;

import java.util.Optional;

record OptionalCodec<E>(Codec<E> element) implements Codec<Optional<E>> {
    @Override
    public void write(Optional<E> value, SerdeWriter out) {
        out.putBoolean(value.isPresent());
        if (value.isPresent()) {
            element.write(value.get(), out);
        }
    }

    @Override
    public Optional<E> read(SerdeReader in) {
        return in.getBoolean() ? Optional.of(element.read(in)) : Optional.empty();
    }

    @Override
    public void writeJson(Optional<E> value, JsonWriter out) {
        if (value.isPresent()) {
            element.writeJson(value.get(), out);
        } else {
            out.absent();
        }
    }

    @Override
    public Optional<E> readJson(JsonReader in) {
        return in.absent() ? Optional.empty() : Optional.of(element.readJson(in));
    }

    @Override
    public Optional<E> defaultValue() {
        return Optional.empty();
    }
}
