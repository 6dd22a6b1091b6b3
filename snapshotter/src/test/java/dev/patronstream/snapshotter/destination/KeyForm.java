package dev.patronstream.snapshotter.destination;

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyEncryptionContext;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A private key as one of the programs that make them writes it.
 *
 * @param form which form
 * @param text the file
 * @param passphrase empty text for none
 */
record KeyForm(String form, String text, String passphrase, PublicKey publicKey) {

    private static final String SECRET = "pass phrase";

    static List<KeyForm> all() throws Exception {
        KeyPair rsa = pair("RSA", 2048);
        KeyPair ec = pair("EC", 256);
        KeyPairGenerator openSsl = KeyPairGenerator.getInstance("EC", new BouncyCastleProvider());
        openSsl.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair withPublic = openSsl.generateKeyPair();
        KeyPair generated = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyFactory bouncy = KeyFactory.getInstance("Ed25519", new BouncyCastleProvider());
        PublicKey shown = bouncy.generatePublic(
                new X509EncodedKeySpec(generated.getPublic().getEncoded()));
        KeyPair ed25519 = new KeyPair(shown, generated.getPrivate());
        KeyPair minas = new KeyPair(
                shown,
                bouncy.generatePrivate(
                        new PKCS8EncodedKeySpec(generated.getPrivate().getEncoded())));
        return List.of(
                openSsh("OpenSSH, Ed25519", minas, ""),
                openSsh("OpenSSH, RSA", rsa, ""),
                openSsh("OpenSSH, ECDSA", ec, ""),
                openSsh("OpenSSH, Ed25519, encrypted", minas, SECRET),
                pkcs8("PKCS#8, RSA", rsa, ""),
                pkcs8("PKCS#8, ECDSA", withPublic, ""),
                javaPkcs8("PKCS#8, ECDSA without the public key", ec),
                pkcs8("PKCS#8, Ed25519", ed25519, ""),
                pkcs8("PKCS#8, RSA, encrypted", rsa, SECRET),
                pkcs8("PKCS#8, Ed25519, encrypted", ed25519, SECRET),
                pem("PEM, RSA", rsa, ""),
                pem("PEM, ECDSA", withPublic, ""),
                pem("PEM, RSA, encrypted", rsa, SECRET),
                putty("PuTTY 2, RSA", 2, rsa),
                putty("PuTTY 3, Ed25519", 3, ed25519));
    }

    Optional<String> secret() {
        return Optional.of(passphrase).filter(word -> !word.isEmpty());
    }

    private static KeyPair pair(String algorithm, int size) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(size);
        return generator.generateKeyPair();
    }

    private static KeyForm openSsh(String form, KeyPair pair, String passphrase) throws Exception {
        OpenSSHKeyEncryptionContext encryption = null;
        if (!passphrase.isEmpty()) {
            encryption = new OpenSSHKeyEncryptionContext();
            encryption.setCipherType("256");
            encryption.setCipherMode("CTR");
            encryption.setPassword(passphrase);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "test", encryption, out);
        return new KeyForm(form, out.toString(StandardCharsets.US_ASCII), passphrase, pair.getPublic());
    }

    private static KeyForm pkcs8(String form, KeyPair pair, String passphrase) throws Exception {
        JceOpenSSLPKCS8EncryptorBuilder encryption = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                .setPRF(PKCS8Generator.PRF_HMACSHA256)
                .setPassword(passphrase.toCharArray());
        PemObjectGenerator generator =
                new JcaPKCS8Generator(pair.getPrivate(), passphrase.isEmpty() ? null : encryption.build());
        return new KeyForm(form, written(generator), passphrase, pair.getPublic());
    }

    private static KeyForm javaPkcs8(String form, KeyPair pair) {
        String body = Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded());
        return new KeyForm(
                form, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n", "", pair.getPublic());
    }

    private static KeyForm pem(String form, KeyPair pair, String passphrase) throws Exception {
        PemObjectGenerator generator = passphrase.isEmpty()
                ? new JcaMiscPEMGenerator(pair)
                : new JcaMiscPEMGenerator(
                        pair, new JcePEMEncryptorBuilder("AES-128-CBC").build(passphrase.toCharArray()));
        return new KeyForm(form, written(generator), passphrase, pair.getPublic());
    }

    private static String written(PemObjectGenerator generator) throws Exception {
        StringWriter out = new StringWriter();
        try (PemWriter writer = new PemWriter(out)) {
            writer.writeObject(generator);
        }
        return out.toString();
    }

    private static KeyForm putty(String form, int version, KeyPair pair) throws Exception {
        String kind = KeyUtils.getKeyType(pair);
        Buffer shown = new ByteArrayBuffer();
        shown.putRawPublicKey(pair.getPublic());
        Buffer hidden = new ByteArrayBuffer();
        if (pair.getPrivate() instanceof RSAPrivateCrtKey rsa) {
            hidden.putMPInt(rsa.getPrivateExponent());
            hidden.putMPInt(rsa.getPrimeP());
            hidden.putMPInt(rsa.getPrimeQ());
            hidden.putMPInt(rsa.getCrtCoefficient());
        } else {
            byte[] encoded = pair.getPrivate().getEncoded();
            hidden.putBytes(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        }
        byte[] publicBlob = shown.getCompactData();
        byte[] privateBlob = hidden.getCompactData();
        Buffer signed = new ByteArrayBuffer();
        signed.putString(kind);
        signed.putString("none");
        signed.putString("test");
        signed.putBytes(publicBlob);
        signed.putBytes(privateBlob);
        return new KeyForm(
                form,
                "PuTTY-User-Key-File-" + version + ": " + kind + "\nEncryption: none\nComment: test\nPublic-Lines: "
                        + lines(publicBlob) + "\nPrivate-Lines: " + lines(privateBlob) + "\nPrivate-MAC: "
                        + HexFormat.of().formatHex(mac(version, signed.getCompactData())) + "\n",
                "",
                pair.getPublic());
    }

    private static String lines(byte[] blob) {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(blob);
        return text.lines().count() + "\n" + text;
    }

    private static byte[] mac(int version, byte[] signed) throws Exception {
        byte[] key = version == 2
                ? MessageDigest.getInstance("SHA-1")
                        .digest("putty-private-key-file-mac-key".getBytes(StandardCharsets.US_ASCII))
                : new byte[1];
        String algorithm = version == 2 ? "HmacSHA1" : "HmacSHA256";
        Mac mac = Mac.getInstance(algorithm);
        mac.init(new SecretKeySpec(key, algorithm));
        return mac.doFinal(signed);
    }
}
