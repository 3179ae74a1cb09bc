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
            case Shape.ThriftStruct struct -> codec(struct) + ".write(" + value + ", out);";
            case Shape.Variable variable -> codec(variable) + ".write(" + value + ", out);";
        };
    }

    /** An expression that reads a value. */
    String read(Shape shape) {
        return switch (shape) {
            case Shape.Scalar scalar -> "in." + scalar.builtin().method("get") + "()";
            case Shape.Container container -> "read" + method(container) + "(in)";
            case Shape.Declared declared -> codec(declared) + ".read(in)";
            case Shape.ThriftStruct struct -> codec(struct) + ".read(in)";
            case Shape.Variable variable -> codec(variable) + ".read(in)";
        };
    }

    String defaultValue(Shape shape) {
        return switch (shape) {
            case Shape.Scalar scalar -> scalar.builtin().defaultValue(file);
            case Shape.Container container -> container.empty(file);
            case Shape.Declared declared -> codec(declared) + ".defaultValue()";
            case Shape.ThriftStruct struct -> codec(struct) + ".defaultValue()";
            case Shape.Variable variable -> codec(variable) + ".defaultValue()";
        };
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
        ContainerMethods methods = new ContainerMethods(file, this, generic ? "private " : "private static ");
        while (!pending.isEmpty()) {
            Shape.Container container = pending.remove();
            methods.add(container, label(container));
        }
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
            case Shape.Declared _, Shape.ThriftStruct _, Shape.Scalar _, Shape.Variable _ -> {}
        }
    }
}
