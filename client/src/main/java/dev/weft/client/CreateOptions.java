package dev.weft.client;

/**
 * How a file is created.
 *
 * @param exclusive fail if it exists; otherwise it is made empty
 * @param chunkSize zero for the cluster's default
 * @param stripes over how many chains; zero for the cluster's default
 */
public record CreateOptions(boolean exclusive, int permissions, int chunkSize, int stripes) {
    /** Replaces what is there; permissions 0644. */
    public static CreateOptions defaults() {
        return new CreateOptions(false, 0644, 0, 0);
    }
}
