package dev.weft.serde;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Source of the JSON view: strict, one value. For generated code; others call {@link Codec#fromJson}. Not thread-safe.
 *
 * <p>Every method throws {@link SerdeException}, with the place, if the text is not JSON or not what is asked for.
 */
public final class JsonReader {
    /** A record and a list in it are two levels: twice what the binary format allows by default. */
    private static final int DEPTH_MAX = 2 * SerdeLimits.DEFAULT.depthMax();

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxStringLength(SerdeLimits.DEFAULT.bytesMax())
                    .build())
            .build();

    /** What a parser does: fails with what is wrong with the text. */
    private interface Step<V extends @Nullable Object> {
        V run() throws IOException;
    }

    private final JsonParser parser;
    /** Seen, but not yet asked for. */
    private @Nullable JsonToken peeked;

    private JsonReader(String text) {
        try {
            this.parser = FACTORY.createParser(text);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static <T> T value(Codec<T> codec, String text) {
        JsonReader in = new JsonReader(text);
        T value = codec.readJson(in);
        if (in.peekOrEnd() != null) {
            throw in.failure("text goes on after the value");
        }
        return value;
    }

    public void beginObject() {
        take(JsonToken.START_OBJECT, "an object");
    }

    /** The next key of the object that is open, or null once the object has ended. */
    public @Nullable String nextKey() {
        JsonToken token = take();
        if (token == JsonToken.END_OBJECT) {
            return null;
        }
        return step(parser::currentName);
    }

    /** Requires that the next key is this one. */
    public void expectKey(String expected) {
        String key = nextKey();
        if (!expected.equals(key)) {
            throw failure("the first key must be \"" + expected + "\"");
        }
    }

    /** Requires that the object that is open ends. */
    public void endObject() {
        take(JsonToken.END_OBJECT, "the end of the object");
    }

    public void beginArray() {
        take(JsonToken.START_ARRAY, "an array");
    }

    /** Whether the array that is open has a further element; ends it if not. */
    public boolean nextElement() {
        if (peek() != JsonToken.END_ARRAY) {
            return true;
        }
        take();
        return false;
    }

    /** Whether the value is null; reads it if so. */
    public boolean absent() {
        if (peek() != JsonToken.VALUE_NULL) {
            return false;
        }
        take();
        return true;
    }

    public String string() {
        take(JsonToken.VALUE_STRING, "a string");
        return step(parser::getText);
    }

    /** A whole number within bounds. */
    public long integer(long min, long max) {
        take(JsonToken.VALUE_NUMBER_INT, "a whole number");
        long value = step(parser::getLongValue);
        if (value < min || value > max) {
            throw failure(value + " is not between " + min + " and " + max);
        }
        return value;
    }

    /** The text of a number, or the name of a value that JSON has no number for: {@code "NaN"}. */
    String numberText() {
        JsonToken token = take();
        String text = step(parser::getText);
        boolean named = token == JsonToken.VALUE_STRING
                && (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity"));
        if (!named && !token.isNumeric()) {
            throw expected("a number", token);
        }
        return text;
    }

    public boolean bool() {
        JsonToken token = take();
        if (!token.isBoolean()) {
            throw expected("true or false", token);
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /** What to throw for a key that the type does not have. */
    public SerdeException unknownKey(String key, String... known) {
        return failure("unknown key \"" + key + "\"" + NearMatch.suggestion(key, known));
    }

    /** What to throw for a name of a constant or a case that the type does not have. */
    public SerdeException unknownName(String type, String name, String... known) {
        return failure(type + " has no \"" + name + "\"" + NearMatch.suggestion(name, known));
    }

    /** What to throw when the value read last makes no sense. */
    public SerdeException failure(String reason) {
        return new SerdeException(offset(), inContext(reason));
    }

    /** What to throw when a constructor or a parser refuses what was read. */
    public SerdeException refused(String type, RuntimeException refusal) {
        return new SerdeException(offset(), inContext("not a valid " + type + ": " + refusal.getMessage()), refusal);
    }

    private SerdeException expected(String what, JsonToken found) {
        return failure("expected " + what + ", found "
                + found.name().toLowerCase(Locale.ROOT).replace("value_", "").replace('_', ' '));
    }

    private String inContext(String reason) {
        String path = parser.getParsingContext().pathAsPointer().toString();
        return path.isEmpty() ? reason : path + ": " + reason;
    }

    private long offset() {
        return parser.currentTokenLocation().getCharOffset();
    }

    private void take(JsonToken wanted, String description) {
        JsonToken token = take();
        if (token != wanted) {
            throw expected(description, token);
        }
    }

    private JsonToken take() {
        JsonToken token = peek();
        peeked = null;
        return token;
    }

    private JsonToken peek() {
        JsonToken token = peekOrEnd();
        if (token == null) {
            throw failure("text ends early");
        }
        return token;
    }

    private @Nullable JsonToken peekOrEnd() {
        if (peeked == null) {
            peeked = this.<@Nullable JsonToken>step(parser::nextToken);
        }
        return peeked;
    }

    private <V extends @Nullable Object> V step(Step<V> step) {
        try {
            return step.run();
        } catch (JsonProcessingException malformed) {
            throw new SerdeException(offset(), malformed.getOriginalMessage(), malformed);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
