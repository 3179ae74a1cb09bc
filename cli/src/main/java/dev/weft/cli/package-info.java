/** The {@code weft} command: one class for each subcommand, and what they share. */
package dev.weft.cli;
