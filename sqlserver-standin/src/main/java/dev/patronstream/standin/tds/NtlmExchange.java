package dev.patronstream.standin.tds;

import dev.patronstream.standin.sql.SqlServerException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The server's part of one NTLMv2 authentication: a challenge, then the client's proof that it knows the password. One
 * thread.
 *
 * @see <a href="https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp">Microsoft: MS-NLMP</a>
 */
final class NtlmExchange {

    private static final byte[] SIGNATURE = "NTLMSSP\0".getBytes(StandardCharsets.US_ASCII);
    private static final int NEGOTIATE = 1;
    private static final int CHALLENGE = 2;
    private static final int AUTHENTICATE = 3;
    /** Unicode, target is a domain, extended session security, target information. */
    private static final int FLAGS = 0x1 | 0x4 | 0x200 | 0x10000 | 0x80000 | 0x800000;

    private static final int HEAD = 56;
    private static final int INTEGRITY_CODE = 72;
    private static final int CODE_LENGTH = 16;
    private static final String DOMAIN = "EAGLE";
    private static final String COMPUTER = "SIS";
    private static final long SECONDS_FROM_1601_TO_1970 = 11_644_473_600L;

    private final Login login;
    private final byte[] nonce = new byte[8];
    private final byte[] challenge;

    /** Begins, with a login whose ticket is the client's first message. */
    NtlmExchange(Login login) {
        this.login = login;
        new SecureRandom().nextBytes(nonce);
        byte[] target = unicode(DOMAIN);
        byte[] information = information();
        this.challenge = ByteBuffer.allocate(HEAD + target.length + information.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(SIGNATURE)
                .putInt(CHALLENGE)
                .putShort((short) target.length)
                .putShort((short) target.length)
                .putInt(HEAD)
                .putInt(FLAGS)
                .put(nonce)
                .putLong(0)
                .putShort((short) information.length)
                .putShort((short) information.length)
                .putInt(HEAD + target.length)
                .putLong(0)
                .put(target)
                .put(information)
                .array();
    }

    Login login() {
        return login;
    }

    /** Returns the message for the client. */
    byte[] challenge() {
        return challenge.clone();
    }

    /** With the time, so that the client has to protect all three messages by an integrity code. */
    private static byte[] information() {
        ByteBuffer pairs = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        byte[] domain = unicode(DOMAIN);
        byte[] computer = unicode(COMPUTER);
        pairs.putShort((short) 2).putShort((short) domain.length).put(domain);
        pairs.putShort((short) 1).putShort((short) computer.length).put(computer);
        long time = (Instant.now().getEpochSecond() + SECONDS_FROM_1601_TO_1970) * 10_000_000;
        pairs.putShort((short) 7).putShort((short) 8).putLong(time);
        pairs.putInt(0);
        return Arrays.copyOf(pairs.array(), pairs.position());
    }

    /**
     * Returns the account, as {@code DOMAIN\name}, that has proved to know its password.
     *
     * @param passwords the password by account
     * @throws SqlServerException 18452 if the domain does not know the account, the proof is wrong, or it is not NTLM
     */
    String account(ByteBuffer last, Function<String, Optional<String>> passwords) {
        byte[] negotiation = bytes(login.ticket());
        byte[] message = bytes(last);
        requireMessage(negotiation, NEGOTIATE);
        requireMessage(message, AUTHENTICATE);
        try {
            byte[] proof = field(message, 20);
            String domain = new String(field(message, 28), StandardCharsets.UTF_16LE);
            String user = new String(field(message, 36), StandardCharsets.UTF_16LE);
            String account = domain + "\\" + user;
            String password = passwords.apply(account).orElseThrow(NtlmExchange::untrusted);
            byte[] key = hmac(Md4.digest(unicode(password)), unicode(user.toUpperCase(Locale.ROOT) + domain));
            byte[] stated = Arrays.copyOf(proof, CODE_LENGTH);
            byte[] expected = hmac(key, nonce, Arrays.copyOfRange(proof, CODE_LENGTH, proof.length));
            byte[] code = Arrays.copyOfRange(message, INTEGRITY_CODE, INTEGRITY_CODE + CODE_LENGTH);
            Arrays.fill(message, INTEGRITY_CODE, INTEGRITY_CODE + CODE_LENGTH, (byte) 0);
            byte[] whole = hmac(hmac(key, stated), negotiation, challenge, message);
            if (!MessageDigest.isEqual(expected, stated) || !MessageDigest.isEqual(whole, code)) {
                throw untrusted();
            }
            return account;
        } catch (BufferUnderflowException
                | IndexOutOfBoundsException
                | IllegalArgumentException
                | GeneralSecurityException e) {
            throw untrusted();
        }
    }

    private static void requireMessage(byte[] message, int type) {
        boolean begins = message.length >= 12 && Arrays.equals(SIGNATURE, Arrays.copyOf(message, SIGNATURE.length));
        if (!begins || ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(8) != type) {
            throw untrusted();
        }
    }

    private static SqlServerException untrusted() {
        return new SqlServerException(
                18452,
                14,
                1,
                "Login failed. The login is from an untrusted domain and cannot be used with Integrated authentication.");
    }

    private static byte[] field(byte[] message, int at) {
        ByteBuffer buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        byte[] bytes = new byte[buffer.getShort(at) & 0xFFFF];
        buffer.get(buffer.getInt(at + 4), bytes);
        return bytes;
    }

    private static byte[] hmac(byte[] key, byte[]... texts) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacMD5");
        mac.init(new SecretKeySpec(key, "HmacMD5"));
        for (byte[] text : texts) {
            mac.update(text);
        }
        return mac.doFinal();
    }

    private static byte[] unicode(String text) {
        return text.getBytes(StandardCharsets.UTF_16LE);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
