package dev.weft.bench.hdfs;

import dev.weft.bench.tree.Tree;
import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Names at a NameNode, through the client of HDFS. */
final class HdfsTree implements Tree {
    private final FileSystem files;

    HdfsTree(FileSystem files) {
        this.files = files;
    }

    @Override
    public void mkdir(String path) throws IOException {
        require(files.mkdirs(new Path(path)), "mkdir", path);
    }

    @Override
    public void create(String path) throws IOException {
        files.create(new Path(path), false).close();
    }

    @Override
    public void stat(String path) throws IOException {
        files.getFileStatus(new Path(path));
    }

    @Override
    public void open(String path) throws IOException {
        files.open(new Path(path)).close();
    }

    @Override
    public int list(String path) throws IOException {
        int count = 0;
        for (RemoteIterator<FileStatus> entries = files.listStatusIterator(new Path(path)); entries.hasNext(); ) {
            entries.next();
            count++;
        }
        return count;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        require(files.rename(new Path(from), new Path(to)), "rename", from);
    }

    @Override
    public void unlink(String path) throws IOException {
        require(files.delete(new Path(path), false), "delete", path);
    }

    private static void require(boolean done, String what, String path) throws IOException {
        if (!done) {
            throw new IOException(what + " of " + path + " was not done");
        }
    }
}
