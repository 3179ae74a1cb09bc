package dev.weft.serde;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Takes what a newer writer sends and this version does not know; without it, that is a {@link SerdeException}.
 *
 * <ul>
 *   <li>On a case {@code record Unknown(int tag, MemorySegment body)} of a sealed interface: keeps the case as it came,
 *       and writes it again byte for byte.
 *   <li>On an enum constant: stands for every constant that is not known; which one it was is lost.
 * </ul>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.FIELD})
public @interface Unknown {}
