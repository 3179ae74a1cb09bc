/** Server streams, beside grpc-java. */
@NullMarked
package dev.weft.bench.stream;

import org.jspecify.annotations.NullMarked;
