package dev.weft.serde.processor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;

/** Source of the codec of an enum: the number of a constant. */
final class EnumCodec {
    private record Constant(String name, int number, boolean unknown) {}

    private final TypeElement type;
    private final SourceFile file;
    private final String name;
    private final List<Constant> constants;

    private EnumCodec(TypeElement type) {
        this.type = type;
        this.file = GeneratedClass.begin(type, "Codec");
        this.name = file.use(type);
        this.constants = constants(type);
    }

    static SourceFile source(TypeElement type) {
        EnumCodec codec = new EnumCodec(type);
        codec.emit();
        return codec.file;
    }

    private static List<Constant> constants(TypeElement type) {
        List<? extends Element> elements = type.getEnclosedElements().stream()
                .filter(member -> member.getKind() == ElementKind.ENUM_CONSTANT)
                .toList();
        if (elements.isEmpty()) {
            throw new Problem(type, Names.nested(type) + " has no constants: add one");
        }
        Map<Integer, Element> taken = new HashMap<>();
        return IntStream.range(0, elements.size())
                .mapToObj(ordinal -> constant(elements.get(ordinal), ordinal, taken))
                .toList();
    }

    private static Constant constant(Element element, int ordinal, Map<Integer, Element> taken) {
        int number = (int) Annotations.value(element, Library.TAG).orElse(ordinal);
        if (number < 0) {
            throw new Problem(element, element + " has the tag " + number + ": use 0 or more");
        }
        Element other = taken.putIfAbsent(number, element);
        if (other != null) {
            throw new Problem(
                    element, element + " has the same number " + number + " as " + other + ": give it another @Tag");
        }
        return new Constant(element.getSimpleName().toString(), number, Annotations.has(element, Library.UNKNOWN));
    }

    private void emit() {
        GeneratedClass.openCodec(file, type, name);
        GeneratedClass.singleton(file);
        file.line("").line("@Override");
        file.line("public void write(" + name + " value, " + file.use(Library.WRITER) + " out) {");
        file.line("int number = switch (value) {");
        for (Constant constant : constants) {
            file.line("case " + constant.name() + " -> " + constant.number() + ";");
        }
        file.line("};").line("out.putCount(number);").line("}");
        file.line("").line("@Override");
        file.line("public " + name + " read(" + file.use(Library.READER) + " in) {");
        file.line("int number = in.getNumber();");
        file.line("return switch (number) {");
        for (Constant constant : constants) {
            file.line("case " + constant.number() + " -> " + name + "." + constant.name() + ";");
        }
        Optional<Constant> unknown =
                constants.stream().filter(Constant::unknown).findFirst();
        file.line(unknown.map(constant -> "default -> " + name + "." + constant.name() + ";")
                .orElse("default -> throw in.failure(\"" + Names.nested(type) + " has no constant \" + number);"));
        file.line("};").line("}");
        json();
        file.line("").line("@Override").line("public " + name + " defaultValue() {");
        file.line("return " + name + "." + constants.getFirst().name() + ";").line("}");
        file.line("")
                .line("@Override")
                .line("public int sizeHint() {")
                .line("return 1;")
                .line("}");
        file.line("}");
    }

    private void json() {
        file.line("").line("@Override");
        file.line("public void writeJson(" + name + " value, " + file.use(Library.JSON_WRITER) + " out) {");
        file.line("out.string(value.name());").line("}");
        file.line("").line("@Override");
        file.line("public " + name + " readJson(" + file.use(Library.JSON_READER) + " in) {");
        file.line("String text = in.string();").line("return switch (text) {");
        for (Constant constant : constants) {
            file.line("case \"" + constant.name() + "\" -> " + name + "." + constant.name() + ";");
        }
        String known = constants.stream()
                .map(constant -> ", \"" + constant.name() + "\"")
                .collect(Collectors.joining());
        file.line("default -> throw in.unknownName(\"" + Names.nested(type) + "\", text" + known + ");");
        file.line("};").line("}");
    }
}
