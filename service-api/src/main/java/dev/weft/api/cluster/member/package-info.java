/** What every process does that is part of a cluster: keeps its name, follows its options, says that it is there. */
package dev.weft.api.cluster.member;
