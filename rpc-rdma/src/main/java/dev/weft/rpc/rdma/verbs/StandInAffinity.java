package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.util.MemoryUtils;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Stands in for the one class of DiSNI outside its verbs that is native: the threads of its endpoint groups bind themselves
 * to cores by it when they start, and end if they cannot. Where DiSNI's native library is missing, they are not bound.
 */
final class StandInAffinity {
    private static final ClassDesc NATIVE_AFFINITY = ClassDesc.of("com.ibm.disni.util.NativeAffinity");
    private static final int PUBLIC_STATIC = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC;
    private static final long ALL_CORES = -1;

    private StandInAffinity() {}

    /** Defines it, unless the library is there or DiSNI's own class was used already. */
    static void defineIfNeeded() throws IllegalAccessException {
        if (libraryIsThere()) {
            return;
        }
        try {
            MethodHandles.privateLookupIn(MemoryUtils.class, MethodHandles.lookup())
                    .defineClass(bytes());
        } catch (LinkageError e) {
            System.getLogger(StandInAffinity.class.getName())
                    .log(System.Logger.Level.DEBUG, "DiSNI was in use before", e);
        }
    }

    private static byte[] bytes() {
        return ClassFile.of()
                .build(
                        NATIVE_AFFINITY,
                        type -> type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL)
                                .withMethodBody(
                                        "setAffinity",
                                        MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long),
                                        PUBLIC_STATIC,
                                        code -> code.return_())
                                .withMethodBody(
                                        "getAffinity",
                                        MethodTypeDesc.of(ConstantDescs.CD_long),
                                        PUBLIC_STATIC,
                                        code -> code.loadConstant(ALL_CORES).lreturn()));
    }

    private static boolean libraryIsThere() {
        String file = System.mapLibraryName("disni");
        String path = System.getProperty("java.library.path", "");
        return Arrays.stream(path.split(":", -1)).anyMatch(directory -> Files.exists(Path.of(directory, file)));
    }
}
