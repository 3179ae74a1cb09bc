package dev.weft.bench.tree;

import java.io.IOException;

/** The names of a file system, as one client uses them; for one thread. Paths begin with a slash. */
public interface Tree {
    void mkdir(String path) throws IOException;

    /** Makes an empty file that was not there. */
    void create(String path) throws IOException;

    void stat(String path) throws IOException;

    /** Opens for reading, and closes. */
    void open(String path) throws IOException;

    /** Number of entries of a directory, each of which has been received. */
    int list(String path) throws IOException;

    /** To a name that is not there. */
    void rename(String from, String to) throws IOException;

    /** Removes a file. */
    void unlink(String path) throws IOException;
}
