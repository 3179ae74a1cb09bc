package dev.weft.serde.processor;

import java.util.List;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/** Annotations by name, since the processor does not depend on their classes. */
final class Annotations {
    private Annotations() {}

    static boolean has(Element element, String annotation) {
        return find(element, annotation).isPresent();
    }

    /** The annotation's {@code value}. */
    static Optional<Object> value(Element element, String annotation) {
        return find(element, annotation)
                .flatMap(mirror -> mirror.getElementValues().values().stream().findFirst())
                .map(value -> value.getValue());
    }

    static boolean hasSimpleName(List<? extends AnnotationMirror> mirrors, String simpleName) {
        return mirrors.stream()
                .anyMatch(mirror ->
                        mirror.getAnnotationType().asElement().getSimpleName().contentEquals(simpleName));
    }

    private static Optional<? extends AnnotationMirror> find(Element element, String annotation) {
        return element.getAnnotationMirrors().stream()
                .filter(mirror -> ((TypeElement) mirror.getAnnotationType().asElement())
                        .getQualifiedName()
                        .contentEquals(annotation))
                .findFirst();
    }
}
