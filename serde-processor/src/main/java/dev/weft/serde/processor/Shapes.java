package dev.weft.serde.processor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.PrimitiveType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;

/** Finds the shape of a type that the user wrote, or says at the right place why it has none. */
final class Shapes {
    private Shapes() {}

    /**
     * The shape of {@code type}.
     *
     * @param at component or parameter that a compile error should point at
     */
    static Shape of(TypeMirror type, Element at) {
        if (Annotations.hasSimpleName(type.getAnnotationMirrors(), "Nullable")
                || Annotations.hasSimpleName(at.getAnnotationMirrors(), "Nullable")) {
            throw new Problem(at, at.getSimpleName() + " is @Nullable, and null cannot be sent: use Optional");
        }
        return switch (type) {
            case PrimitiveType primitive ->
                scalar(primitive.getKind().name().toLowerCase(java.util.Locale.ROOT), false)
                        .orElseThrow();
            case ArrayType array -> ofArray(array, at);
            case TypeVariable variable ->
                new Shape.Variable(variable.asElement().getSimpleName().toString());
            case DeclaredType declared -> ofDeclared(declared, at);
            default -> throw unsupported(type, at, "use a type that has a codec");
        };
    }

    /** The shape of a generic type within itself. */
    static Shape generic(TypeElement type) {
        List<Shape> variables = type.getTypeParameters().stream()
                .map(parameter ->
                        (Shape) new Shape.Variable(parameter.getSimpleName().toString()))
                .toList();
        return new Shape.Declared(type, variables, minimumSize(type));
    }

    private static Shape ofArray(ArrayType array, Element at) {
        if (array.getComponentType().getKind() == TypeKind.BYTE) {
            return new Shape.Scalar(Builtin.BYTES, false);
        }
        throw unsupported(array, at, "use List, or byte[] or MemorySegment for bytes");
    }

    private static Shape ofDeclared(DeclaredType type, Element at) {
        TypeElement element = (TypeElement) type.asElement();
        String name = element.getQualifiedName().toString();
        Optional<Shape> scalar = scalar(name, true);
        if (scalar.isPresent()) {
            return scalar.get();
        }
        for (Shape.Container.Kind kind : Shape.Container.Kind.values()) {
            if (kind.typeName().equals(name)) {
                return container(kind, type, at);
            }
        }
        if (Annotations.has(element, Library.SERDE)) {
            return new Shape.Declared(element, arguments(type, at), minimumSize(element));
        }
        if (isThriftStruct(element)) {
            return new Shape.ThriftStruct(element);
        }
        throw unsupported(type, at, advice(element, name));
    }

    private static boolean isThriftStruct(TypeElement element) {
        return Stream.concat(element.getInterfaces().stream(), Stream.of(element.getSuperclass()))
                .filter(DeclaredType.class::isInstance)
                .map(parent -> ((TypeElement) ((DeclaredType) parent).asElement()).getQualifiedName())
                .anyMatch(
                        name -> name.contentEquals(Library.THRIFT_STRUCT) || name.contentEquals(Library.THRIFT_UNION));
    }

    private static Shape container(Shape.Container.Kind kind, DeclaredType type, Element at) {
        List<Shape> arguments = arguments(type, at);
        if (arguments.isEmpty()) {
            throw unsupported(type, at, "say of which type its elements are");
        }
        if (kind == Shape.Container.Kind.OPTIONAL
                && arguments.getFirst() instanceof Shape.Container inner
                && inner.kind() == Shape.Container.Kind.OPTIONAL) {
            throw unsupported(type, at, "use one Optional: two cannot be told apart in JSON");
        }
        return new Shape.Container(kind, arguments);
    }

    private static List<Shape> arguments(DeclaredType type, Element at) {
        return type.getTypeArguments().stream()
                .map(argument -> of(argument, at))
                .toList();
    }

    private static Optional<Shape> scalar(String name, boolean boxed) {
        return Builtin.of(name).map(builtin -> new Shape.Scalar(builtin, boxed && builtin.isPrimitive()));
    }

    private static int minimumSize(TypeElement element) {
        return switch (element.getKind()) {
            case ENUM -> 1;
            case RECORD -> RecordCodec.MINIMUM_SIZE;
            default -> UnionCodec.MINIMUM_SIZE;
        };
    }

    private static String advice(TypeElement element, String name) {
        return switch (name) {
            case "java.util.Collection", "java.util.ArrayList", "java.util.LinkedList", "java.lang.Iterable" ->
                "use List";
            case "java.util.HashSet", "java.util.LinkedHashSet", "java.util.SortedSet", "java.util.TreeSet" ->
                "use Set";
            case "java.util.HashMap", "java.util.LinkedHashMap", "java.util.SortedMap", "java.util.TreeMap" ->
                "use Map";
            case "java.nio.ByteBuffer" -> "use MemorySegment";
            case Library.STREAM_READER, Library.STREAM_WRITER, "java.util.stream.Stream", "java.util.Iterator" ->
                "for many results, take a StreamWriter as a parameter";
            case "java.util.Date", "java.time.ZonedDateTime", "java.time.OffsetDateTime" -> "use Instant";
            case "java.lang.Object" -> "use a sealed interface whose cases are records";
            default ->
                isSupportedKind(element)
                        ? "annotate " + element.getSimpleName() + " with @Serde"
                        : "use a record, an enum or a sealed interface, annotated with @Serde";
        };
    }

    private static boolean isSupportedKind(TypeElement element) {
        return element.getKind() == ElementKind.RECORD
                || element.getKind() == ElementKind.ENUM
                || (element.getKind() == ElementKind.INTERFACE
                        && element.getModifiers().contains(Modifier.SEALED));
    }

    private static Problem unsupported(TypeMirror type, Element at, String advice) {
        return new Problem(at, at.getSimpleName() + ": type " + type + " has no codec: " + advice);
    }
}
