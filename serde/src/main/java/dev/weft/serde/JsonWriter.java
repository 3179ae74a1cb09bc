package dev.weft.serde;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Sink of the JSON view: indented text. For generated code; others call {@link Codec#toJson}. Not thread-safe. */
public final class JsonWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    /** What a generator does throws checked exceptions that cannot happen, since it writes to memory. */
    private interface Step {
        void run() throws IOException;
    }

    private final StringWriter text = new StringWriter();
    private final JsonGenerator generator;

    private JsonWriter() {
        try {
            this.generator = FACTORY.createGenerator(text).useDefaultPrettyPrinter();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static <T> String text(Codec<T> codec, T value) {
        JsonWriter out = new JsonWriter();
        codec.writeJson(value, out);
        out.step(out.generator::close);
        return out.text.toString();
    }

    public void beginObject() {
        step(generator::writeStartObject);
    }

    public void endObject() {
        step(generator::writeEndObject);
    }

    public void beginArray() {
        step(generator::writeStartArray);
    }

    public void endArray() {
        step(generator::writeEndArray);
    }

    /** Begins the next member of the object that is open. */
    public void key(String name) {
        step(() -> generator.writeFieldName(name));
    }

    public void string(String value) {
        step(() -> generator.writeString(value));
    }

    public void integer(long value) {
        step(() -> generator.writeNumber(value));
    }

    /** A number; what JSON has no number for, as the string that Java shows: {@code "NaN"}. */
    public void number(double value) {
        step(() -> generator.writeNumber(value));
    }

    /** As {@link #number(double)}, with no more digits than a float has. */
    public void number(float value) {
        step(() -> generator.writeNumber(value));
    }

    public void bool(boolean value) {
        step(() -> generator.writeBoolean(value));
    }

    /** Writes null, which stands for what is absent. */
    public void absent() {
        step(generator::writeNull);
    }

    private void step(Step step) {
        try {
            step.run();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
