package dev.weft.serde.processor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;

/**
 * A parameter of a service method.
 *
 * @param name in the stub
 * @param shape of the parameter, or of the items of a stream
 */
record ServiceParameter(Role role, String name, Shape shape) {
    /** Names that the generated methods use themselves. */
    private static final Set<String> LOCALS_TAKEN = Set.of("caller", "failure", "declared");

    /** What a parameter is for. */
    enum Role {
        REQUEST("request"),
        /** A stream from the caller. */
        READER("in"),
        /** A stream to the caller. */
        WRITER("out");

        private final String argument;

        Role(String argument) {
            this.argument = argument;
        }

        /** Its name in the method that calls the implementation. */
        String argument() {
            return argument;
        }
    }

    /** All of a method, in the order of the source; each role at most once. */
    static List<ServiceParameter> of(ExecutableElement method) {
        Map<Role, VariableElement> byRole = new EnumMap<>(Role.class);
        List<ServiceParameter> parameters = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            Role role = role(parameter.asType());
            if (byRole.put(role, parameter) != null) {
                throw new Problem(parameter, tooMany(method, role));
            }
            String name = parameter.getSimpleName().toString();
            parameters.add(new ServiceParameter(
                    role,
                    LOCALS_TAKEN.contains(name) ? role.argument() : name,
                    Shapes.of(role == Role.REQUEST ? parameter.asType() : itemType(parameter), parameter)));
        }
        return parameters;
    }

    private static String tooMany(ExecutableElement method, Role role) {
        String name = method.getSimpleName().toString();
        return switch (role) {
            case REQUEST -> {
                long plain = method.getParameters().stream()
                        .filter(parameter -> role(parameter.asType()) == Role.REQUEST)
                        .count();
                yield name + " takes " + plain + " parameters: put them in one record";
            }
            case READER -> name + " reads two streams: put what they bring in one sealed interface of records";
            case WRITER -> name + " writes two streams: put what they bring in one sealed interface of records";
        };
    }

    private static Role role(TypeMirror type) {
        String name = type instanceof DeclaredType declared
                ? ((TypeElement) declared.asElement()).getQualifiedName().toString()
                : "";
        return switch (name) {
            case Library.STREAM_READER -> Role.READER;
            case Library.STREAM_WRITER -> Role.WRITER;
            default -> Role.REQUEST;
        };
    }

    private static TypeMirror itemType(VariableElement parameter) {
        return ((DeclaredType) parameter.asType())
                .getTypeArguments().stream()
                        .findFirst()
                        .orElseThrow(() -> new Problem(
                                parameter, parameter.getSimpleName() + ": say of which type the stream's items are"));
    }

    String type(SourceFile file) {
        return switch (role) {
            case REQUEST -> shape.type(file);
            case READER -> file.use(Library.STREAM_READER) + "<" + shape.boxedType(file) + ">";
            case WRITER -> file.use(Library.STREAM_WRITER) + "<" + shape.boxedType(file) + ">";
        };
    }
}
