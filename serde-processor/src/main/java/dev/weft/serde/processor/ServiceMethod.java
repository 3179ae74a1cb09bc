package dev.weft.serde.processor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * One method of a service as the generated code needs it.
 *
 * @param reply empty if the method returns nothing
 * @param thrown the declared exceptions, each with the method that declares it
 */
record ServiceMethod(
        String name,
        List<ServiceParameter> parameters,
        Optional<Shape> reply,
        boolean idempotent,
        boolean oneWay,
        Map<DeclaredType, ExecutableElement> thrown) {
    static ServiceMethod of(ExecutableElement method) {
        String name = method.getSimpleName().toString();
        if (!method.getTypeParameters().isEmpty()) {
            throw new Problem(method, name + " is generic: use fixed types");
        }
        List<ServiceParameter> parameters = ServiceParameter.of(method);
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
        ServiceMethod described = new ServiceMethod(
                name,
                parameters,
                isVoid ? Optional.empty() : Optional.of(Shapes.of(method.getReturnType(), method)),
                Annotations.has(method, Library.IDEMPOTENT),
                oneWay,
                thrown);
        if (oneWay && described.hasStreams()) {
            throw new Problem(method, name + " is @OneWay and has a stream, which nobody would wait for: remove one");
        }
        return described;
    }

    boolean hasStreams() {
        return shape(ServiceParameter.Role.READER).isPresent()
                || shape(ServiceParameter.Role.WRITER).isPresent();
    }

    private Optional<Shape> shape(ServiceParameter.Role role) {
        return parameters.stream()
                .filter(parameter -> parameter.role() == role)
                .findFirst()
                .map(ServiceParameter::shape);
    }

    private Optional<Shape> request() {
        return shape(ServiceParameter.Role.REQUEST);
    }

    String constant() {
        return Names.constant(name);
    }

    String requestType(SourceFile file) {
        return boxedType(request(), file);
    }

    String replyType(SourceFile file) {
        return boxedType(reply, file);
    }

    String requestCodec(SourceFile file) {
        return codec(request(), file);
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

    /** What a method's constant says last: how to call the method on an implementation. */
    String invoker(SourceFile file, String service) {
        String adapter = file.simpleName() + "::" + name;
        if (hasStreams()) {
            return "new " + file.use(Library.METHOD) + ".Streams<>("
                    + codec(shape(ServiceParameter.Role.READER), file) + ", "
                    + codec(shape(ServiceParameter.Role.WRITER), file) + ", " + adapter + ")";
        }
        if (reply.isEmpty()) {
            return adapter;
        }
        return request().isPresent() ? service + "::" + name : "(service, request) -> service." + name + "()";
    }

    /** Adds the method that calls one that returns nothing or has streams, as all of its kind are called. */
    void adapter(SourceFile file, String service) {
        if (reply.isPresent() && !hasStreams()) {
            return;
        }
        String streams = hasStreams()
                ? ", " + file.use(Library.STREAM_READER) + "<"
                        + boxedType(shape(ServiceParameter.Role.READER), file) + "> in, "
                        + file.use(Library.STREAM_WRITER) + "<"
                        + boxedType(shape(ServiceParameter.Role.WRITER), file) + "> out"
                : "";
        file.line("")
                .line("private static " + replyType(file) + " " + name + "(" + service + " service, "
                        + requestType(file) + " request" + streams + ") throws Exception {");
        String arguments = parameters.stream()
                .map(parameter -> parameter.role().argument())
                .collect(Collectors.joining(", "));
        String call = "service." + name + "(" + arguments + ");";
        if (reply.isPresent()) {
            file.line("return " + call);
        } else {
            file.line(call).line("return " + file.use(Library.NOTHING) + ".NOTHING;");
        }
        file.line("}");
    }

    /** The head of the method in the stub. */
    String declaration(SourceFile file) {
        String result = reply.map(shape -> shape.type(file)).orElse("void");
        String declared = parameters.stream()
                .map(parameter -> parameter.type(file) + " " + parameter.name())
                .collect(Collectors.joining(", "));
        String exceptions = thrown.isEmpty()
                ? ""
                : thrown.keySet().stream().map(file::use).collect(Collectors.joining(", ", " throws ", ""));
        file.use(Library.NOTHING);
        return "public " + result + " " + name + "(" + declared + ")" + exceptions;
    }

    /** The statement in the stub that makes the call. */
    String call(SourceFile file) {
        String streams = hasStreams()
                ? ", " + argument(ServiceParameter.Role.READER, file.use(Library.STREAM_READER) + ".empty()") + ", "
                        + argument(ServiceParameter.Role.WRITER, file.use(Library.STREAM_WRITER) + ".none()")
                : "";
        String call = "caller.call(" + constant() + ", " + argument(ServiceParameter.Role.REQUEST, "Nothing.NOTHING")
                + streams + ");";
        return reply.isPresent() ? "return " + call : call;
    }

    private String argument(ServiceParameter.Role role, String otherwise) {
        return parameters.stream()
                .filter(parameter -> parameter.role() == role)
                .findFirst()
                .map(ServiceParameter::name)
                .orElse(otherwise);
    }
}
