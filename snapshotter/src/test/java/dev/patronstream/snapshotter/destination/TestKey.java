package dev.patronstream.snapshotter.destination;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.UUID;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;

/**
 * A key pair in OpenSSH's form.
 *
 * @param file the private key
 * @param publicLine the public key, as in {@code authorized_keys}
 */
record TestKey(Path file, String publicLine) {

    static TestKey generate(Path folder, String passphrase) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        Path file = folder.resolve("key-" + UUID.randomUUID());
        OpenSSHKeyEncryptionContext encryption = null;
        if (!passphrase.isEmpty()) {
            encryption = new OpenSSHKeyEncryptionContext();
            encryption.setCipherType("256");
            encryption.setCipherMode("CTR");
            encryption.setPassword(passphrase);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "test", encryption, out);
        }
        return new TestKey(file, PublicKeyEntry.toString(pair.getPublic()));
    }

    static String publicLineOf(Path hostKey) throws Exception {
        KeyPair pair = new SimpleGeneratorHostKeyProvider(hostKey)
                .loadKeys(null)
                .iterator()
                .next();
        return PublicKeyEntry.toString(pair.getPublic());
    }
}
