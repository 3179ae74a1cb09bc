/** Files through a three-replica cluster, beside the disk itself. */
@NullMarked
package dev.weft.bench.fs;

import org.jspecify.annotations.NullMarked;
