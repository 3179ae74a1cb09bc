package dev.weft.cluster;

import java.util.List;

/**
 * Who a cluster manager is among the managers of its cluster.
 *
 * @param managerId its name, different for each
 * @param addresses where it listens, as the others tell those who look for the primary
 * @param alone whether no other manager can reach the store, so that whoever held the lease before is gone
 */
public record ManagerSeat(int managerId, List<String> addresses, boolean alone) {
    public ManagerSeat {
        addresses = List.copyOf(addresses);
        if (managerId < 1) {
            throw new IllegalArgumentException("manager id " + managerId + " is below 1");
        }
    }

    /** The only manager of its cluster. */
    public static ManagerSeat only() {
        return new ManagerSeat(1, List.of(), true);
    }
}
