/**
 * The torture of a cluster of real processes: writers and readers with checked content, while processes are killed, frozen
 * and restarted and their disks filled. {@link dev.weft.cli.torture.TortureRun} puts it together.
 */
package dev.weft.cli.torture;
