package dev.weft.serde.processor;

import java.io.IOException;
import java.io.Writer;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/** Writes {@code FooCodec} for each {@code @Serde Foo}, and {@code FooRpc} for each {@code @RpcService Foo}. */
public final class WeftProcessor extends AbstractProcessor {
    /** The compiler makes one. */
    public WeftProcessor() {}

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of(Library.SERDE, Library.RPC_SERVICE);
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                generate((TypeElement) element, annotation);
            }
        }
        return false;
    }

    private void generate(TypeElement type, TypeElement annotation) {
        try {
            SourceFile file = annotation.getQualifiedName().contentEquals(Library.SERDE)
                    ? codec(type)
                    : ServiceStub.source(type, processingEnv.getElementUtils(), processingEnv.getTypeUtils());
            save(file, type);
        } catch (Problem problem) {
            processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, problem.getMessage(), problem.element());
        }
    }

    private SourceFile codec(TypeElement type) {
        Finiteness.check(type);
        return switch (type.getKind()) {
            case RECORD -> RecordCodec.source(type, processingEnv.getElementUtils());
            case ENUM -> EnumCodec.source(type);
            case ElementKind kind
            when kind == ElementKind.INTERFACE && type.getModifiers().contains(Modifier.SEALED) ->
                UnionCodec.source(type);
            default ->
                throw new Problem(
                        type,
                        type.getSimpleName()
                                + " cannot be @Serde: make it a record, an enum or a sealed interface of records");
        };
    }

    private void save(SourceFile file, TypeElement origin) {
        try (Writer writer = processingEnv
                .getFiler()
                .createSourceFile(file.qualifiedName(), origin)
                .openWriter()) {
            writer.write(file.text());
        } catch (IOException failure) {
            throw new Problem(origin, "cannot write " + file.qualifiedName() + ": " + failure);
        }
    }
}
