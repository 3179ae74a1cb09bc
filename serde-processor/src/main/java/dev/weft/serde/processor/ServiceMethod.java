package dev.weft.serde.processor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * One method of a service as the generated code needs it.
 *
 * @param request empty if the method takes no parameter
 * @param reply empty if the method returns nothing
 * @param thrown the declared exceptions, each with the method that declares it
 */
record ServiceMethod(
        String name,
        String parameter,
        Optional<Shape> request,
        Optional<Shape> reply,
        boolean idempotent,
        boolean oneWay,
        Map<DeclaredType, ExecutableElement> thrown) {
    /** Names that the generated methods use themselves. */
    private static final Set<String> LOCALS_TAKEN = Set.of("caller", "failure", "declared");

    static ServiceMethod of(ExecutableElement method) {
        List<? extends VariableElement> parameters = method.getParameters();
        String name = method.getSimpleName().toString();
        if (!method.getTypeParameters().isEmpty()) {
            throw new Problem(method, name + " is generic: use fixed types");
        }
        if (parameters.size() > 1) {
            throw new Problem(
                    parameters.get(1), name + " takes " + parameters.size() + " parameters: put them in one record");
        }
        boolean isVoid = method.getReturnType().getKind() == TypeKind.VOID;
        boolean oneWay = Annotations.has(method, Library.ONE_WAY);
        if (oneWay && !isVoid) {
            throw new Problem(method, name + " is @OneWay and returns a value, which cannot come back: make it void");
        }
        if (oneWay && !method.getThrownTypes().isEmpty()) {
            throw new Problem(method, name + " is @OneWay, so that no exception can come back: declare none");
        }
        Map<DeclaredType, ExecutableElement> thrown = new LinkedHashMap<>();
        for (TypeMirror exception : method.getThrownTypes()) {
            thrown.put((DeclaredType) exception, method);
        }
        return new ServiceMethod(
                name,
                parameters.stream()
                        .findFirst()
                        .map(ServiceMethod::parameterName)
                        .orElse(""),
                parameters.stream().findFirst().map(parameter -> Shapes.of(parameter.asType(), parameter)),
                isVoid ? Optional.empty() : Optional.of(Shapes.of(method.getReturnType(), method)),
                Annotations.has(method, Library.IDEMPOTENT),
                oneWay,
                thrown);
    }

    private static String parameterName(VariableElement parameter) {
        String name = parameter.getSimpleName().toString();
        return LOCALS_TAKEN.contains(name) ? "request" : name;
    }

    String constant() {
        return Names.constant(name);
    }

    String requestType(SourceFile file) {
        return boxedType(request, file);
    }

    String replyType(SourceFile file) {
        return boxedType(reply, file);
    }

    String requestCodec(SourceFile file) {
        return codec(request, file);
    }

    String replyCodec(SourceFile file) {
        return codec(reply, file);
    }

    private static String boxedType(Optional<Shape> shape, SourceFile file) {
        return shape.map(present -> present.boxedType(file)).orElseGet(() -> file.use(Library.NOTHING));
    }

    private static String codec(Optional<Shape> shape, SourceFile file) {
        return shape.map(present -> present.codec(file)).orElseGet(() -> file.use(Library.CODECS) + ".NOTHING");
    }

    /** A function that calls the method on an implementation; for a method that returns nothing, {@link #adapter} is it. */
    String invoker(SourceFile file, String service) {
        if (reply.isEmpty()) {
            return file.simpleName() + "::" + name;
        }
        return request.isPresent() ? service + "::" + name : "(service, request) -> service." + name + "()";
    }

    /** Adds the method that calls one that returns nothing, and returns what stands for that. */
    void adapter(SourceFile file, String service) {
        if (reply.isPresent()) {
            return;
        }
        String nothing = file.use(Library.NOTHING);
        file.line("")
                .line("private static " + nothing + " " + name + "(" + service + " service, " + requestType(file)
                        + " request) throws Exception {");
        file.line("service." + name + "(" + (request.isPresent() ? "request" : "") + ");");
        file.line("return " + nothing + ".NOTHING;").line("}");
    }

    /** The head of the method in the stub. */
    String declaration(SourceFile file) {
        String result = reply.map(shape -> shape.type(file)).orElse("void");
        String parameters =
                request.map(shape -> shape.type(file) + " " + parameter).orElse("");
        String exceptions = thrown.isEmpty()
                ? ""
                : thrown.keySet().stream().map(file::use).collect(Collectors.joining(", ", " throws ", ""));
        file.use(Library.NOTHING);
        return "public " + result + " " + name + "(" + parameters + ")" + exceptions;
    }

    /** The statement in the stub that makes the call. */
    String call() {
        String call = "caller.call(" + constant() + ", " + (request.isPresent() ? parameter : "Nothing.NOTHING") + ");";
        return reply.isPresent() ? "return " + call : call;
    }
}
