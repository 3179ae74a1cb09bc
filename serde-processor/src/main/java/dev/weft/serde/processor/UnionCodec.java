package dev.weft.serde.processor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;

/** Source of the codec of a sealed interface: the tag of the case, then the case's table. */
final class UnionCodec {
    /** Tag, and the length of a table that has no fields. */
    static final int MINIMUM_SIZE = 2 * Integer.BYTES;

    private record Case(TypeElement record, String simpleName, int tag) {
        String constant() {
            return "TAG_" + Names.constant(simpleName);
        }

        String variable() {
            return Names.uncapitalized(simpleName) + "Case";
        }
    }

    private final TypeElement union;
    private final SourceFile file;
    private final String name;
    private final List<Case> cases = new ArrayList<>();
    private Optional<TypeElement> unknown = Optional.empty();

    private UnionCodec(TypeElement union) {
        this.union = union;
        this.file = GeneratedClass.begin(union, "Codec");
        this.name = file.use(union);
        if (!union.getTypeParameters().isEmpty()) {
            throw new Problem(union, "a generic sealed interface has no codec: put the generic part in a record");
        }
        collect(union);
        checkDistinct();
        if (cases.isEmpty()) {
            throw new Problem(union, Names.nested(union) + " has no cases: add a record that implements it");
        }
    }

    static SourceFile source(TypeElement union) {
        UnionCodec codec = new UnionCodec(union);
        codec.emit();
        return codec.file;
    }

    private void collect(TypeElement parent) {
        for (var permitted : parent.getPermittedSubclasses()) {
            TypeElement element = (TypeElement) ((DeclaredType) permitted).asElement();
            if (element.getKind() == ElementKind.INTERFACE) {
                collect(element);
            } else if (element.getKind() != ElementKind.RECORD) {
                throw new Problem(element, Names.nested(element) + " is a case of a union: make it a record");
            } else if (Annotations.has(element, Library.UNKNOWN)) {
                unknown = Optional.of(checkedUnknown(element));
            } else {
                cases.add(checkedCase(element));
            }
        }
    }

    private static TypeElement checkedUnknown(TypeElement element) {
        List<String> components = element.getRecordComponents().stream()
                .map(RecordComponentElement::asType)
                .map(Object::toString)
                .toList();
        if (!components.equals(List.of("int", "java.lang.foreign.MemorySegment"))) {
            throw new Problem(
                    element, "an @Unknown case keeps what came: declare it as record (int tag, MemorySegment body)");
        }
        return element;
    }

    private static Case checkedCase(TypeElement element) {
        String simpleName = element.getSimpleName().toString();
        if (!Annotations.has(element, Library.SERDE)) {
            throw new Problem(element, simpleName + " is a case of a union: annotate it with @Serde");
        }
        if (!element.getTypeParameters().isEmpty()) {
            throw new Problem(element, simpleName + " is a case of a union and generic: give it fixed types");
        }
        element.getRecordComponents().stream()
                .filter(component -> component.getSimpleName().contentEquals("type"))
                .findFirst()
                .ifPresent(component -> {
                    throw new Problem(
                            component, "in JSON the key \"type\" says which case it is: rename the component");
                });
        int tag = (int) Annotations.value(element, Library.TAG).orElseGet(() -> Names.fnv1a(simpleName));
        return new Case(element, simpleName, tag);
    }

    private void checkDistinct() {
        Map<Integer, Case> byTag = new HashMap<>();
        Map<String, Case> byName = new HashMap<>();
        for (Case each : cases) {
            Case sameTag = byTag.putIfAbsent(each.tag, each);
            if (sameTag != null) {
                throw new Problem(
                        each.record,
                        each.simpleName + " has the same tag " + each.tag + " as " + sameTag.simpleName
                                + ": give it another with @Tag");
            }
            if (byName.putIfAbsent(each.simpleName, each) != null) {
                throw new Problem(each.record, "two cases are called " + each.simpleName + ": rename one");
            }
        }
    }

    private void emit() {
        GeneratedClass.openCodec(file, union, name);
        for (Case each : cases) {
            file.line("private static final int " + each.constant() + " = " + String.format("0x%08x", each.tag) + ";");
        }
        file.line("");
        GeneratedClass.singleton(file);
        write();
        read();
        writeJson();
        readJson();
        file.line("").line("@Override").line("public " + name + " defaultValue() {");
        file.line("return " + codec(cases.getFirst()) + ".defaultValue();").line("}");
        file.line("").line("@Override").line("public int minimumSize() {");
        file.line("return " + MINIMUM_SIZE + ";").line("}").line("}");
    }

