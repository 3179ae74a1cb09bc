package dev.weft.cli;

import org.junit.jupiter.api.Tag;

/** On real devices. */
@Tag("rdma")
final class LabClusterTest extends RdmaClusterContract {}
