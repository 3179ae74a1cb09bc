package dev.weft.serde;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says what an appended field is when an older writer did not send it: a number, {@code true}, a text, or the name of an
 * enum constant. Without it, that is zero, false, empty, or the first constant.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    String value();
}
