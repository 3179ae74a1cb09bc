package dev.weft.serde.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.util.Elements;

/** Source of the codec of a record: a table of its fields. */
final class RecordCodec {
    /** The length of a table that has no fields. */
    static final int MINIMUM_SIZE = Integer.BYTES;

    private final TypeElement record;
    private final boolean constructorMayRefuse;
    private final SourceFile file;
    private final CodecBody body;
    private final List<RecordField> fields = new ArrayList<>();
    private final String type;

    private RecordCodec(TypeElement record, Elements elements) {
        this.record = record;
        this.file = GeneratedClass.begin(record, "Codec");
        this.body = new CodecBody(file, record);
        this.constructorMayRefuse = record.getEnclosedElements().stream()
                .filter(member -> member.getKind() == ElementKind.CONSTRUCTOR)
                .anyMatch(constructor -> elements.getOrigin(constructor) == Elements.Origin.EXPLICIT);
        this.type = file.use(record.asType());
        for (RecordComponentElement component : record.getRecordComponents()) {
            Shape shape = Shapes.of(component.asType(), component);
            body.announce(shape);
            String defaultValue = Defaults.of(component, shape, file).orElseGet(() -> body.defaultValue(shape));
            fields.add(new RecordField(component.getSimpleName().toString(), shape, defaultValue));
        }
    }

    static SourceFile source(TypeElement record, Elements elements) {
        RecordCodec codec = new RecordCodec(record, elements);
        codec.emit();
        return codec.file;
    }

    private boolean isGeneric() {
        return !record.getTypeParameters().isEmpty();
    }

    private void emit() {
        GeneratedClass.openCodec(file, record, type);
        constructor();
        write();
        read();
        JsonMethods.add(file, body, type, fields, construction());
        defaultValue();
        sizes();
        body.containerMethods();
        body.parts();
        file.line("}");
    }

    private void constructor() {
        if (!isGeneric()) {
            GeneratedClass.singleton(file);
            return;
        }
        List<String> variables = record.getTypeParameters().stream()
                .map(TypeParameterElement::getSimpleName)
                .map(Object::toString)
                .toList();
        String codec = file.use(Library.CODEC);
        for (String variable : variables) {
            file.line("private final " + codec + "<" + variable + "> " + Shape.Variable.codecField(variable) + ";");
        }
        body.partFields();
        file.line("");
        file.line("/** Takes the codecs of the type's arguments. */");
        file.line(variables.stream()
                .map(variable -> codec + "<" + variable + "> " + Shape.Variable.codecField(variable))
                .collect(Collectors.joining(", ", "public " + file.simpleName() + "(", ") {")));
        for (String variable : variables) {
            String name = Shape.Variable.codecField(variable);
            file.line("this." + name + " = " + name + ";");
        }
        body.partAssignments();
        file.line("}");
    }

    private void write() {
        file.line("").line("@Override");
        file.line("public void write(" + type + " value, " + file.use(Library.WRITER) + " out) {");
        int done = writeRun(0, MINIMUM_SIZE, "table");
        boolean allFixed = done == fields.size();
        int runs = 1;
        while (done < fields.size()) {
            int end = endOfRun(done);
            if (end - done > 1) {
                done = writeRun(done, 0, "run" + runs++);
            } else {
                file.line(body.write(fields.get(done).shape(), fields.get(done).accessor()));
                done++;
            }
        }
        if (allFixed) {
            file.line("out.setInt(table, " + fixedWidth(0, done) + ");");
        } else {
            file.line("out.endTable(table);");
        }
        file.line("}");
    }

    /** Claims room for the fixed-width fields from {@code first} on, sets them, and returns the field after them. */
    private int writeRun(int first, int before, String position) {
        int end = endOfRun(first);
        file.line("int " + position + " = out.claim(" + (before + fixedWidth(first, end)) + ");");
        int offset = before;
        for (RecordField field : fields.subList(first, end)) {
            String at = offset == 0 ? position : position + " + " + offset;
            Builtin builtin = ((Shape.Scalar) field.shape()).builtin();
            file.line("out." + builtin.method("set") + "(" + at + ", " + field.accessor() + ");");
            offset += builtin.fixedWidth();
        }
        return end;
    }

    private int endOfRun(int first) {
        int end = first;
        while (end < fields.size() && fields.get(end).shape().fixedWidth() > 0) {
            end++;
        }
        return end;
    }

    private int fixedWidth(int from, int to) {
        return fields.subList(from, to).stream()
                .mapToInt(field -> field.shape().fixedWidth())
                .sum();
    }

    private void read() {
        file.line("").line("@Override");
        file.line("public " + type + " read(" + file.use(Library.READER) + " in) {");
        file.line("int outer = in.enterTable();");
        for (RecordField field : fields) {
            file.line(field.shape().type(file) + " " + field.local() + " = in.hasMore() ? " + body.read(field.shape())
                    + " : " + field.defaultValue() + ";");
        }
        file.line("in.leaveTable(outer);");
        construction().forEach(file::line);
        file.line("}");
    }

    /** The lines that make the record of its fields, which are in locals. */
    private List<String> construction() {
        String construct = "return " + construct(fields.stream().map(RecordField::local));
        return constructorMayRefuse
                ? List.of(
                        "try {",
                        construct,
                        "} catch (RuntimeException refusal) {",
                        "throw in.refused(\"" + Names.nested(record) + "\", refusal);",
                        "}")
                : List.of(construct);
    }

    private String construct(Stream<String> arguments) {
        return arguments.collect(Collectors.joining(", ", "new " + type + "(", ");"));
    }

    private void defaultValue() {
        file.line("").line("@Override").line("public " + type + " defaultValue() {");
        file.line("return " + construct(fields.stream().map(RecordField::defaultValue)));
        file.line("}");
    }

    private void sizes() {
        file.line("")
                .line("@Override")
                .line("public int minimumSize() {")
                .line("return " + MINIMUM_SIZE + ";")
                .line("}");
        int hint = MINIMUM_SIZE;
        for (RecordField field : fields) {
            hint += field.shape().fixedWidth() > 0 ? field.shape().fixedWidth() : 32;
        }
        file.line("")
                .line("@Override")
                .line("public int sizeHint() {")
                .line("return " + hint + ";")
                .line("}");
    }
}
