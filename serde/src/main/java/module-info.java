import org.jspecify.annotations.NullMarked;

/** Records to bytes and back: generated codecs over memory segments, with evolution and a JSON view. */
@NullMarked
module dev.weft.serde {
    requires static transitive org.jspecify;
    requires com.fasterxml.jackson.core;

    exports dev.weft.serde;
}
