package dev.patronstream.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own, small enough to be filled in no time. */
public final class SmallDisk implements AutoCloseable {

    private final Path folder;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** Mounts one; a test is skipped, and says so, where that is not allowed. */
    public static SmallDisk mount(Path folder, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        assumeTrue(
                call("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString()) == 0,
                "only root may mount a small disk; this was not tried");
        return new SmallDisk(folder);
    }

    /** Returns where it is mounted. */
    public Path folder() {
        return folder;
    }

    /** Writes a file that leaves nothing free. */
    public void fill() throws IOException {
        byte[] much = new byte[1 << 12];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (true) {
                out.write(much);
            }
        } catch (IOException e) {
            assertEquals(0, Files.getFileStore(folder).getUsableSpace(), e.toString());
        }
    }

    /** Deletes what {@link #fill} wrote. */
    public void free() throws IOException {
        Files.delete(filler());
    }

    /** Gives it another size. */
    public void resize(int megabytes) throws IOException, InterruptedException {
        assertEquals(0, call("mount", "-o", "remount,size=" + megabytes + "m", folder.toString()));
    }

    /** Lets it be read only, or written again. */
    public void readOnly(boolean only) throws IOException, InterruptedException {
        assertEquals(0, call("mount", "-o", "remount," + (only ? "ro" : "rw"), folder.toString()));
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    private static int call(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).start().waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        call("umount", "-l", folder.toString());
    }
}
