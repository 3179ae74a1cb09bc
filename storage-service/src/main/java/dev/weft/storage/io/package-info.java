/** System calls that Java has no class for: setting space aside, and reading by io_uring past the page cache. */
package dev.weft.storage.io;
