/** The chunk engine, beside fio on the same disk. */
@NullMarked
package dev.weft.bench.storage;

import org.jspecify.annotations.NullMarked;
