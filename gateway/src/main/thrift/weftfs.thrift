/**
 * Files of Weft FS for programs in any language that Thrift has. Framed, strict binary or compact.
 *
 * Paths are absolute and separated by '/'. All calls are made on behalf of the user that the gateway runs as.
 */

namespace java dev.weft.gateway.generated
namespace py weftfs

enum FileKind {
  FILE = 1,
  DIRECTORY = 2,
  SYMLINK = 3
}

enum FaultKind {
  /** Whatever has no name of its own here. */
  FAILED = 1,
  NOT_FOUND = 2,
  EXISTS = 3,
  NOT_A_DIRECTORY = 4,
  NOT_EMPTY = 5,
  ACCESS_DENIED = 6,
  /** The arguments are not those of a call. */
  INVALID = 7,
  /** The handle is not of a file that is being written: it was closed, or not used for too long. */
  NO_HANDLE = 8,
  /** Too many files are being written at a time. */
  TOO_MANY = 9
}

exception Fault {
  1: FaultKind kind,
  2: string message
}

struct FileInfo {
  1: string name,
  2: FileKind kind,
  3: i64 length,
  /** The twelve bits of POSIX. */
  4: i32 permissions,
  5: i32 owner,
  6: i32 group,
  /** When the content was last changed, in milliseconds since 1970. */
  7: i64 modifiedMillis,
  /** Where a symbolic link leads. */
  8: optional string target
}

struct Listing {
  1: list<FileInfo> entries,
  /** Whether there are entries after these. */
  2: bool more
}

service WeftFs {
  /** What is at a path; a symbolic link at its end is followed. */
  FileInfo stat(1: string path) throws (1: Fault fault),

  /** Entries of a directory in the order of their names' bytes, after the name 'after' ('' for the first), at most 'limit'. */
  Listing listDirectory(1: string path, 2: string after, 3: i32 limit) throws (1: Fault fault),

  /** Bytes of a file from an offset on: at most 'length' of them, fewer only at its end. */
  binary read(1: string path, 2: i64 offset, 3: i32 length) throws (1: Fault fault),

  /** Creates a file and returns a handle to write it; one that is there is emptied, unless it must not be there. */
  i64 create(1: string path, 2: bool exclusive) throws (1: Fault fault),

  /** Appends bytes to a file that is being written; 'offset' is how many were written before, so that none are written twice. */
  void write(1: i64 handle, 2: i64 offset, 3: binary bytes) throws (1: Fault fault),

  /** Ends the writing; the file is stored when this returns. */
  FileInfo close(1: i64 handle) throws (1: Fault fault),

  /** Creates a directory; with 'parents' also those above it, and it may be there already. */
  void makeDirectory(1: string path, 2: bool parents) throws (1: Fault fault),

  /** Moves a file or directory; a file or empty directory that is there is replaced. */
  void rename(1: string source, 2: string target) throws (1: Fault fault),

  /** Removes a file or an empty directory; with 'recursive' a directory with all that is in it. */
  void remove(1: string path, 2: bool recursive) throws (1: Fault fault)
}
