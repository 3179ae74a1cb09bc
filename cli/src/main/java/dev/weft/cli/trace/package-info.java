/** {@code weft trace}: switches flight recorders, and reads what they wrote. */
package dev.weft.cli.trace;
