package dev.weft.cli;

import dev.weft.rpc.rdma.verbs.Device;
import java.net.InetAddress;
import java.util.List;

/** What {@code weft rdma devices --json} prints: a list of objects. */
final class RdmaDeviceJson {
    private RdmaDeviceJson() {}

    static String of(List<Device> devices) {
        return Json.list(devices.stream().map(RdmaDeviceJson::of).toList());
    }

    private static String of(Device device) {
        return new Json()
                .put("name", device.name())
                .put("nodeGuid", device.guid())
                .put("firmware", device.product().firmware())
                .put("vendorId", device.product().vendorId())
                .put("partId", device.product().partId())
                .put("maxQueuePairs", device.maxQueuePairs())
                .put("maxWorkRequests", device.maxWorkRequests())
                .put("maxSge", device.maxSge())
                .put("maxCompletionQueues", device.maxCompletionQueues())
                .put("maxCompletions", device.maxCompletions())
                .put("maxMemoryRegions", device.maxMemoryRegions())
                .put("maxMemoryRegionBytes", device.maxMemoryRegionBytes())
                .put("maxReads", device.maxReads())
                .put("atomics", Names.lower(device.atomics()))
                .raw(
                        "ports",
                        Json.list(
                                device.ports().stream().map(RdmaDeviceJson::of).toList()))
                .toString();
    }

    private static String of(Device.Port port) {
        return new Json()
                .put("port", port.number())
                .put("state", Names.lower(port.state()))
                .put("linkLayer", Names.lower(port.linkLayer()))
                .put("rate", port.rate())
                .put("lid", port.lid())
                .put("mtuBytes", port.mtuBytes())
                .put("maxMtuBytes", port.maxMtuBytes())
                .put("maxMessageBytes", port.maxMessageBytes())
                .raw(
                        "pkeys",
                        Json.list(port.pkeys().stream().map(String::valueOf).toList()))
                .raw(
                        "gids",
                        Json.list(port.gids().stream().map(RdmaDeviceJson::of).toList()))
                .toString();
    }

    private static String of(Device.Gid gid) {
        return new Json()
                .put("index", gid.index())
                .put("gid", gid.text())
                .put("type", gid.type())
                .put("interface", gid.netDevice())
                .put("address", gid.address().map(InetAddress::getHostAddress).orElse(""))
                .toString();
    }
}
