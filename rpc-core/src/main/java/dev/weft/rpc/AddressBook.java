package dev.weft.rpc;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/** The addresses of one peer, which of them failed, and when those may be tried again. Thread-safe. */
final class AddressBook {
    private final List<Address> addresses;
    private final RetryPolicy policy;
    private final Environment environment;
    private final ReentrantLock lock = new ReentrantLock();

    /** Failed attempts in a row, by address. */
    @GuardedBy("lock")
    private final int[] failures;

    /** Before this time an address that failed is not tried. */
    @GuardedBy("lock")
    private final long[] retryAtNanos;

    AddressBook(List<Address> addresses, RetryPolicy policy, Environment environment) {
        this.addresses = addresses;
        this.policy = policy;
        this.environment = environment;
        this.failures = new int[addresses.size()];
        this.retryAtNanos = new long[addresses.size()];
    }

    /** The addresses that may be tried now, best first; empty while all are to be left alone. */
    List<Address> usable() {
        long now = environment.clock().nanoTime();
        List<Address> usable = new ArrayList<>();
        lock.lock();
        try {
            for (int i = 0; i < failures.length; i++) {
                if (failures[i] == 0 || retryAtNanos[i] - now <= 0) {
                    usable.add(addresses.get(i));
                }
            }
        } finally {
            lock.unlock();
        }
        return usable;
    }

    void succeeded(Address address) {
        lock.lock();
        try {
            failures[addresses.indexOf(address)] = 0;
        } finally {
            lock.unlock();
        }
    }

    void failed(Address address) {
        long now = environment.clock().nanoTime();
        lock.lock();
        try {
            int i = addresses.indexOf(address);
            failures[i]++;
            retryAtNanos[i] = now + policy.pauseNanos(failures[i], environment.random());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return addresses.toString();
    }
}
