package dev.weft.serde.processor;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** What the generated code must know about a type: how to name it, write it, read it, and do without it. */
sealed interface Shape {
    /** For names of methods and fields: {@code ListOfChunkId}. */
    String label();

    /** The type in source; a primitive one as itself. */
    String type(SourceFile file);

    /** The type in source, as a type argument. */
    default String boxedType(SourceFile file) {
        return type(file);
    }

    /** An expression for its codec, where no codec is being constructed. */
    default String codec(SourceFile file) {
        return codec(file, null);
    }

    /**
     * An expression for its codec.
     *
     * @param self the shape whose codec is being constructed, if its class is generic
     */
    String codec(SourceFile file, @Nullable Shape self);

    /** No value takes fewer bytes. */
    int minimumSize();

    /** Number of bytes of every value, or 0 if values differ in that. */
    default int fixedWidth() {
        return 0;
    }

    /** A type that writer and reader have methods for. */
    record Scalar(Builtin builtin, boolean boxed) implements Shape {
        @Override
        public String label() {
            return builtin.label();
        }

        @Override
        public String type(SourceFile file) {
            return boxed ? boxedType(file) : builtin.type(file);
        }

        @Override
        public String boxedType(SourceFile file) {
            return builtin.boxedType(file);
        }

        @Override
        public String codec(SourceFile file, @Nullable Shape self) {
            return file.use(Library.CODECS) + "." + builtin.name();
        }

        @Override
        public int minimumSize() {
            return builtin.minimumSize();
        }

        @Override
        public int fixedWidth() {
            return builtin.fixedWidth();
        }
    }

    /** List, set, map or optional. */
    record Container(Kind kind, List<Shape> arguments) implements Shape {
        enum Kind {
            LIST("java.util.List", "List.of()"),
            SET("java.util.Set", "Set.of()"),
            MAP("java.util.Map", "Map.of()"),
            OPTIONAL("java.util.Optional", "Optional.empty()");

            private final String typeName;
            private final String empty;

            Kind(String typeName, String empty) {
                this.typeName = typeName;
                this.empty = empty;
            }

            String typeName() {
                return typeName;
            }
        }

        Shape first() {
            return arguments.getFirst();
        }

        Shape last() {
            return arguments.getLast();
        }

        String empty(SourceFile file) {
            return file.use(kind.typeName) + kind.empty.substring(kind.empty.indexOf('.'));
        }

        @Override
        public String label() {
            String simple = kind.typeName.substring(kind.typeName.lastIndexOf('.') + 1);
            return arguments.stream().map(Shape::label).collect(Collectors.joining("To", simple + "Of", ""));
        }

        @Override
        public String type(SourceFile file) {
            return arguments.stream()
                    .map(argument -> argument.boxedType(file))
                    .collect(Collectors.joining(", ", file.use(kind.typeName) + "<", ">"));
        }

        @Override
        public String codec(SourceFile file, @Nullable Shape self) {
            String factory = file.use(Library.CODECS) + "." + kind.name().toLowerCase(Locale.ROOT);
            return arguments.stream()
                    .map(argument -> argument.codec(file, self))
                    .collect(Collectors.joining(", ", factory + "(", ")"));
        }

        @Override
        public int minimumSize() {
            return 1;
        }
    }

    /** A type that {@code @Serde} marks. */
    record Declared(TypeElement element, List<Shape> arguments, int minimumSize) implements Shape {
        @Override
        public String label() {
            String own = Names.flat(element).replace("_", "");
            return arguments.isEmpty()
                    ? own
                    : arguments.stream().map(Shape::label).collect(Collectors.joining("And", own + "Of", ""));
        }

        @Override
        public String type(SourceFile file) {
            String name = file.use(element);
            return arguments.isEmpty()
                    ? name
                    : arguments.stream()
                            .map(argument -> argument.boxedType(file))
                            .collect(Collectors.joining(", ", name + "<", ">"));
        }

        @Override
        public String codec(SourceFile file, @Nullable Shape self) {
            if (equals(self)) {
                return "this";
            }
            String codec = file.use(Library.codecName(element));
            return arguments.isEmpty()
                    ? codec + ".CODEC"
                    : arguments.stream()
                            .map(argument -> argument.codec(file, self))
                            .collect(Collectors.joining(", ", "new " + codec + "<>(", ")"));
        }
    }

    /** A struct of a Thrift IDL. */
    record ThriftStruct(TypeElement element) implements Shape {
        @Override
        public String label() {
            return Names.flat(element).replace("_", "");
        }

        @Override
        public String type(SourceFile file) {
            return file.use(element);
        }

        @Override
        public String codec(SourceFile file, @Nullable Shape self) {
            return file.use(Library.THRIFT_CODEC) + ".of(" + file.use(element) + "::new)";
        }

        @Override
        public int minimumSize() {
            return 1;
        }
    }

    /** A type parameter of the generic record that the codec is for. */
    record Variable(String name) implements Shape {
        @Override
        public String label() {
            return name;
        }

        @Override
        public String type(SourceFile file) {
            return name;
        }

        @Override
        public String codec(SourceFile file, @Nullable Shape self) {
            return codecField(name);
        }

        static String codecField(String variable) {
            return Names.uncapitalized(variable) + "Codec";
        }

        @Override
        public int minimumSize() {
            return 1;
        }
    }
}
