// Every type of Thrift's language, and every way a call can end. For tests.

namespace java dev.weft.rpc.thrift.generated
namespace py everything

enum Color {
  RED = 1,
  GREEN = 2,
  BLUE = 40
}

struct Point {
  1: i32 x,
  2: i32 y
}

union Choice {
  1: string text,
  2: i64 number,
  3: Point point,
  4: list<Point> points
}

struct Tree {
  1: string name,
  2: list<Tree> children
}

struct Everything {
  1: bool yes,
  2: i8 small,
  3: i16 medium,
  4: i32 normal,
  5: i64 big,
  6: double real,
  7: string text,
  8: binary bytes,
  9: Color color,
  10: Point point,
  11: Choice choice,
  12: list<string> names,
  13: set<i32> numbers,
  14: map<string, i64> counts,
  15: map<i32, list<map<string, Point>>> nested,
  16: required i32 mandatory,
  17: optional string maybe,
  18: optional i32 absent,
  19: i32 preset = 42,
  20: list<bool> flags,
  21: set<Color> colors,
  22: map<string, set<string>> groups,
  23: list<binary> blobs,
  24: map<Point, Color> painted,
  25: list<double> reals,
  1000: i64 far
}

exception NotFound {
  1: string what,
  2: i32 code
}

exception Refused {
  1: string why
}

service Base {
  string version()
}

service Calls extends Base {
  Everything echo(1: Everything value),
  void nothing(),
  i32 add(1: i32 a, 2: i32 b),
  string find(1: string name) throws (1: NotFound notFound, 2: Refused refused),
  void check(1: bool fine) throws (1: Refused refused),
  oneway void note(1: string text),
  list<string> notes(),
  binary blob(1: binary bytes),
  string slow(1: i64 millis),
  i32 fail(1: string how),
  i32 depth(1: Tree tree),
  string nullResult()
}

service Other {
  string whoAreYou(),
  i32 add(1: i32 a, 2: i32 b)
}
