package dev.weft.serde.processor;

/** The methods of a codec that write and read a container: straight loops, so that no call in them has many targets. */
final class ContainerMethods {
    private final SourceFile file;
    private final CodecBody body;
    private final String modifiers;

    ContainerMethods(SourceFile file, CodecBody body, String modifiers) {
        this.file = file;
        this.body = body;
        this.modifiers = modifiers;
    }

    void add(Shape.Container container, String label) {
        file.line("");
        addWrite(container, label);
        file.line("");
        addRead(container, label);
    }

    private void addWrite(Shape.Container container, String label) {
        String type = container.type(file);
        file.line(modifiers + "void write" + label + "(" + type + " value, " + file.use(Library.WRITER) + " out) {");
        switch (container.kind()) {
            case OPTIONAL ->
                file.line("out.putBoolean(value.isPresent());")
                        .line("if (value.isPresent()) {")
                        .line(body.write(container.first(), "value.get()"))
                        .line("}");
            case LIST, SET ->
                file.line("out.putCount(value.size());")
                        .line("for (" + container.first().boxedType(file) + " element : value) {")
                        .line(body.write(container.first(), "element"))
                        .line("}");
            case MAP -> {
                String entry = file.use("java.util.Map") + ".Entry<"
                        + container.first().boxedType(file) + ", "
                        + container.last().boxedType(file) + ">";
                file.line("out.putCount(value.size());")
                        .line("for (" + entry + " entry : value.entrySet()) {")
                        .line(body.write(container.first(), "entry.getKey()"))
                        .line(body.write(container.last(), "entry.getValue()"))
                        .line("}");
            }
        }
        file.line("}");
    }

    private void addRead(Shape.Container container, String label) {
        String type = container.type(file);
        file.line(modifiers + type + " read" + label + "(" + file.use(Library.READER) + " in) {");
        switch (container.kind()) {
            case OPTIONAL -> {
                String optional = file.use("java.util.Optional");
                file.line("return in.getBoolean() ? " + optional + ".of(" + body.read(container.first()) + ") : "
                        + optional + ".empty();");
            }
            case LIST ->
                file.line("int count = in.getCount(" + minimumSize(container.first()) + ");")
                        .line("if (count == 0) {")
                        .line("return " + container.empty(file) + ";")
                        .line("}")
                        .line("Object[] elements = new Object[count];")
                        .line("for (int i = 0; i < count; i++) {")
                        .line("elements[i] = " + body.read(container.first()) + ";")
                        .line("}")
                        .line("return " + file.use(Library.CODECS) + ".listOver(elements);");
            case SET ->
                file.line("int count = in.getCount(" + minimumSize(container.first()) + ");")
                        .line(type + " elements = " + file.use("java.util.LinkedHashSet") + ".newLinkedHashSet(count);")
                        .line("for (int i = 0; i < count; i++) {")
                        .line("if (!elements.add(" + body.read(container.first()) + ")) {")
                        .line("throw in.failure(\"element stands twice in a set\");")
                        .line("}")
                        .line("}")
                        .line("return " + file.use("java.util.Collections") + ".unmodifiableSet(elements);");
            case MAP ->
                file.line("int count = in.getCount(" + minimumSize(container.first()) + " + "
                                + minimumSize(container.last()) + ");")
                        .line(type + " entries = " + file.use("java.util.LinkedHashMap") + ".newLinkedHashMap(count);")
                        .line("for (int i = 0; i < count; i++) {")
                        .line("if (entries.put(" + body.read(container.first()) + ", " + body.read(container.last())
                                + ") != null) {")
                        .line("throw in.failure(\"key stands twice in a map\");")
                        .line("}")
                        .line("}")
                        .line("return " + file.use("java.util.Collections") + ".unmodifiableMap(entries);");
        }
        file.line("}");
    }

    private static String minimumSize(Shape shape) {
        return shape instanceof Shape.Variable(String name)
                ? Shape.Variable.codecField(name) + ".minimumSize()"
                : "" + shape.minimumSize();
    }
}
