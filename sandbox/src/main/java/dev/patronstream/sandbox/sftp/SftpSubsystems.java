package dev.patronstream.sandbox.sftp;

import java.io.IOException;
import java.util.List;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.extensions.openssh.AbstractOpenSSHExtensionParser.OpenSSHExtension;
import org.apache.sshd.sftp.common.extensions.openssh.PosixRenameExtensionParser;
import org.apache.sshd.sftp.server.SftpSubsystem;
import org.apache.sshd.sftp.server.SftpSubsystemConfigurator;
import org.apache.sshd.sftp.server.SftpSubsystemFactory;

/** Makes SFTP sessions with or without OpenSSH's atomic rename. */
final class SftpSubsystems extends SftpSubsystemFactory {

    private final boolean posixRename;

    SftpSubsystems(SftpSettings settings) {
        posixRename = settings.posixRename();
        settings.listener().ifPresent(this::addSftpEventListener);
    }

    @Override
    public Command createSubsystem(ChannelSession channel) throws IOException {
        if (posixRename) {
            return super.createSubsystem(channel);
        }
        SftpSubsystem subsystem = new WithoutPosixRename(channel, this);
        getRegisteredListeners().forEach(subsystem::addSftpEventListener);
        return subsystem;
    }

    /** Neither names the extension nor obeys it: MINA alone would still obey when it is not named. */
    private static final class WithoutPosixRename extends SftpSubsystem {

        WithoutPosixRename(ChannelSession channel, SftpSubsystemConfigurator configurator) {
            super(channel, configurator);
        }

        @Override
        protected List<OpenSSHExtension> resolveOpenSSHExtensions(ServerSession session) {
            return super.resolveOpenSSHExtensions(session).stream()
                    .filter(extension -> !PosixRenameExtensionParser.NAME.equals(extension.getName()))
                    .toList();
        }

        @Override
        protected void doPosixRename(Buffer buffer, int id) throws IOException {
            sendStatus(
                    prepareReply(buffer),
                    id,
                    SftpConstants.SSH_FX_OP_UNSUPPORTED,
                    PosixRenameExtensionParser.NAME + " is not supported");
        }
    }
}
