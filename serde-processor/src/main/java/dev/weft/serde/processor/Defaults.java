package dev.weft.serde.processor;

import java.util.Optional;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;

/** What {@code @Default} says, as an expression. */
final class Defaults {
    private Defaults() {}

    static Optional<String> of(RecordComponentElement component, Shape shape, SourceFile file) {
        return Annotations.value(component, Library.DEFAULT)
                .map(text -> expression(component, shape, (String) text, file));
    }

    private static String expression(RecordComponentElement component, Shape shape, String text, SourceFile file) {
        try {
            return switch (shape) {
                case Shape.Scalar scalar -> literal(component, scalar.builtin(), text);
                case Shape.Declared declared
                when declared.element().getKind() == ElementKind.ENUM -> constant(component, declared, text, file);
                case Shape.Declared _, Shape.ThriftStruct _, Shape.Container _, Shape.Variable _ ->
                    throw unfit(component);
            };
        } catch (NumberFormatException notANumber) {
            throw new Problem(
                    component,
                    "@Default(\"" + text + "\") is not a value of " + component.asType() + ": write a number");
        }
    }

    private static String literal(RecordComponentElement component, Builtin builtin, String text) {
        return switch (builtin) {
            case BOOLEAN -> bool(component, text);
            case BYTE -> "(byte) " + Byte.parseByte(text);
            case SHORT -> "(short) " + Short.parseShort(text);
            case INT -> "" + Integer.parseInt(text);
            case LONG -> Long.parseLong(text) + "L";
            case FLOAT -> finite(component, Float.parseFloat(text)) + "F";
            case DOUBLE -> finite(component, Double.parseDouble(text)) + "D";
            case STRING -> quoted(text);
            case CHAR, BYTES, SEGMENT, DURATION, INSTANT, UUID, OPTIONAL_INT, OPTIONAL_LONG, OPTIONAL_DOUBLE ->
                throw unfit(component);
        };
    }

    private static String bool(RecordComponentElement component, String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new Problem(component, "@Default(\"" + text + "\") is not a boolean: write true or false");
        }
        return text;
    }

    private static <N extends Number> N finite(RecordComponentElement component, N value) {
        if (!Double.isFinite(value.doubleValue())) {
            throw new Problem(component, "@Default cannot be " + value + ": write a finite number");
        }
        return value;
    }

    private static String constant(
            RecordComponentElement component, Shape.Declared declared, String text, SourceFile file) {
        boolean exists = declared.element().getEnclosedElements().stream()
                .anyMatch(member -> member.getKind() == ElementKind.ENUM_CONSTANT
                        && member.getSimpleName().contentEquals(text));
        if (!exists) {
            throw new Problem(
                    component,
                    "@Default(\"" + text + "\") is not a constant of " + Names.nested(declared.element())
                            + ": write the name of one");
        }
        return file.use(declared.element()) + "." + text;
    }

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (c < ' ' || c > '~') {
                        quoted.append(String.format("\\u%04x", (int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }

    private static Problem unfit(RecordComponentElement component) {
        return new Problem(
                component,
                component.getSimpleName() + ": @Default is for numbers, booleans, strings and enums: remove it");
    }
}
