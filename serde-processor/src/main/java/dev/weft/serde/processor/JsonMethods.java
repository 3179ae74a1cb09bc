package dev.weft.serde.processor;

import java.util.List;
import java.util.stream.Collectors;

/** The JSON half of a record's codec. */
final class JsonMethods {
    private JsonMethods() {}

    /**
     * Adds the four methods.
     *
     * @param type the record's type in source
     * @param construct makes the return statement, given nothing: fields are in their locals
     */
    static void add(SourceFile file, CodecBody body, String type, List<RecordField> fields, List<String> construct) {
        String writer = file.use(Library.JSON_WRITER);
        String reader = file.use(Library.JSON_READER);
        file.line("").line("@Override").line("public void writeJson(" + type + " value, " + writer + " out) {");
        file.line("out.beginObject();")
                .line("writeJsonFields(value, out);")
                .line("out.endObject();")
                .line("}");

        file.line("").line("/** Writes the fields into an object that is open. */");
        file.line("public void writeJsonFields(" + type + " value, " + writer + " out) {");
        for (RecordField field : fields) {
            file.line("out.key(\"" + field.name() + "\");");
            file.line(body.codec(field.shape()) + ".writeJson(" + field.accessor() + ", out);");
        }
        file.line("}");

        file.line("").line("@Override").line("public " + type + " readJson(" + reader + " in) {");
        file.line("in.beginObject();").line("return readJsonFields(in);").line("}");

        file.line("").line("/** Reads the fields that are left of an object, and its end. */");
        file.line("public " + type + " readJsonFields(" + reader + " in) {");
        for (RecordField field : fields) {
            String initial = field.isPrimitive() ? field.defaultValue() : "null";
            file.line(field.shape().type(file) + " " + field.local() + " = " + initial + ";");
        }
        file.line("for (String key = in.nextKey(); key != null; key = in.nextKey()) {")
                .line("switch (key) {");
        for (RecordField field : fields) {
            file.line("case \"" + field.name() + "\" -> " + field.local() + " = " + body.codec(field.shape())
                    + ".readJson(in);");
        }
        String known =
                fields.stream().map(field -> ", \"" + field.name() + "\"").collect(Collectors.joining());
        file.line("default -> throw in.unknownKey(key" + known + ");").line("}").line("}");
        for (RecordField field : fields) {
            if (!field.isPrimitive()) {
                file.line("if (" + field.local() + " == null) {");
                file.line(field.local() + " = " + field.defaultValue() + ";").line("}");
            }
        }
        construct.forEach(file::line);
        file.line("}");
    }
}
