package dev.weft.bench.serde;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TStruct;
import org.apache.thrift.protocol.TType;

/**
 * What Thrift's compiler generates for the message, by hand, since the compiler is no Maven artifact. As there, strangers'
 * fields are skipped by type; unlike there, values go to the record directly, without a mutable struct: that can only help.
 */
final class ThriftFileEntry {
    private static final byte[] EMPTY = {};
    private static final FileEntry.State[] STATES = FileEntry.State.values();
    private static final TStruct STRUCT = new TStruct("FileEntry");
    private static final TStruct CHUNK_STRUCT = new TStruct("Chunk");
    private static final TField F1 = new TField("id", TType.I64, (short) 1);
    private static final TField F2 = new TField("version", TType.I32, (short) 2);
    private static final TField F3 = new TField("active", TType.BOOL, (short) 3);
    private static final TField F4 = new TField("name", TType.STRING, (short) 4);
    private static final TField F5 = new TField("path", TType.STRING, (short) 5);
    private static final TField F6 = new TField("createdMillis", TType.I64, (short) 6);
    private static final TField F7 = new TField("modifiedMillis", TType.I64, (short) 7);
    private static final TField F8 = new TField("ratio", TType.DOUBLE, (short) 8);
    private static final TField F9 = new TField("score", TType.DOUBLE, (short) 9);
    private static final TField F10 = new TField("owner", TType.I32, (short) 10);
    private static final TField F11 = new TField("group", TType.I32, (short) 11);
    private static final TField F12 = new TField("permissions", TType.I32, (short) 12);
    private static final TField F13 = new TField("length", TType.I64, (short) 13);
    private static final TField F14 = new TField("digest", TType.STRING, (short) 14);
    private static final TField F15 = new TField("state", TType.I32, (short) 15);
    private static final TField F16 = new TField("contentType", TType.STRING, (short) 16);
    private static final TField F17 = new TField("chunkSize", TType.I32, (short) 17);
    private static final TField F18 = new TField("generation", TType.I64, (short) 18);
    private static final TField F19 = new TField("labels", TType.LIST, (short) 19);
    private static final TField F20 = new TField("chunks", TType.LIST, (short) 20);
    private static final TField C1 = new TField("chain", TType.I64, (short) 1);
    private static final TField C2 = new TField("index", TType.I32, (short) 2);
    private static final TField C3 = new TField("length", TType.I32, (short) 3);
    private static final TField C4 = new TField("checksum", TType.I32, (short) 4);
    private static final TField C5 = new TField("host", TType.STRING, (short) 5);

    private ThriftFileEntry() {}

    @SuppressWarnings("EnumOrdinal") // Thrift numbers constants so
    static void write(FileEntry entry, TProtocol out) throws TException {
        out.writeStructBegin(STRUCT);
        out.writeFieldBegin(F1);
        out.writeI64(entry.id());
        out.writeFieldEnd();
        out.writeFieldBegin(F2);
        out.writeI32(entry.version());
        out.writeFieldEnd();
        out.writeFieldBegin(F3);
        out.writeBool(entry.active());
        out.writeFieldEnd();
        out.writeFieldBegin(F4);
        out.writeString(entry.name());
        out.writeFieldEnd();
        out.writeFieldBegin(F5);
        out.writeString(entry.path());
        out.writeFieldEnd();
        out.writeFieldBegin(F6);
        out.writeI64(entry.createdMillis());
        out.writeFieldEnd();
        out.writeFieldBegin(F7);
        out.writeI64(entry.modifiedMillis());
        out.writeFieldEnd();
        out.writeFieldBegin(F8);
        out.writeDouble(entry.ratio());
        out.writeFieldEnd();
        out.writeFieldBegin(F9);
        out.writeDouble(entry.score());
        out.writeFieldEnd();
        out.writeFieldBegin(F10);
        out.writeI32(entry.owner());
        out.writeFieldEnd();
        out.writeFieldBegin(F11);
        out.writeI32(entry.group());
        out.writeFieldEnd();
        out.writeFieldBegin(F12);
        out.writeI32(entry.permissions());
        out.writeFieldEnd();
        out.writeFieldBegin(F13);
        out.writeI64(entry.length());
        out.writeFieldEnd();
        out.writeFieldBegin(F14);
        out.writeBinary(ByteBuffer.wrap(entry.digest()));
        out.writeFieldEnd();
        out.writeFieldBegin(F15);
        out.writeI32(entry.state().ordinal());
        out.writeFieldEnd();
        out.writeFieldBegin(F16);
        out.writeString(entry.contentType());
        out.writeFieldEnd();
        out.writeFieldBegin(F17);
        out.writeI32(entry.chunkSize());
        out.writeFieldEnd();
        out.writeFieldBegin(F18);
        out.writeI64(entry.generation());
        out.writeFieldEnd();
        out.writeFieldBegin(F19);
        out.writeListBegin(new TList(TType.STRING, entry.labels().size()));
        for (String label : entry.labels()) {
            out.writeString(label);
        }
        out.writeListEnd();
        out.writeFieldEnd();
        out.writeFieldBegin(F20);
        out.writeListBegin(new TList(TType.STRUCT, entry.chunks().size()));
        for (FileEntry.Chunk chunk : entry.chunks()) {
            writeChunk(chunk, out);
        }
        out.writeListEnd();
        out.writeFieldEnd();
        out.writeFieldStop();
        out.writeStructEnd();
    }

