package dev.weft.rpc.spi;

/**
 * Takes a record of every call of a client or server. Thread-safe; the threads of the calls use it, so it must not block, and
 * what it cannot keep up with it drops.
 */
public interface CallRecorder {
    /** Never records. */
    CallRecorder NONE = new CallRecorder() {
        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public void record(CallRecord call) {}
    };

    /** Whether calls that begin now are to be recorded; asked for each of them, so one volatile read at most. */
    boolean isOn();

    /** Records a call. The record may be used no more when this returns. Must not throw. */
    void record(CallRecord call);
}
