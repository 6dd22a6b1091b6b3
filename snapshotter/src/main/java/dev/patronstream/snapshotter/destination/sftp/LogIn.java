package dev.patronstream.snapshotter.destination.sftp;

import dev.patronstream.schemas.secret.Secret;
import dev.patronstream.snapshotter.destination.UploadFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthKeyboardInteractive;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import net.schmizz.sshj.userauth.method.PasswordResponseProvider;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;

/** Shows a server who we are by what is configured, in the order it asks for, and says why it was not enough. */
final class LogIn {

    /** A server that asks on and on is asked for nothing. */
    private static final int ROUNDS = 10;

    private final SftpDestination destination;
    private final String settingsPath;
    private boolean expired;

    LogIn(SftpDestination destination, String settingsPath) {
        this.destination = destination;
        this.settingsPath = settingsPath;
    }

    /** Logs in, or says what was refused and what the server asks for. */
    void into(SSHClient client) throws IOException, UploadFailedException {
        Optional<UserAuthException> refusal = Optional.empty();
        String accepted = "";
        List<AuthMethod> methods = methods(client);
        for (AuthMethod method : methods) {
            Collection<String> asked = client.getUserAuth().getAllowedMethods();
            if (!asked.isEmpty() && !asked.contains(method.getName())) {
                continue;
            }
            boolean before = client.getUserAuth().hadPartialSuccess();
            try {
                client.auth(destination.user(), method);
                return;
            } catch (UserAuthException e) {
                refusal = Optional.of(e);
            }
            if (!before && client.getUserAuth().hadPartialSuccess()) {
                accepted = method.getName();
            }
        }
        Collection<String> asked = client.getUserAuth().getAllowedMethods();
        boolean more =
                !accepted.isEmpty() || methods.stream().map(AuthMethod::getName).noneMatch(asked::contains);
        throw refused(more, accepted, String.join(", ", asked), refusal.orElseThrow());
    }

    /** The key is shown again where the server wanted the password first. */
    private List<AuthMethod> methods(SSHClient client) throws UploadFailedException {
        List<AuthMethod> methods = new ArrayList<>();
        Optional<Secret> password = Optional.empty();
        if (destination.credentials() instanceof Credentials.KeyFile key) {
            KeyProvider provider = load(client, key);
            methods.add(new AuthPublickey(provider));
            methods.add(new AuthPublickey(provider));
            password = key.password();
        } else if (destination.credentials() instanceof Credentials.Password only) {
            password = Optional.of(only.password());
        }
        if (password.isPresent()) {
            String secret = reveal(password.get(), ".password");
            PasswordFinder finder = new PasswordFinder() {
                @Override
                public char[] reqPassword(Resource<?> resource) {
                    return secret.toCharArray();
                }

                @Override
                public boolean shouldRetry(Resource<?> resource) {
                    return false;
                }
            };
            methods.addAll(Math.min(1, methods.size()), List.of(password(finder), answers(finder)));
        }
        return methods;
    }

    /** Never answers with a new password: the library would send an empty one. */
    private AuthPassword password(PasswordFinder finder) {
        return new AuthPassword(finder) {
            @Override
            public void handle(Message message, SSHPacket packet) throws UserAuthException, TransportException {
                if (message == Message.USERAUTH_60) {
                    expired = true;
                    throw new UserAuthException("the server asks for a new password");
                }
                super.handle(message, packet);
            }
        };
    }

    /** Whatever the prompts say and in which language: what is echoed is the user, what is not is the password. */
    private AuthKeyboardInteractive answers(PasswordFinder finder) {
        PasswordResponseProvider provider = new PasswordResponseProvider(finder, Pattern.compile("(?s).*")) {
            @Override
            public char[] getResponse(String prompt, boolean echo) {
                return echo ? destination.user().toCharArray() : super.getResponse(prompt, false);
            }
        };
        return new AuthKeyboardInteractive(provider) {
            private int rounds;

            @Override
            public void handle(Message message, SSHPacket packet) throws UserAuthException, TransportException {
                if (rounds++ == ROUNDS) {
                    throw new UserAuthException("the server asks on and on");
                }
                super.handle(message, packet);
            }
        };
    }

    /** Reads the key before it is used, so that a wrong passphrase is not taken for a refusal by the server. */
    private KeyProvider load(SSHClient client, Credentials.KeyFile key) throws UploadFailedException {
        try {
            Optional<String> passphrase = Optional.empty();
            if (key.passphrase().isPresent()) {
                passphrase = Optional.of(reveal(key.passphrase().get(), ".key-passphrase"));
            }
            KeyProvider provider = PrivateKeys.load(client, key.file(), passphrase);
            provider.getPrivate();
            return provider;
        } catch (IOException e) {
            throw new UploadFailedException(
                    "The private key for " + destination.address() + " could not be read. Check " + settingsPath
                            + ".key-file and " + settingsPath + ".key-passphrase",
                    false,
                    e);
        }
    }

    /** A secret that cannot be looked up any more is a failure like a wrong one: somebody has to do something. */
    private String reveal(Secret secret, String key) throws UploadFailedException {
        try {
            return secret.reveal();
        } catch (UncheckedIOException e) {
            throw new UploadFailedException(
                    "The secret of " + settingsPath + key + " for " + destination.address()
                            + " could not be looked up (" + e.getMessage()
                            + "). Check the file that it names, and its rights",
                    false,
                    e);
        }
    }

    private UploadFailedException refused(boolean more, String accepted, String asked, UserAuthException cause) {
        boolean byPassword = destination.credentials() instanceof Credentials.Password;
        String server = destination.subject();
        String message;
        if (expired) {
            message = server + " asks for a new password: the one of " + settingsPath + ".password has expired. Choose"
                    + " one at the vendor's, set it there, and start patronstream again unless it stands in a file";
        } else if (more) {
            message = server
                    + (accepted.isEmpty()
                            ? " asks for " + asked
                            : " accepted " + accepted + " and asks for " + asked + " as well")
                    + ". Give " + settingsPath + ".key-file, " + settingsPath
                    + ".password or both, as the vendor has them";
        } else {
            message = server + " refused the user or the " + (byPassword ? "password" : "key") + ". It takes " + asked
                    + ". Check " + settingsPath + ".user and " + settingsPath
                    + (byPassword ? ".password" : ".key-file and " + settingsPath + ".key-passphrase")
                    + ", and ask the vendor whether the account is active";
        }
        return new UploadFailedException(message, false, cause);
    }
}
