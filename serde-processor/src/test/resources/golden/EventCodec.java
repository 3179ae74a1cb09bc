package t;

import dev.weft.serde.Codec;
import dev.weft.serde.Codecs;
import dev.weft.serde.Generated;
import dev.weft.serde.JsonReader;
import dev.weft.serde.JsonWriter;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;

/** Writes and reads {@link Event}. */
@Generated("t.Event")
public final class EventCodec implements Codec<Event> {
    private static final int TAG_OPENED = 0x0f03e400;
    private static final int TAG_CLOSED = 0x00000002;

    public static final EventCodec CODEC = new EventCodec();

    private EventCodec() {}

    @Override
    public void write(Event value, SerdeWriter out) {
        switch (value) {
            case Event.Opened openedCase -> {
                out.putInt(TAG_OPENED);
                Event_OpenedCodec.CODEC.write(openedCase, out);
            }
            case Event.Closed closedCase -> {
                out.putInt(TAG_CLOSED);
                Event_ClosedCodec.CODEC.write(closedCase, out);
            }
            case Event.Unheard unknown -> {
                out.putInt(unknown.tag());
                out.putTable(unknown.body());
            }
        }
    }

    @Override
    public Event read(SerdeReader in) {
        int tag = in.getInt();
        return switch (tag) {
            case TAG_OPENED -> Event_OpenedCodec.CODEC.read(in);
            case TAG_CLOSED -> Event_ClosedCodec.CODEC.read(in);
            default -> new Event.Unheard(tag, in.getTable());
        };
    }

    @Override
    public void writeJson(Event value, JsonWriter out) {
        out.beginObject();
        out.key("type");
        switch (value) {
            case Event.Opened openedCase -> {
                out.string("Opened");
                Event_OpenedCodec.CODEC.writeJsonFields(openedCase, out);
            }
            case Event.Closed closedCase -> {
                out.string("Closed");
                Event_ClosedCodec.CODEC.writeJsonFields(closedCase, out);
            }
            case Event.Unheard unknown -> {
                out.string("Unheard");
                out.key("tag");
                out.integer(unknown.tag());
                out.key("body");
                Codecs.SEGMENT.writeJson(unknown.body(), out);
            }
        }
        out.endObject();
    }

    @Override
    public Event readJson(JsonReader in) {
        in.beginObject();
        in.expectKey("type");
        String type = in.string();
        return switch (type) {
            case "Opened" -> Event_OpenedCodec.CODEC.readJsonFields(in);
            case "Closed" -> Event_ClosedCodec.CODEC.readJsonFields(in);
            case "Unheard" -> {
                in.expectKey("tag");
                int tag = Codecs.INT.readJson(in);
                in.expectKey("body");
                var body = Codecs.SEGMENT.readJson(in);
                in.endObject();
                yield new Event.Unheard(tag, body);
            }
            default -> throw in.unknownName("Event", type, "Opened", "Closed");
        };
    }

    @Override
    public Event defaultValue() {
        return Event_OpenedCodec.CODEC.defaultValue();
    }

    @Override
    public int minimumSize() {
        return 8;
    }
}
