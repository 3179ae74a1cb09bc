package dev.weft.serde;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The number that stands on the wire for a case of a sealed interface, or for an enum constant.
 *
 * <p>Without it, a case is known by a hash of its simple name, so that cases can move but not be renamed; and a constant
 * by its position, so that constants can be renamed and appended but not moved.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface Tag {
    int value();
}
