/** What the Thrift compiler makes of {@code weftfs.thrift}: nobody's style, and without the annotations of nullness. */
@NullUnmarked
package dev.weft.gateway.generated;

import org.jspecify.annotations.NullUnmarked;
