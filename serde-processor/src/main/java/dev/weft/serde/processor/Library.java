package dev.weft.serde.processor;

import javax.lang.model.element.TypeElement;

/** Names of what generated code uses; the processor depends on none of it. */
final class Library {
    static final String SERDE = "dev.weft.serde.Serde";
    static final String DEFAULT = "dev.weft.serde.Default";
    static final String TAG = "dev.weft.serde.Tag";
    static final String UNKNOWN = "dev.weft.serde.Unknown";
    static final String GENERATED = "dev.weft.serde.Generated";
    static final String CODEC = "dev.weft.serde.Codec";
    static final String CODECS = "dev.weft.serde.Codecs";
    static final String NOTHING = "dev.weft.serde.Nothing";
    static final String WRITER = "dev.weft.serde.SerdeWriter";
    static final String READER = "dev.weft.serde.SerdeReader";

    static final String JSON_WRITER = "dev.weft.serde.JsonWriter";
    static final String JSON_READER = "dev.weft.serde.JsonReader";

    /** What the Thrift compiler generates is one of these, and has a codec that is not generated. */
    static final String THRIFT_STRUCT = "org.apache.thrift.TBase";

    static final String THRIFT_UNION = "org.apache.thrift.TUnion";
    static final String THRIFT_CODEC = "dev.weft.rpc.thrift.StructCodec";

    static final String RPC_SERVICE = "dev.weft.rpc.RpcService";
    static final String IDEMPOTENT = "dev.weft.rpc.Idempotent";
    static final String ONE_WAY = "dev.weft.rpc.OneWay";
    static final String METHOD = "dev.weft.rpc.Method";
    static final String SERVICE_DEFINITION = "dev.weft.rpc.ServiceDefinition";
    static final String APPLICATION_ERROR = "dev.weft.rpc.ApplicationError";
    static final String CALLER = "dev.weft.rpc.Caller";
    static final String STREAM_READER = "dev.weft.rpc.StreamReader";
    static final String STREAM_WRITER = "dev.weft.rpc.StreamWriter";
    static final String RPC_EXCEPTION = "dev.weft.rpc.RpcException";

    private Library() {}

    /** Full name of the codec that is generated for the type. */
    static String codecName(TypeElement type) {
        return generatedName(type, "Codec");
    }

    static String generatedName(TypeElement type, String suffix) {
        String packageName = Names.packageOf(type).getQualifiedName().toString();
        String simpleName = Names.flat(type) + suffix;
        return packageName.isEmpty() ? simpleName : packageName + "." + simpleName;
    }
}
