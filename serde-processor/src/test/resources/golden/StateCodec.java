package t;

import dev.weft.serde.Codec;
import dev.weft.serde.Generated;
import dev.weft.serde.JsonReader;
import dev.weft.serde.JsonWriter;
import dev.weft.serde.SerdeReader;
import dev.weft.serde.SerdeWriter;

/** Writes and reads {@link State}. */
@Generated("t.State")
public final class StateCodec implements Codec<State> {
    public static final StateCodec CODEC = new StateCodec();

    private StateCodec() {}

    @Override
    public void write(State value, SerdeWriter out) {
        int number = switch (value) {
            case IDLE -> 0;
            case BUSY -> 5;
            case UNKNOWN -> 2;
        };
        out.putCount(number);
    }

    @Override
    public State read(SerdeReader in) {
        int number = in.getNumber();
        return switch (number) {
            case 0 -> State.IDLE;
            case 5 -> State.BUSY;
            case 2 -> State.UNKNOWN;
            default -> State.UNKNOWN;
        };
    }

    @Override
    public void writeJson(State value, JsonWriter out) {
        out.string(value.name());
    }

    @Override
    public State readJson(JsonReader in) {
        String text = in.string();
        return switch (text) {
            case "IDLE" -> State.IDLE;
            case "BUSY" -> State.BUSY;
            case "UNKNOWN" -> State.UNKNOWN;
            default -> throw in.unknownName("State", text, "IDLE", "BUSY", "UNKNOWN");
        };
    }

    @Override
    public State defaultValue() {
        return State.IDLE;
    }

    @Override
    public int sizeHint() {
        return 1;
    }
}
