package dev.weft.serde.processor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Types that {@code SerdeWriter} and {@code SerdeReader} have methods for; the constant is named as in {@code Codecs}. */
enum Builtin {
    BOOLEAN("boolean", "java.lang.Boolean", "Boolean", 1, 0, "false"),
    BYTE("byte", "java.lang.Byte", "Byte", 1, 0, "(byte) 0"),
    SHORT("short", "java.lang.Short", "Short", 2, 0, "(short) 0"),
    CHAR("char", "java.lang.Character", "Char", 2, 0, "'\\0'"),
    INT("int", "java.lang.Integer", "Int", 4, 0, "0"),
    LONG("long", "java.lang.Long", "Long", 8, 0, "0L"),
    FLOAT("float", "java.lang.Float", "Float", 4, 0, "0F"),
    DOUBLE("double", "java.lang.Double", "Double", 8, 0, "0D"),
    STRING("java.lang.String", "String", 0, 1, "\"\""),
    BYTES("byte[]", "byte[]", "Bytes", 0, 1, ""),
    SEGMENT("java.lang.foreign.MemorySegment", "Segment", 0, 1, ""),
    DURATION("java.time.Duration", "Duration", 12, 0, ".ZERO"),
    INSTANT("java.time.Instant", "Instant", 12, 0, ".EPOCH"),
    UUID("java.util.UUID", "Uuid", 16, 0, ""),
    OPTIONAL_INT("java.util.OptionalInt", "OptionalInt", 0, 1, ".empty()"),
    OPTIONAL_LONG("java.util.OptionalLong", "OptionalLong", 0, 1, ".empty()"),
    OPTIONAL_DOUBLE("java.util.OptionalDouble", "OptionalDouble", 0, 1, ".empty()");

    private static final Map<String, Builtin> BY_TYPE = new HashMap<>();

    static {
        for (Builtin builtin : values()) {
            BY_TYPE.put(builtin.type, builtin);
            BY_TYPE.put(builtin.boxedType, builtin);
        }
    }

    private final String type;
    private final String boxedType;
    private final String method;
    private final int fixedWidth;
    private final int variableMinimum;
    private final String defaultValue;

    Builtin(String type, String method, int fixedWidth, int variableMinimum, String defaultValue) {
        this(type, type, method, fixedWidth, variableMinimum, defaultValue);
    }

    Builtin(String type, String boxedType, String method, int fixedWidth, int variableMinimum, String defaultValue) {
        this.type = type;
        this.boxedType = boxedType;
        this.method = method;
        this.fixedWidth = fixedWidth;
        this.variableMinimum = variableMinimum;
        this.defaultValue = defaultValue;
    }

    /** The one of this type, given by full name without annotations. */
    static Optional<Builtin> of(String typeName) {
        return Optional.ofNullable(BY_TYPE.get(typeName));
    }

    String label() {
        return method;
    }

    /** {@code put}, {@code set} or {@code get} with what follows. */
    String method(String verb) {
        return verb + method;
    }

    String type(SourceFile file) {
        return type.contains(".") ? file.use(type) : type;
    }

    String boxedType(SourceFile file) {
        return boxedType.contains(".") ? file.use(boxedType) : boxedType;
    }

    boolean isPrimitive() {
        return !type.equals(boxedType);
    }

    int fixedWidth() {
        return fixedWidth;
    }

    int minimumSize() {
        return Math.max(fixedWidth, variableMinimum);
    }

    String defaultValue(SourceFile file) {
        if (defaultValue.isEmpty()) {
            return file.use(Library.CODECS) + "." + name() + ".defaultValue()";
        }
        return defaultValue.startsWith(".") ? type(file) + defaultValue : defaultValue;
    }
}
