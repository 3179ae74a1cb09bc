package dev.weft.serde.processor;

import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;

/** What all generated classes have in common. */
final class GeneratedClass {
    private GeneratedClass() {}

    /** A file beside the type, with the type's own name known in it. */
    static SourceFile begin(TypeElement type, String suffix) {
        checkVisible(type);
        SourceFile file =
                new SourceFile(Names.packageOf(type).getQualifiedName().toString(), Names.flat(type) + suffix);
        file.use(type);
        return file;
    }

    private static void checkVisible(TypeElement type) {
        for (Element at = type; at instanceof TypeElement; at = at.getEnclosingElement()) {
            if (at.getModifiers().contains(Modifier.PRIVATE)) {
                throw new Problem(type, Names.nested(type) + " is private: generated code beside it cannot reach it");
            }
        }
    }

    static void openCodec(SourceFile file, TypeElement type, String typeInSource) {
        open(
                file,
                type,
                "Writes and reads {@link " + file.use(type) + "}.",
                parameters(file, type) + " implements " + file.use(Library.CODEC) + "<" + typeInSource + ">");
    }

    static void open(SourceFile file, TypeElement type, String summary, String rest) {
        file.line("/** " + summary + " */");
        file.line("@" + file.use(Library.GENERATED) + "(\"" + type.getQualifiedName() + "\")");
        file.line((isPublic(type) ? "public " : "") + "final class " + file.simpleName() + rest + " {");
    }

    private static String parameters(SourceFile file, TypeElement type) {
        if (type.getTypeParameters().isEmpty()) {
            return "";
        }
        return type.getTypeParameters().stream()
                .map(parameter -> parameter(file, parameter))
                .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String parameter(SourceFile file, TypeParameterElement parameter) {
        String bounds = parameter.getBounds().stream()
                .filter(bound -> !bound.toString().equals("java.lang.Object"))
                .map(file::use)
                .collect(Collectors.joining(" & "));
        return parameter.getSimpleName() + (bounds.isEmpty() ? "" : " extends " + bounds);
    }

    static void singleton(SourceFile file) {
        String name = file.simpleName();
        file.line("public static final " + name + " CODEC = new " + name + "();");
        file.line("").line("private " + name + "() {}");
    }

    private static boolean isPublic(TypeElement type) {
        for (Element at = type; at instanceof TypeElement; at = at.getEnclosingElement()) {
            if (!at.getModifiers().contains(Modifier.PUBLIC)) {
                return false;
            }
        }
        return true;
    }
}
