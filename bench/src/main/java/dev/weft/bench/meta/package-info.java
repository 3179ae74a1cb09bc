/** Operations on names, beside the local file system and HDFS's NameNode. */
@NullMarked
package dev.weft.bench.meta;

import org.jspecify.annotations.NullMarked;
