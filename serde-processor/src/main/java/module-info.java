import org.jspecify.annotations.NullMarked;

/** Compile time only: writes the codecs of {@code @Serde} types and the stubs of {@code @RpcService} interfaces. */
@NullMarked
module dev.weft.serde.processor {
    requires static transitive org.jspecify;
    requires java.compiler;

    provides javax.annotation.processing.Processor with
            dev.weft.serde.processor.WeftProcessor;
}
