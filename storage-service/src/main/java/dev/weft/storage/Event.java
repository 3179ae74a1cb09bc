package dev.weft.storage;

/** What a storage service counts. */
enum Event {
    /** A request came for another version of the chain. */
    WRONG_CHAIN_VERSION,
    /** A request came after our lease had ended. */
    FENCED,
    /** A change was given up because our target had left its place in the chain. */
    DEMOTED,
    /** A retry got the answer that the change had got before. */
    RETRY_ANSWERED,
    /** A change came after a later one of its client and lane. */
    SEQUENCE_STALE,
    /** What a channel of a client had written last was forgotten, as nobody can ask for it any more. */
    TAG_FORGOTTEN,
    /** A channel of a client was refused as there are too many. */
    CHANNEL_REFUSED,
    /** A change that had got stuck was brought to its end. */
    STUCK_FINISHED,
    /** A forward did not fit our version of the chunk. */
    VERSION_GAP,
    /** A change went to the successor before it was durable here. */
    FORWARDED_AHEAD,
    /** A change was forwarded again. */
    FORWARD_RETRIED,
    /** A whole chunk went to a successor. */
    CHUNK_REPLACED,
    /** A chunk that differed was sent to a target that was being filled. */
    CHUNK_RECOVERED,
    /** Bytes of those chunks. */
    RECOVERED_BYTES,
    /** A target was filled. */
    TARGET_FILLED,
    /** A reader had to wait for what the tail knows. */
    TAIL_ASKED,
    /** A reader was shown what was pending. */
    PENDING_SHOWN,
    /** A target was read from its beginning to its end by the scrubber. */
    TARGET_SCRUBBED,
    /** Bytes that the scrubber has read. */
    SCRUBBED_BYTES,
    /** The scrubber has found a chunk that did not match its checksum. */
    SCRUB_FOUND,
    /** The scrubber has had a chunk repaired. */
    SCRUB_REPAIRED,
    /** The disk was written, forced and read to see whether it works. */
    DISK_CHECKED,
    /** That, or other upkeep of the disk, failed. */
    DISK_FAILED,
    /** A disk that had failed was opened again. */
    DISK_RELOADED,
    /** Space on the disk became low. */
    SPACE_LOW,
    /** A chunk did not match its checksum. */
    CHUNK_DAMAGED,
    /** A damaged chunk was repaired from another replica. */
    CHUNK_REPAIRED
}
