package dev.weft.serde.processor;

import java.util.Set;

/**
 * One component of a record as its codec needs it.
 *
 * @param defaultValue an expression
 */
record RecordField(String name, Shape shape, String defaultValue) {
    /** Names that the generated methods use themselves. */
    private static final Set<String> LOCALS_TAKEN = Set.of("in", "out", "outer", "value", "table", "refusal", "key");

    String local() {
        return LOCALS_TAKEN.contains(name) ? name + "Field" : name;
    }

    String accessor() {
        return "value." + name + "()";
    }

    boolean isPrimitive() {
        return shape instanceof Shape.Scalar scalar
                && !scalar.boxed()
                && scalar.builtin().isPrimitive();
    }
}
