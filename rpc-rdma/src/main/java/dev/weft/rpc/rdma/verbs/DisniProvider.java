package dev.weft.rpc.rdma.verbs;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaProvider;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.impl.RdmaProviderNat;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * DiSNI's provider in this process: it hands each call to the {@link VerbsProvider} that owns the object of the call, so
 * that several of them live side by side. A call about no object, the creation of an event channel, goes to the default.
 *
 * <p>An application that was written for DiSNI runs on another provider by one call before its first use of DiSNI; all of
 * its code stays as it is:
 *
 * {@snippet :
 * DisniProvider.install(provider);
 * var group = new RdmaActiveEndpointGroup<MyEndpoint>(1000, false, 128, 4, 128);
 * }
 *
 * All methods are thread-safe. Providers of objects call {@link #ensureInstalled} before they make the first one, because
 * the constructors of DiSNI's classes ask for its provider and would load its native library.
 */
public final class DisniProvider extends RdmaProvider {
    private static final DisniProvider INSTANCE = enter();

    private final DispatchingCm cm = new DispatchingCm(this);
    private final DispatchingVerbs verbs = new DispatchingVerbs(this);
    private final ReentrantLock loading = new ReentrantLock();
    private volatile @Nullable RdmaProvider stock;
    private volatile @Nullable VerbsProvider standard;

    private DisniProvider(@Nullable RdmaProvider stock) {
        this.stock = stock;
    }

    // The lock is the one under which DiSNI itself reads and sets the field.
    @SuppressWarnings("LockOnNonEnclosingClassLiteral")
    private static DisniProvider enter() {
        synchronized (RdmaProvider.class) {
            try {
                Field field = RdmaProvider.class.getDeclaredField("provider");
                field.setAccessible(true);
                var provider = new DisniProvider((RdmaProvider) field.get(null));
                field.set(null, provider);
                StandInAffinity.defineIfNeeded();
                return provider;
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("the DiSNI that is here has no field RdmaProvider.provider; 2.1 has", e);
            }
        }
    }

    /** Makes {@code provider} the default: that of all applications of DiSNI in this process that start after this. */
    public static void install(VerbsProvider provider) {
        INSTANCE.standard = provider;
    }

    /**
     * Has all calls of DiSNI go to the owners of their objects. The default stays what it was; at first it is DiSNI's own
     * library, which is loaded when it is needed.
     */
    public static void ensureInstalled() {
        // The initializer of this class has done it.
    }

    @Override
    public RdmaCm openCm() {
        return cm;
    }

    @Override
    public RdmaVerbs openVerbs() {
        return verbs;
    }

    @Override
    public int getVersion() {
        return 0;
    }

    RdmaCm cm(Object object) throws IOException {
        return object instanceof Owned owned ? owned.owner().cm() : stock().openCm();
    }

    RdmaVerbs verbs(Object object) throws IOException {
        return object instanceof Owned owned ? owned.owner().verbs() : stock().openVerbs();
    }

    RdmaCm defaultCm() throws IOException {
        VerbsProvider provider = standard;
        return provider == null ? stock().openCm() : provider.cm();
    }

    /**
     * DiSNI's own provider.
     *
     * @throws IOException if its native library is not there
     */
    public static RdmaProvider stock() throws IOException {
        RdmaProvider known = INSTANCE.stock;
        return known == null ? INSTANCE.loadStock() : known;
    }

    private RdmaProvider loadStock() throws IOException {
        loading.lock();
        try {
            RdmaProvider known = stock;
            RdmaProvider loaded = known == null ? new RdmaProviderNat() : known;
            stock = loaded;
            return loaded;
        } catch (LinkageError e) {
            throw new IOException(
                    "DiSNI's native library libdisni is not on java.library.path; DisniProvider.install makes another"
                            + " provider the default",
                    e);
        } finally {
            loading.unlock();
        }
    }
}
