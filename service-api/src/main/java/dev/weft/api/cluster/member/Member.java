package dev.weft.api.cluster.member;

import dev.weft.api.cluster.ConfigStatus;
import dev.weft.api.cluster.HeartbeatReply;
import java.io.IOException;

/**
 * What a node brings to its heartbeats beside its targets, and takes from the answers beside routing.
 *
 * @param identity of its data
 * @param options that may be changed while it runs
 */
public record Member(ClusterIdentity identity, HotOptions options) {
    private static final System.Logger LOG = System.getLogger(Member.class.getName());

    /** One without a past, which forgets its cluster with the process. */
    public static Member fresh() {
        return new Member(ClusterIdentity.inMemory(), new HotOptions());
    }

    public String clusterId() {
        return identity.clusterId();
    }

    public ConfigStatus config() {
        return options.status();
    }

    /** Learns the cluster's name and follows its options. */
    public void accept(HeartbeatReply reply) {
        if (clusterId().isEmpty() && !reply.clusterId().isEmpty()) {
            try {
                identity.learn(reply.clusterId());
            } catch (IOException e) {
                LOG.log(System.Logger.Level.ERROR, "cannot keep the name of the cluster; will try again", e);
            }
        }
        reply.config().ifPresent(options::accept);
    }
}
