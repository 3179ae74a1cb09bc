/** Work on names of a file system, and how long it takes. */
@NullMarked
package dev.weft.bench.tree;

import org.jspecify.annotations.NullMarked;
