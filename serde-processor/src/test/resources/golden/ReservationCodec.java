package t;

import dev.weft.serde.Codec;
import dev.weft.serde.Codecs;
import dev.weft.serde.Generated;
import dev.weft.serde.JsonReader;
import dev.weft.serde.JsonWriter;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Writes and reads {@link Reservation}. */
@Generated("t.Reservation")
public final class ReservationCodec implements Codec<Reservation> {
    public static final ReservationCodec CODEC = new ReservationCodec();

    private ReservationCodec() {}

    @Override
    public void write(Reservation value, SerdeWriter out) {
        int table = out.claim(16);
        out.setLong(table + 4, value.id());
        out.setInt(table + 12, value.seats());
        out.putString(value.name());
        writeListOfInt(value.tables(), out);
        writeOptionalOfUuid(value.guest(), out);
        int run1 = out.claim(5);
        out.setInt(run1, value.priority());
        out.setBoolean(run1 + 4, value.confirmed());
        out.endTable(table);
    }

    @Override
    public Reservation read(SerdeReader in) {
        int outer = in.enterTable();
        long id = in.hasMore() ? in.getLong() : 0L;
        int seats = in.hasMore() ? in.getInt() : 0;
        String name = in.hasMore() ? in.getString() : "";
        List<Integer> tables = in.hasMore() ? readListOfInt(in) : List.of();
        Optional<UUID> guest = in.hasMore() ? readOptionalOfUuid(in) : Optional.empty();
        int priority = in.hasMore() ? in.getInt() : 1;
        boolean confirmed = in.hasMore() ? in.getBoolean() : false;
        in.leaveTable(outer);
        try {
            return new Reservation(id, seats, name, tables, guest, priority, confirmed);
        } catch (RuntimeException refusal) {
            throw in.refused("Reservation", refusal);
        }
    }

    @Override
    public void writeJson(Reservation value, JsonWriter out) {
        out.beginObject();
        writeJsonFields(value, out);
        out.endObject();
    }

    /** Writes the fields into an object that is open. */
    public void writeJsonFields(Reservation value, JsonWriter out) {
        out.key("id");
        Codecs.LONG.writeJson(value.id(), out);
        out.key("seats");
        Codecs.INT.writeJson(value.seats(), out);
        out.key("name");
        Codecs.STRING.writeJson(value.name(), out);
        out.key("tables");
        Parts.LIST_OF_INT.writeJson(value.tables(), out);
        out.key("guest");
        Parts.OPTIONAL_OF_UUID.writeJson(value.guest(), out);
        out.key("priority");
        Codecs.INT.writeJson(value.priority(), out);
        out.key("confirmed");
        Codecs.BOOLEAN.writeJson(value.confirmed(), out);
    }

    @Override
    public Reservation readJson(JsonReader in) {
        in.beginObject();
        return readJsonFields(in);
    }

    /** Reads the fields that are left of an object, and its end. */
    public Reservation readJsonFields(JsonReader in) {
        long id = 0L;
        int seats = 0;
        String name = null;
        List<Integer> tables = null;
        Optional<UUID> guest = null;
        int priority = 1;
        boolean confirmed = false;
        for (String key = in.nextKey(); key != null; key = in.nextKey()) {
            switch (key) {
                case "id" -> id = Codecs.LONG.readJson(in);
                case "seats" -> seats = Codecs.INT.readJson(in);
                case "name" -> name = Codecs.STRING.readJson(in);
                case "tables" -> tables = Parts.LIST_OF_INT.readJson(in);
                case "guest" -> guest = Parts.OPTIONAL_OF_UUID.readJson(in);
                case "priority" -> priority = Codecs.INT.readJson(in);
                case "confirmed" -> confirmed = Codecs.BOOLEAN.readJson(in);
                default -> throw in.unknownKey(key, "id", "seats", "name", "tables", "guest", "priority", "confirmed");
            }
        }
        if (name == null) {
            name = "";
        }
        if (tables == null) {
            tables = List.of();
        }
        if (guest == null) {
            guest = Optional.empty();
        }
        try {
            return new Reservation(id, seats, name, tables, guest, priority, confirmed);
        } catch (RuntimeException refusal) {
            throw in.refused("Reservation", refusal);
        }
    }

    @Override
    public Reservation defaultValue() {
        return new Reservation(0L, 0, "", List.of(), Optional.empty(), 1, false);
    }

    @Override
    public int minimumSize() {
        return 4;
    }

    @Override
    public int sizeHint() {
        return 117;
    }

    private static void writeListOfInt(List<Integer> value, SerdeWriter out) {
        out.putCount(value.size());
        for (Integer element : value) {
            out.putInt(element);
        }
    }

    private static List<Integer> readListOfInt(SerdeReader in) {
        int count = in.getCount(4);
        if (count == 0) {
            return List.of();
        }
        Object[] elements = new Object[count];
        for (int i = 0; i < count; i++) {
            elements[i] = in.getInt();
        }
        return Codecs.listOver(elements);
    }

    private static void writeOptionalOfUuid(Optional<UUID> value, SerdeWriter out) {
        out.putBoolean(value.isPresent());
        if (value.isPresent()) {
            out.putUuid(value.get());
        }
    }

    private static Optional<UUID> readOptionalOfUuid(SerdeReader in) {
        return in.getBoolean() ? Optional.of(in.getUuid()) : Optional.empty();
    }

    /** Made at first use: the types may refer to each other in a circle. */
    private static final class Parts {
        static final Codec<List<Integer>> LIST_OF_INT = Codecs.list(Codecs.INT);
        static final Codec<Optional<UUID>> OPTIONAL_OF_UUID = Codecs.optional(Codecs.UUID);
    }
}