    private void write() {
        file.line("").line("@Override");
        file.line("public void write(" + name + " value, " + file.use(Library.WRITER) + " out) {");
        file.line("switch (value) {");
        for (Case each : cases) {
            file.line("case " + file.use(each.record) + " " + each.variable() + " -> {");
            file.line("out.putInt(" + each.constant() + ");");
            file.line(codec(each) + ".write(" + each.variable() + ", out);").line("}");
        }
        unknown.ifPresent(element -> {
            List<? extends RecordComponentElement> components = element.getRecordComponents();
            file.line("case " + file.use(element) + " unknown -> {");
            file.line("out.putInt(unknown." + components.getFirst().getSimpleName() + "());");
            file.line("out.putTable(unknown." + components.getLast().getSimpleName() + "());")
                    .line("}");
        });
        file.line("}").line("}");
    }

    private void read() {
        file.line("").line("@Override");
        file.line("public " + name + " read(" + file.use(Library.READER) + " in) {");
        file.line("int tag = in.getInt();");
        file.line("return switch (tag) {");
        for (Case each : cases) {
            file.line("case " + each.constant() + " -> " + codec(each) + ".read(in);");
        }
        file.line(unknown.map(element -> "default -> new " + file.use(element) + "(tag, in.getTable());")
                .orElse("default -> throw in.failure(\"" + Names.nested(union)
                        + " has no case with the tag 0x\" + Integer.toHexString(tag));"));
        file.line("};").line("}");
    }

    private void writeJson() {
        file.line("").line("@Override");
        file.line("public void writeJson(" + name + " value, " + file.use(Library.JSON_WRITER) + " out) {");
        file.line("out.beginObject();").line("out.key(\"type\");").line("switch (value) {");
        for (Case each : cases) {
            file.line("case " + file.use(each.record) + " " + each.variable() + " -> {");
            file.line("out.string(\"" + each.simpleName + "\");");
            file.line(codec(each) + ".writeJsonFields(" + each.variable() + ", out);")
                    .line("}");
        }
        unknown.ifPresent(element -> {
            List<? extends RecordComponentElement> components = element.getRecordComponents();
            String codecs = file.use(Library.CODECS);
            file.line("case " + file.use(element) + " unknown -> {");
            file.line("out.string(\"" + element.getSimpleName() + "\");").line("out.key(\"tag\");");
            file.line("out.integer(unknown." + components.getFirst().getSimpleName() + "());")
                    .line("out.key(\"body\");");
            file.line(codecs + ".SEGMENT.writeJson(unknown."
                    + components.getLast().getSimpleName() + "(), out);");
            file.line("}");
        });
        file.line("}").line("out.endObject();").line("}");
    }

    private void readJson() {
        file.line("").line("@Override");
        file.line("public " + name + " readJson(" + file.use(Library.JSON_READER) + " in) {");
        file.line("in.beginObject();").line("in.expectKey(\"type\");");
        file.line("String type = in.string();").line("return switch (type) {");
        for (Case each : cases) {
            file.line("case \"" + each.simpleName + "\" -> " + codec(each) + ".readJsonFields(in);");
        }
        unknown.ifPresent(element -> {
            String codecs = file.use(Library.CODECS);
            file.line("case \"" + element.getSimpleName() + "\" -> {").line("in.expectKey(\"tag\");");
            file.line("int tag = " + codecs + ".INT.readJson(in);").line("in.expectKey(\"body\");");
            file.line("var body = " + codecs + ".SEGMENT.readJson(in);").line("in.endObject();");
            file.line("yield new " + file.use(element) + "(tag, body);").line("}");
        });
        String known =
                cases.stream().map(each -> ", \"" + each.simpleName + "\"").collect(Collectors.joining());
        file.line("default -> throw in.unknownName(\"" + Names.nested(union) + "\", type" + known + ");");
        file.line("};").line("}");
    }

    private String codec(Case each) {
        return file.use(Library.codecName(each.record)) + ".CODEC";
    }
}
