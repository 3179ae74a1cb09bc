package dev.weft.serde.processor;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;

/** One generated source file: its imports, and its lines indented by the braces they open and close. */
final class SourceFile {
    private final String packageName;
    private final String simpleName;
    /** Simple name of a type outside of any other, to its full name: what the simple name means in this file. */
    private final Map<String, String> known = new TreeMap<>();

    private final StringBuilder body = new StringBuilder();
    private int depth;

    SourceFile(String packageName, String simpleName) {
        this.packageName = packageName;
        this.simpleName = simpleName;
        known.put(simpleName, qualified(simpleName));
    }

    String simpleName() {
        return simpleName;
    }

    String qualifiedName() {
        return qualified(simpleName);
    }

    private String qualified(String name) {
        return packageName.isEmpty() ? name : packageName + "." + name;
    }

    /** How to say this type, which is in no other, here: imported if its simple name is free. */
    String use(String qualifiedName) {
        String simple = qualifiedName.substring(qualifiedName.lastIndexOf('.') + 1);
        return known.computeIfAbsent(simple, free -> qualifiedName).equals(qualifiedName) ? simple : qualifiedName;
    }

    String use(TypeElement type) {
        String outer = use(Names.outermost(type).getQualifiedName().toString());
        String nested = Names.nested(type);
        int dot = nested.indexOf('.');
        return dot < 0 ? outer : outer + nested.substring(dot);
    }

    /** How to say this type here, with its type arguments and without annotations. */
    String use(TypeMirror type) {
        return switch (type) {
            case DeclaredType declared -> {
                String name = use((TypeElement) declared.asElement());
                yield declared.getTypeArguments().isEmpty()
                        ? name
                        : declared.getTypeArguments().stream()
                                .map(this::use)
                                .collect(Collectors.joining(", ", name + "<", ">"));
            }
            case ArrayType array -> use(array.getComponentType()) + "[]";
            default ->
                type.getKind().isPrimitive()
                        ? type.getKind().name().toLowerCase(Locale.ROOT)
                        : type.toString().substring(type.toString().lastIndexOf(' ') + 1);
        };
    }

    /** Adds a line; braces at its ends indent. An empty line is left out after an opening brace. */
    SourceFile line(String line) {
        if (line.startsWith("}") || line.startsWith(")")) {
            depth--;
        }
        if (line.isEmpty()) {
            if (!body.toString().endsWith("{\n")) {
                body.append('\n');
            }
            return this;
        }
        String indent = "    ".repeat(depth);
        body.append(LongLine.wrapped(indent, line)).append('\n');
        if (line.endsWith("{")) {
            depth++;
        }
        return this;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        if (!packageName.isEmpty()) {
            text.append("package ").append(packageName).append(";\n\n");
        }
        known.values().stream()
                .filter(this::isImported)
                .sorted()
                .forEach(name -> text.append("import ").append(name).append(";\n"));
        return text.append('\n').append(body).toString();
    }

    private boolean isImported(String qualifiedName) {
        int dot = qualifiedName.lastIndexOf('.');
        String itsPackage = dot < 0 ? "" : qualifiedName.substring(0, dot);
        return !itsPackage.isEmpty() && !itsPackage.equals("java.lang") && !itsPackage.equals(packageName);
    }
}
