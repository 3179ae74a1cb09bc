/** What the measurements by JMH have in common. */
package dev.weft.bench.jmh;
