package dev.weft.serde.processor;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;

/**
 * Refuses types whose default value would contain itself without end: bytes from outside decide whether a default is
 * needed, so that it must exist.
 */
final class Finiteness {
    private final TypeElement start;
    private final Set<TypeElement> visited = new HashSet<>();

    private Finiteness(TypeElement start) {
        this.start = start;
    }

    static void check(TypeElement start) {
        new Finiteness(start).visit(start);
    }

    private void visit(TypeElement type) {
        if (!visited.add(type)) {
            return;
        }
        if (type.getKind() == ElementKind.RECORD) {
            for (RecordComponentElement component : type.getRecordComponents()) {
                follow(component.asType(), component);
            }
        } else if (type.getKind() == ElementKind.INTERFACE) {
            firstCase(type).forEach(permitted -> follow(permitted, start));
        }
    }

    private void follow(TypeMirror type, Element at) {
        if (!(type instanceof DeclaredType declared)
                || !(declared.asElement() instanceof TypeElement element)
                || !Annotations.has(element, Library.SERDE)) {
            return;
        }
        if (element.equals(start)) {
            throw new Problem(
                    visited.size() == 1 ? at : start,
                    Names.nested(start) + " contains itself without end: put an Optional or a List in between"
                            + ", or another case of the sealed interface first");
        }
        visit(element);
        declared.getTypeArguments().forEach(argument -> follow(argument, at));
    }

    private static List<TypeMirror> firstCase(TypeElement union) {
        return union.getPermittedSubclasses().stream()
                .filter(permitted -> !Annotations.has(((DeclaredType) permitted).asElement(), Library.UNKNOWN))
                .limit(1)
                .<TypeMirror>map(permitted -> permitted)
                .toList();
    }
}
