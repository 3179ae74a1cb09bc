/** What the Thrift compiler makes of {@code everything.thrift}: nobody's style, and without the annotations of nullness. */
@NullUnmarked
package dev.weft.rpc.thrift.generated;

import org.jspecify.annotations.NullUnmarked;
