package dev.weft.rpc.rdma.software;

/** What has been made and not been freed yet; for tests that nothing leaks. */
public record OpenObjects(
        int protectionDomains,
        int memoryRegions,
        int completionQueues,
        int completionChannels,
        int queuePairs,
        int ids,
        int eventChannels) {
    /** Nothing. */
    public static final OpenObjects NONE = new OpenObjects(0, 0, 0, 0, 0, 0, 0);

    OpenObjects plus(OpenObjects other) {
        return new OpenObjects(
                protectionDomains + other.protectionDomains,
                memoryRegions + other.memoryRegions,
                completionQueues + other.completionQueues,
                completionChannels + other.completionChannels,
                queuePairs + other.queuePairs,
                ids + other.ids,
                eventChannels + other.eventChannels);
    }
}
