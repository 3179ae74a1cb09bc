package dev.weft.serde;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

record MapCodec<K, V>(Codec<K> key, Codec<V> value) implements Codec<Map<K, V>> {
    @Override
    public void write(Map<K, V> entries, SerdeWriter out) {
        out.putCount(entries.size());
        for (Map.Entry<K, V> entry : entries.entrySet()) {
            key.write(entry.getKey(), out);
            value.write(entry.getValue(), out);
        }
    }

    @Override
    public Map<K, V> read(SerdeReader in) {
        int count = in.getCount(key.minimumSize() + value.minimumSize());
        Map<K, V> entries = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            if (entries.putIfAbsent(key.read(in), value.read(in)) != null) {
                throw in.failure("key stands twice in a map");
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    /** An object if the keys are strings, otherwise an array of objects with {@code key} and {@code value}. */
    @Override
    public void writeJson(Map<K, V> entries, JsonWriter out) {
        if (key.equals(Codecs.STRING)) {
            out.beginObject();
            entries.forEach((name, each) -> {
                out.key((String) name);
                value.writeJson(each, out);
            });
            out.endObject();
        } else {
            out.beginArray();
            entries.forEach((name, each) -> {
                out.beginObject();
                out.key("key");
                key.writeJson(name, out);
                out.key("value");
                value.writeJson(each, out);
                out.endObject();
            });
            out.endArray();
        }
    }

    @Override
    @SuppressWarnings("unchecked") // keys are strings
    public Map<K, V> readJson(JsonReader in) {
        Map<K, V> entries = new LinkedHashMap<>();
        if (key.equals(Codecs.STRING)) {
            in.beginObject();
            for (String name = in.nextKey(); name != null; name = in.nextKey()) {
                entries.put((K) name, value.readJson(in));
            }
        } else {
            in.beginArray();
            while (in.nextElement()) {
                readEntry(entries, in);
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    private void readEntry(Map<K, V> entries, JsonReader in) {
        in.beginObject();
        in.expectKey("key");
        K name = key.readJson(in);
        in.expectKey("value");
        if (entries.put(name, value.readJson(in)) != null) {
            throw in.failure("key stands twice in a map");
        }
        in.endObject();
    }

    @Override
    public Map<K, V> defaultValue() {
        return Map.of();
    }
}
