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

    @Override
    public Map<K, V> defaultValue() {
        return Map.of();
    }
}
