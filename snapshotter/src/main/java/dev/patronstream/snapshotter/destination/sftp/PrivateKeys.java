package dev.patronstream.snapshotter.destination.sftp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.password.PasswordUtils;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/** Reads private keys: OpenSSH's, PuTTY's and PEM by the library, PKCS#8 of every kind of key here. Pure. */
final class PrivateKeys {

    private PrivateKeys() {}

    static KeyProvider load(SSHClient client, Path file, Optional<String> passphrase) throws IOException {
        String text = Files.readString(file).strip();
        if (!text.startsWith("-----BEGIN PRIVATE KEY-----")
                && !text.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
            return client.loadKeys(
                    file.toString(),
                    passphrase
                            .map(secret -> PasswordUtils.createOneOff(secret.toCharArray()))
                            .orElse(null));
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
            return client.loadKeys(
                    plain(text.contains("ENCRYPTED") ? decrypted(encoded, passphrase.orElse("")) : encoded),
                    null,
                    null);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException("PKCS#8", e);
        }
    }

    private static byte[] decrypted(byte[] encoded, String passphrase) throws IOException, GeneralSecurityException {
        EncryptedPrivateKeyInfo sealed = new EncryptedPrivateKeyInfo(encoded);
        // By PBES2 the name of the algorithm is among its parameters.
        String algorithm = sealed.getAlgParameters().toString();
        Cipher cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.DECRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(passphrase.toCharArray())),
                sealed.getAlgParameters());
        return sealed.getKeySpec(cipher).getEncoded();
    }

    /** Returns the same key in the form that the library reads for its kind. */
    private static String plain(byte[] pkcs8) throws IOException {
        AsymmetricKeyParameter key = PrivateKeyFactory.createKey(pkcs8);
        String kind = key instanceof RSAKeyParameters ? "RSA" : "OPENSSH";
        return "-----BEGIN " + kind + " PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(OpenSSHPrivateKeyUtil.encodePrivateKey(key))
                + "\n-----END " + kind + " PRIVATE KEY-----\n";
    }
}
