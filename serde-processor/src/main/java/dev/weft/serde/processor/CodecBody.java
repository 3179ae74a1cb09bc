package dev.weft.serde.processor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/**
 * How the code of one codec writes and reads shapes: by a call where there is something to call, by a method of its own
 * for a container, through a codec that it holds for a generic type.
 */
final class CodecBody {
    private final SourceFile file;
    /** Whether the codecs that this one holds depend on what it was constructed with. */
    private final boolean generic;
    /** The type that this codec is for, if it is generic. */
    private final @Nullable Shape self;

    private final Map<Shape, String> labels = new LinkedHashMap<>();
    private final Set<String> labelsTaken = new HashSet<>();
    private final Set<Shape> parts = new LinkedHashSet<>();
    private final Set<Shape> emitted = new HashSet<>();
    private final Deque<Shape.Container> pending = new ArrayDeque<>();

    CodecBody(SourceFile file, TypeElement owner) {
        this.file = file;
        this.generic = !owner.getTypeParameters().isEmpty();
        this.self = generic ? Shapes.generic(owner) : null;
    }

    /** A statement that writes {@code value}. */
    String write(Shape shape, String value) {
        return switch (shape) {
            case Shape.Scalar scalar -> "out." + scalar.builtin().method("put") + "(" + value + ");";
            case Shape.Container container -> "write" + method(container) + "(" + value + ", out);";
            case Shape.Declared declared -> codec(declared) + ".write(" + value + ", out);";
            case Shape.Variable variable -> codec(variable) + ".write(" + value + ", out);";
        };
    }

    /** An expression that reads a value. */
    String read(Shape shape) {
        return switch (shape) {
            case Shape.Scalar scalar -> "in." + scalar.builtin().method("get") + "()";
            case Shape.Container container -> "read" + method(container) + "(in)";
            case Shape.Declared declared -> codec(declared) + ".read(in)";
            case Shape.Variable variable -> codec(variable) + ".read(in)";
        };
    }

    String defaultValue(Shape shape) {
        return switch (shape) {
            case Shape.Scalar scalar -> scalar.builtin().defaultValue(file);
            case Shape.Container container -> container.empty(file);
            case Shape.Declared declared -> codec(declared) + ".defaultValue()";
            case Shape.Variable variable -> codec(variable) + ".defaultValue()";
        };
    }

    private static String minimumSize(Shape shape) {
        return shape instanceof Shape.Variable(String name)
                ? Shape.Variable.codecField(name) + ".minimumSize()"
                : "" + shape.minimumSize();
    }

    /** An expression for the codec: a constant, or one that this codec holds. */
    String codec(Shape shape) {
        boolean direct = shape instanceof Shape.Scalar
                || shape instanceof Shape.Variable
                || (shape instanceof Shape.Declared declared
                        && declared.arguments().isEmpty());
        if (direct) {
            return shape.codec(file);
        }
        if (shape.equals(self)) {
            return "this";
        }
        parts.add(shape);
        return generic ? Names.uncapitalized(label(shape)) + "Codec" : "Parts." + Names.constant(label(shape));
    }

    private String label(Shape shape) {
        return labels.computeIfAbsent(shape, added -> {
            String label = added.label();
            for (int i = 2; !labelsTaken.add(label); i++) {
                label = added.label() + i;
            }
            return label;
        });
    }

    private String method(Shape.Container container) {
        if (emitted.add(container)) {
            pending.add(container);
        }
        return label(container);
    }

    /** Adds the methods that earlier calls rely on. */
    void containerMethods() {
        while (!pending.isEmpty()) {
            Shape.Container container = pending.remove();
            file.line("");
            writeMethod(container);
            file.line("");
            readMethod(container);
        }
    }

    private void writeMethod(Shape.Container container) {
        String type = container.type(file);
        file.line(modifiers() + "void write" + label(container) + "(" + type + " value, " + file.use(Library.WRITER)
                + " out) {");
        switch (container.kind()) {
            case OPTIONAL ->
                file.line("out.putBoolean(value.isPresent());")
                        .line("if (value.isPresent()) {")
                        .line(write(container.first(), "value.get()"))
                        .line("}");
            case LIST, SET ->
                file.line("out.putCount(value.size());")
                        .line("for (" + container.first().boxedType(file) + " element : value) {")
                        .line(write(container.first(), "element"))
                        .line("}");
            case MAP -> {
                String entry = file.use("java.util.Map") + ".Entry<"
                        + container.first().boxedType(file) + ", "
                        + container.last().boxedType(file) + ">";
                file.line("out.putCount(value.size());")
                        .line("for (" + entry + " entry : value.entrySet()) {")
                        .line(write(container.first(), "entry.getKey()"))
                        .line(write(container.last(), "entry.getValue()"))
                        .line("}");
            }
        }
        file.line("}");
    }

