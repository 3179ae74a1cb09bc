package dev.weft.rpc.thrift;

import dev.weft.rpc.thrift.generated.Choice;
import dev.weft.rpc.thrift.generated.Everything;
import dev.weft.rpc.thrift.generated.Point;
import dev.weft.serde.Serde;
import java.util.List;
import java.util.Optional;

/** A Weft message with Thrift structs in it. */
@Serde
record Sketch(String title, List<Point> points, Optional<Choice> choice, Everything everything) {}
