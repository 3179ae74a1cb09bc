/**
 * Files as programs use them.
 *
 * <pre>{@code
 * try (FileWriter writer = fs.create("/data/a", CreateOptions.defaults())) {
 *     writer.write(bytes);
 * }
 * }</pre>
 *
 * <p>Calls block, and end in an {@link java.io.IOException} when retries are used up.
 */
package dev.weft.client;
