package dev.weft.cli;

/** On the devices in software that the tests of this module are told to take. */
final class SoftwareRdmaClusterTest extends RdmaClusterContract {}
