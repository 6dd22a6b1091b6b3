package dev.patronstream.snapshotter.destination;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.digest.BuiltinDigests;
import org.apache.sshd.common.file.virtualfs.VirtualFileSystemFactory;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.extensions.openssh.AbstractOpenSSHExtensionParser.OpenSSHExtension;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemConfigurator;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** A real SSH server (Apache MINA) with a habit that vendors' servers have. */
final class HabitServer implements AutoCloseable {

    static final String USER = "eagle";
    static final String PASSWORD = "right-secret";
    private static final String POSIX_RENAME = "posix-rename@openssh.com";

    private final SshServer server;
    private final String fingerprint;

    private HabitServer(SshServer server, String fingerprint) {
        this.server = server;
        this.fingerprint = fingerprint;
    }

    /** What is asked of the server. */
    enum Kind {
        STAT,
        LIST,
        READ,
        WRITE,
        CHUNK,
        PERMIT,
        RENAME,
        REPLACE,
        REMOVE,
        OTHER
    }

    /**
     * A request.
     *
     * @param name name of the file, without the folder
     * @param other the new name, of a rename
     * @param bytes how many are to be written, of a chunk
     */
    record Request(Kind kind, String name, String other, int bytes, ChannelSession channel) {

        boolean renames() {
            return kind == Kind.RENAME || kind == Kind.REPLACE;
        }
    }

    /** What the server answers in place of doing as asked. */
    record Refusal(int status, String text) {}

    /** How a server differs from others. */
    static class Habit {

        /** Changes the server before it starts. */
        void prepare(SshServer server) {}

        boolean advertisesPosixRename() {
            return true;
        }

        /** Returns the answer to a request that is not carried out. */
        Optional<Refusal> refusal(Request request) throws IOException {
            return Optional.empty();
        }

        /** Told when a request was answered. */
        void answered(Request request) throws IOException {}

        /** Changes what is shown of a file. */
        void show(Map<String, Object> attributes, boolean inList) {}

        boolean mindsCase() {
            return true;
        }

        int longestRead() {
            return Integer.MAX_VALUE;
        }
    }

    static HabitServer start(Path folder, KeyPair hostKey, Habit habit) throws Exception {
        SshServer server = SshServer.setUpDefaultServer();
        server.setHost("127.0.0.1");
        server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        VirtualFileSystemFactory folders = new VirtualFileSystemFactory();
        folders.setUserHomeDir(USER, folder);
        server.setFileSystemFactory(folders);
        server.setPasswordAuthenticator((name, password, session) -> name.equals(USER) && password.equals(PASSWORD));
        server.setSubsystemFactories(List.of(new Subsystems(habit)));
        habit.prepare(server);
        server.start();
        return new HabitServer(server, KeyUtils.getFingerPrint(BuiltinDigests.sha256, hostKey.getPublic()));
    }

    int port() {
        return server.getPort();
    }

    String fingerprint() {
        return fingerprint;
    }

    @Override
    public void close() throws IOException {
        server.close(true);
    }

    private static final class Subsystems extends SftpSubsystemFactory {

        private final Habit habit;

        Subsystems(Habit habit) {
            this.habit = habit;
        }

        @Override
        public Command createSubsystem(ChannelSession channel) {
            return new Subsystem(channel, this, habit);
        }
    }

    private static final class Subsystem extends SftpSubsystem {

        private final Habit habit;
        private boolean listing;

        Subsystem(ChannelSession channel, SftpSubsystemConfigurator configurator, Habit habit) {
            super(channel, configurator);
            this.habit = habit;
        }

        @Override
        protected List<OpenSSHExtension> resolveOpenSSHExtensions(ServerSession session) {
            return super.resolveOpenSSHExtensions(session).stream()
                    .filter(extension -> habit.advertisesPosixRename() || !POSIX_RENAME.equals(extension.getName()))
                    .toList();
        }

        @Override
        protected void doProcess(Buffer buffer, int length, int type, int id) throws IOException {
            if (type == SftpConstants.SSH_FXP_INIT) {
                super.doProcess(buffer, length, type, id);
                return;
            }
            int at = buffer.rpos();
            Request request = request(buffer, type);
            buffer.rpos(at);
            Optional<Refusal> refusal = habit.refusal(request);
            if (refusal.isPresent()) {
                sendStatus(
                        prepareReply(buffer),
                        id,
                        refusal.get().status(),
                        refusal.get().text());
                return;
            }
            listing = type == SftpConstants.SSH_FXP_READDIR;
            super.doProcess(buffer, length, type, id);
            habit.answered(request);
        }

        private Request request(Buffer buffer, int type) {
            ChannelSession channel = getServerChannelSession();
            return switch (type) {
                case SftpConstants.SSH_FXP_STAT, SftpConstants.SSH_FXP_LSTAT -> named(Kind.STAT, buffer);
                case SftpConstants.SSH_FXP_OPENDIR -> named(Kind.LIST, buffer);
                case SftpConstants.SSH_FXP_OPEN -> {
                    String name = name(buffer.getString());
                    boolean reads = (buffer.getInt() & SftpConstants.SSH_FXF_READ) != 0;
                    yield new Request(reads ? Kind.READ : Kind.WRITE, name, "", 0, channel);
                }
                case SftpConstants.SSH_FXP_WRITE -> {
                    buffer.getBytes();
                    buffer.getLong();
                    yield new Request(Kind.CHUNK, "", "", buffer.getInt(), channel);
                }
                case SftpConstants.SSH_FXP_SETSTAT -> named(Kind.PERMIT, buffer);
                case SftpConstants.SSH_FXP_REMOVE -> named(Kind.REMOVE, buffer);
                case SftpConstants.SSH_FXP_RENAME -> renaming(Kind.RENAME, buffer);
                case SftpConstants.SSH_FXP_EXTENDED ->
                    buffer.getString().equals(POSIX_RENAME)
                            ? renaming(Kind.REPLACE, buffer)
                            : new Request(Kind.OTHER, "", "", 0, channel);
                default -> new Request(Kind.OTHER, "", "", 0, channel);
            };
        }

        private Request named(Kind kind, Buffer buffer) {
            return new Request(kind, name(buffer.getString()), "", 0, getServerChannelSession());
        }

        private Request renaming(Kind kind, Buffer buffer) {
            return new Request(kind, name(buffer.getString()), name(buffer.getString()), 0, getServerChannelSession());
        }

        private static String name(String path) {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        @Override
        protected int doRead(
                int id, String handle, long at, int length, byte[] to, int from, AtomicReference<Boolean> eof)
                throws IOException {
            return super.doRead(id, handle, at, Math.min(length, habit.longestRead()), to, from, eof);
        }

        @Override
        protected void writeAttrs(Buffer buffer, Map<String, ?> attributes) {
            Map<String, Object> shown = new TreeMap<>(attributes);
            habit.show(shown, listing);
            super.writeAttrs(buffer, shown);
        }

        @Override
        protected Path resolveFile(String remote) throws IOException, InvalidPathException {
            Path file = super.resolveFile(remote);
            Path folder = file.getParent();
            if (habit.mindsCase() || folder == null || Files.exists(file) || !Files.isDirectory(folder)) {
                return file;
            }
            String wanted = name(remote).toLowerCase(Locale.ROOT);
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(other -> other.getFileName()
                                .toString()
                                .toLowerCase(Locale.ROOT)
                                .equals(wanted))
                        .findFirst()
                        .orElse(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