    private void readMethod(Shape.Container container) {
        String type = container.type(file);
        file.line(modifiers() + type + " read" + label(container) + "(" + file.use(Library.READER) + " in) {");
        switch (container.kind()) {
            case OPTIONAL -> {
                String optional = file.use("java.util.Optional");
                file.line("return in.getBoolean() ? " + optional + ".of(" + read(container.first()) + ") : " + optional
                        + ".empty();");
            }
            case LIST ->
                file.line("int count = in.getCount(" + minimumSize(container.first()) + ");")
                        .line("if (count == 0) {")
                        .line("return " + container.empty(file) + ";")
                        .line("}")
                        .line("Object[] elements = new Object[count];")
                        .line("for (int i = 0; i < count; i++) {")
                        .line("elements[i] = " + read(container.first()) + ";")
                        .line("}")
                        .line("return " + file.use(Library.CODECS) + ".listOver(elements);");
            case SET ->
                file.line("int count = in.getCount(" + minimumSize(container.first()) + ");")
                        .line(type + " elements = " + file.use("java.util.LinkedHashSet") + ".newLinkedHashSet(count);")
                        .line("for (int i = 0; i < count; i++) {")
                        .line("if (!elements.add(" + read(container.first()) + ")) {")
                        .line("throw in.failure(\"element stands twice in a set\");")
                        .line("}")
                        .line("}")
                        .line("return " + file.use("java.util.Collections") + ".unmodifiableSet(elements);");
            case MAP ->
                file.line("int count = in.getCount(" + minimumSize(container.first()) + " + "
                                + minimumSize(container.last()) + ");")
                        .line(type + " entries = " + file.use("java.util.LinkedHashMap") + ".newLinkedHashMap(count);")
                        .line("for (int i = 0; i < count; i++) {")
                        .line("if (entries.put(" + read(container.first()) + ", " + read(container.last())
                                + ") != null) {")
                        .line("throw in.failure(\"key stands twice in a map\");")
                        .line("}")
                        .line("}")
                        .line("return " + file.use("java.util.Collections") + ".unmodifiableMap(entries);");
        }
        file.line("}");
    }

    private String modifiers() {
        return generic ? "private " : "private static ";
    }

    /**
     * Adds the holder of codecs of generic types. It is a class of its own so that loading one codec does not load
     * others: two threads that begin at either end of a cycle of types would wait for each other.
     */
    void parts() {
        if (parts.isEmpty() || generic) {
            return;
        }
        file.line("").line("/** Made at first use: the types may refer to each other in a circle. */");
        file.line("private static final class Parts {");
        for (Shape part : parts) {
            file.line("static final " + codecType(part) + " " + Names.constant(label(part)) + " = "
                    + part.codec(file, self) + ";");
        }
        file.line("}");
    }

    private String codecType(Shape part) {
        return file.use(Library.CODEC) + "<" + part.boxedType(file) + ">";
    }

    /** Adds the fields of a generic codec for codecs of types that depend on its own parameters. */
    void partFields() {
        for (Shape part : parts) {
            file.line("private final " + codecType(part) + " " + Names.uncapitalized(label(part)) + "Codec;");
        }
    }

    /** Adds their assignments in the constructor. */
    void partAssignments() {
        for (Shape part : parts) {
            file.line("this." + Names.uncapitalized(label(part)) + "Codec = " + part.codec(file, self) + ";");
        }
    }

    private void announceUsed(Shape argument) {
        if (argument instanceof Shape.Container container) {
            container.arguments().forEach(this::announceUsed);
        } else {
            codec(argument);
        }
    }

    /** Makes known what will be used, so that fields can stand before methods. */
    void announce(Shape shape) {
        codec(shape);
        switch (shape) {
            case Shape.Container container -> container.arguments().forEach(this::announceUsed);
            case Shape.Declared _, Shape.Scalar _, Shape.Variable _ -> {}
        }
    }
}