    private static void writeChunk(FileEntry.Chunk chunk, TProtocol out) throws TException {
        out.writeStructBegin(CHUNK_STRUCT);
        out.writeFieldBegin(C1);
        out.writeI64(chunk.chain());
        out.writeFieldEnd();
        out.writeFieldBegin(C2);
        out.writeI32(chunk.index());
        out.writeFieldEnd();
        out.writeFieldBegin(C3);
        out.writeI32(chunk.length());
        out.writeFieldEnd();
        out.writeFieldBegin(C4);
        out.writeI32(chunk.checksum());
        out.writeFieldEnd();
        out.writeFieldBegin(C5);
        out.writeString(chunk.host());
        out.writeFieldEnd();
        out.writeFieldStop();
        out.writeStructEnd();
    }

    static FileEntry read(TProtocol in) throws TException {
        long id = 0;
        int version = 0;
        boolean active = false;
        String name = "";
        String path = "";
        long createdMillis = 0;
        long modifiedMillis = 0;
        double ratio = 0;
        float score = 0;
        int owner = 0;
        int group = 0;
        int permissions = 0;
        long length = 0;
        byte[] digest = EMPTY;
        FileEntry.State state = FileEntry.State.OPEN;
        String contentType = "";
        int chunkSize = 0;
        long generation = 0;
        List<String> labels = List.of();
        List<FileEntry.Chunk> chunks = List.of();
        in.readStructBegin();
        for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
            switch (field.id) {
                case 1 -> id = in.readI64();
                case 2 -> version = in.readI32();
                case 3 -> active = in.readBool();
                case 4 -> name = in.readString();
                case 5 -> path = in.readString();
                case 6 -> createdMillis = in.readI64();
                case 7 -> modifiedMillis = in.readI64();
                case 8 -> ratio = in.readDouble();
                case 9 -> score = (float) in.readDouble();
                case 10 -> owner = in.readI32();
                case 11 -> group = in.readI32();
                case 12 -> permissions = in.readI32();
                case 13 -> length = in.readI64();
                case 14 -> digest = bytes(in.readBinary());
                case 15 -> state = STATES[in.readI32()];
                case 16 -> contentType = in.readString();
                case 17 -> chunkSize = in.readI32();
                case 18 -> generation = in.readI64();
                case 19 -> labels = labels(in);
                case 20 -> chunks = chunks(in);
                default -> TProtocolUtil.skip(in, field.type);
            }
            in.readFieldEnd();
        }
        in.readStructEnd();
        return new FileEntry(
                id,
                version,
                active,
                name,
                path,
                createdMillis,
                modifiedMillis,
                ratio,
                score,
                owner,
                group,
                permissions,
                length,
                digest,
                state,
                contentType,
                chunkSize,
                generation,
                labels,
                chunks);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static List<String> labels(TProtocol in) throws TException {
        int size = in.readListBegin().size;
        List<String> labels = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            labels.add(in.readString());
        }
        in.readListEnd();
        return labels;
    }

    private static List<FileEntry.Chunk> chunks(TProtocol in) throws TException {
        int size = in.readListBegin().size;
        List<FileEntry.Chunk> chunks = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            chunks.add(chunk(in));
        }
        in.readListEnd();
        return chunks;
    }

    private static FileEntry.Chunk chunk(TProtocol in) throws TException {
        long chain = 0;
        int index = 0;
        int length = 0;
        int checksum = 0;
        String host = "";
        in.readStructBegin();
        for (TField field = in.readFieldBegin(); field.type != TType.STOP; field = in.readFieldBegin()) {
            switch (field.id) {
                case 1 -> chain = in.readI64();
                case 2 -> index = in.readI32();
                case 3 -> length = in.readI32();
                case 4 -> checksum = in.readI32();
                case 5 -> host = in.readString();
                default -> TProtocolUtil.skip(in, field.type);
            }
            in.readFieldEnd();
        }
        in.readStructEnd();
        return new FileEntry.Chunk(chain, index, length, checksum, host);
    }
}
