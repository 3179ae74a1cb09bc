package t;

import dev.weft.serde.Codec;
import dev.weft.serde.Codecs;
import dev.weft.serde.Generated;
import dev.weft.serde.JsonReader;
import dev.weft.serde.JsonWriter;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Writes and reads {@link Page}. */
@Generated("t.Page")
public final class PageCodec<K extends Comparable<K>, V> implements Codec<Page<K, V>> {
    private final Codec<K> kCodec;
    private final Codec<V> vCodec;
    private final Codec<Map<K, V>> mapOfKToVCodec;
    private final Codec<Optional<Page<K, V>>> optionalOfPageOfKAndVCodec;

    /** Takes the codecs of the type's arguments. */
    public PageCodec(Codec<K> kCodec, Codec<V> vCodec) {
        this.kCodec = kCodec;
        this.vCodec = vCodec;
        this.mapOfKToVCodec = Codecs.map(kCodec, vCodec);
        this.optionalOfPageOfKAndVCodec = Codecs.optional(this);
    }

    @Override
    public void write(Page<K, V> value, SerdeWriter out) {
        int table = out.claim(4);
        writeMapOfKToV(value.entries(), out);
        writeOptionalOfPageOfKAndV(value.next(), out);
        out.endTable(table);
    }

    @Override
    public Page<K, V> read(SerdeReader in) {
        int outer = in.enterTable();
        Map<K, V> entries = in.hasMore() ? readMapOfKToV(in) : Map.of();
        Optional<Page<K, V>> next = in.hasMore() ? readOptionalOfPageOfKAndV(in) : Optional.empty();
        in.leaveTable(outer);
        return new Page<K, V>(entries, next);
    }

    @Override
    public void writeJson(Page<K, V> value, JsonWriter out) {
        out.beginObject();
        writeJsonFields(value, out);
        out.endObject();
    }

    /** Writes the fields into an object that is open. */
    public void writeJsonFields(Page<K, V> value, JsonWriter out) {
        out.key("entries");
        mapOfKToVCodec.writeJson(value.entries(), out);
        out.key("next");
        optionalOfPageOfKAndVCodec.writeJson(value.next(), out);
    }

    @Override
    public Page<K, V> readJson(JsonReader in) {
        in.beginObject();
        return readJsonFields(in);
    }

    /** Reads the fields that are left of an object, and its end. */
    public Page<K, V> readJsonFields(JsonReader in) {
        Map<K, V> entries = null;
        Optional<Page<K, V>> next = null;
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key) {
                case "entries" -> entries = mapOfKToVCodec.readJson(in);
                case "next" -> next = optionalOfPageOfKAndVCodec.readJson(in);
                default -> throw in.unknownKey(key, "entries", "next");
            }
        }
        if (entries == null) {
            entries = Map.of();
        }
        if (next == null) {
            next = Optional.empty();
        }
        return new Page<K, V>(entries, next);
    }

    @Override
    public Page<K, V> defaultValue() {
        return new Page<K, V>(Map.of(), Optional.empty());
    }

    @Override
    public int minimumSize() {
        return 4;
    }

    @Override
    public int sizeHint() {
        return 68;
    }

    private void writeMapOfKToV(Map<K, V> value, SerdeWriter out) {
        out.putCount(value.size());
        for (Map.Entry<K, V> entry : value.entrySet()) {
            kCodec.write(entry.getKey(), out);
            vCodec.write(entry.getValue(), out);
        }
    }

    private Map<K, V> readMapOfKToV(SerdeReader in) {
        int count = in.getCount(kCodec.minimumSize() + vCodec.minimumSize());
        Map<K, V> entries = LinkedHashMap.newLinkedHashMap(count);
        for (int i = 0; i < count; i++) {
            if (entries.put(kCodec.read(in), vCodec.read(in)) != null) {
                throw in.failure("key stands twice in a map");
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    private void writeOptionalOfPageOfKAndV(Optional<Page<K, V>> value, SerdeWriter out) {
        out.putBoolean(value.isPresent());
        if (value.isPresent()) {
            this.write(value.get(), out);
        }
    }

    private Optional<Page<K, V>> readOptionalOfPageOfKAndV(SerdeReader in) {
        return in.getBoolean() ? Optional.of(this.read(in)) : Optional.empty();
    }
}
