/** HDFS's NameNode as a peer of the metadata benchmark. */
@NullMarked
package dev.weft.bench.hdfs;

import org.jspecify.annotations.NullMarked;
