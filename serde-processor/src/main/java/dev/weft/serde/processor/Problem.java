package dev.weft.serde.processor;

import javax.lang.model.element.Element;

/** What is wrong with the user's source: becomes a compile error at the element. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Element element;

    /** @param message what is wrong, and what to do about it */
    Problem(Element element, String message) {
        super(message);
        this.element = element;
    }

    Element element() {
        return element;
    }
}
