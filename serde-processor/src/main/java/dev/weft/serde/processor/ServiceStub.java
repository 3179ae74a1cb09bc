package dev.weft.serde.processor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/** Source of {@code FooRpc}: the definition of the service {@code Foo}, and the stub that calls it. */
final class ServiceStub {
    private final TypeElement service;
    private final Types types;
    private final SourceFile file;
    private final String name;
    private final List<ServiceMethod> methods = new ArrayList<>();
    /** Constants of the application errors that methods declare, by the exception's full name. */
    private final Map<String, String> errors = new LinkedHashMap<>();

    private ServiceStub(TypeElement service, Elements elements, Types types) {
        this.service = service;
        this.types = types;
        if (service.getKind() != ElementKind.INTERFACE) {
            throw new Problem(service, service.getSimpleName() + " is not an interface: @RpcService is for interfaces");
        }
        if (!service.getTypeParameters().isEmpty()) {
            throw new Problem(service, service.getSimpleName() + " is generic: a service cannot be");
        }
        this.file = GeneratedClass.begin(service, "Rpc");
        this.name = file.use(service);
        Map<String, ExecutableElement> byName = new HashMap<>();
        for (ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(service))) {
            if (!method.getModifiers().contains(Modifier.ABSTRACT)) {
                continue;
            }
            methods.add(ServiceMethod.of(method));
            if (byName.putIfAbsent(method.getSimpleName().toString(), method) != null) {
                throw new Problem(
                        method,
                        method.getSimpleName() + " is overloaded: on the wire a method is its name; rename one");
            }
        }
    }

    static SourceFile source(TypeElement service, Elements elements, Types types) {
        ServiceStub stub = new ServiceStub(service, elements, types);
        stub.emit();
        return stub.file;
    }

    private void emit() {
        GeneratedClass.open(file, service, "Defines the service {@link " + name + "}, and makes stubs of it.", "");
        for (ServiceMethod method : methods) {
            method.thrown().forEach(this::error);
        }
        for (ServiceMethod method : methods) {
            methodConstant(method);
        }
        String definition = file.use(Library.SERVICE_DEFINITION);
        String constants = methods.stream().map(ServiceMethod::constant).collect(Collectors.joining(", "));
        file.line("public static final " + definition + "<" + name + "> SERVICE = new " + definition + "<>(" + name
                + ".class, \"" + service.getQualifiedName() + "\", " + file.use("java.util.List") + ".of(" + constants
                + "), Stub::new);");
        file.line("").line("private " + file.simpleName() + "() {}");
        methods.forEach(method -> method.adapter(file, name));
        stub();
        file.line("}");
    }

    private void error(DeclaredType exception, ExecutableElement method) {
        TypeElement element = (TypeElement) exception.asElement();
        String qualified = element.getQualifiedName().toString();
        if (errors.containsKey(qualified)) {
            return;
        }
        ExecutableElement detail = ElementFilter.methodsIn(element.getEnclosedElements()).stream()
                .filter(member -> member.getSimpleName().contentEquals("detail")
                        && member.getParameters().isEmpty())
                .findFirst()
                .orElseThrow(() -> new Problem(
                        method,
                        element.getSimpleName()
                                + " is declared, but has no method detail(): add one that returns a @Serde type"));
        boolean constructs = ElementFilter.constructorsIn(element.getEnclosedElements()).stream()
                .map(ExecutableElement::getParameters)
                .anyMatch(parameters -> parameters.size() == 1
                        && types.isSameType(parameters.getFirst().asType(), detail.getReturnType()));
        if (!constructs) {
            throw new Problem(
                    method,
                    element.getSimpleName() + " is declared, but cannot be made again by the caller: "
                            + "add a constructor that takes what detail() returns");
        }
        Shape shape = Shapes.of(detail.getReturnType(), method);
        String type = file.use(element);
        String constant = Names.constant(element.getSimpleName().toString());
        if (errors.containsValue(constant)) {
            constant += errors.size();
        }
        errors.put(qualified, constant);
        String error = file.use(Library.APPLICATION_ERROR);
        file.line("private static final " + error + "<" + type + ", " + shape.boxedType(file) + "> " + constant
                + " = new " + error + "<>(" + hex(qualified) + ", " + type + ".class, " + shape.codec(file) + ", "
                + type
                + "::detail, " + type + "::new);");
        file.line("");
    }

    private void methodConstant(ServiceMethod method) {
        String type = file.use(Library.METHOD);
        String errorList = method.thrown().keySet().stream()
                .map(exception -> errors.get(
                        ((TypeElement) exception.asElement()).getQualifiedName().toString()))
                .collect(Collectors.joining(", ", file.use("java.util.List") + ".of(", ")"));
        String serviceName = service.getQualifiedName().toString();
        file.line("private static final " + type + "<" + name + ", " + method.requestType(file) + ", "
                + method.replyType(file) + "> " + method.constant() + " = new " + type + "<>(\"" + serviceName
                + "\", \""
                + method.name() + "\", " + hex(serviceName + "/" + method.name()) + ", " + method.requestCodec(file)
                + ", " + method.replyCodec(file) + ", " + method.idempotent() + ", "
                + (method.hasStreams() ? "" : method.oneWay() + ", ")
                + errorList + ", " + method.invoker(file, name) + ");");
        file.line("");
    }

    private static String hex(String hashed) {
        return String.format("0x%016xL", Names.sha256Prefix(hashed));
    }

    private void stub() {
        file.line("").line("/** Makes every call through a caller. */");
        file.line("private static final class Stub implements " + name + " {");
        file.line("private final " + file.use(Library.CALLER) + " caller;").line("");
        file.line("Stub(" + file.use(Library.CALLER) + " caller) {")
                .line("this.caller = caller;")
                .line("}");
        for (ServiceMethod method : methods) {
            file.line("").line("@Override");
            file.line(method.declaration(file) + " {");
            if (method.thrown().isEmpty()) {
                file.line(method.call(file));
            } else {
                file.line("try {").line(method.call(file));
                file.line("} catch (" + file.use(Library.RPC_EXCEPTION) + " failure) {");
                for (DeclaredType exception : method.thrown().keySet()) {
                    file.line("if (failure.getCause() instanceof " + file.use(exception) + " declared) {");
                    file.line("throw declared;").line("}");
                }
                file.line("throw failure;").line("}");
            }
            file.line("}");
        }
        file.line("}");
    }
}
