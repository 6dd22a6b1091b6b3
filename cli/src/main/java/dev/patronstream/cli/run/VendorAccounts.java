package dev.patronstream.cli.run;

import dev.patronstream.schemas.topic.KafkaAnswers;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Accounts of the embedded broker that may read some topics and nothing else. Thread-safe.
 *
 * <p>An account is a SCRAM user with the right to read and describe the topics, and to use consumer groups whose names
 * begin with its own. The password is random and kept by nobody: Kafka holds what is made from it.
 */
public final class VendorAccounts {

    private static final int ITERATIONS = 4096;
    private static final int PASSWORD_BYTES = 24;
    private static final String ANYWHERE = "*";

    private final Map<String, Object> kafka;

    /** Accounts of the broker that these client properties lead to; they must be of its own account. */
    public VendorAccounts(Map<String, Object> kafka) {
        this.kafka = Map.copyOf(kafka);
    }

    /**
     * Makes an account, or gives an existing one a new password and these topics besides.
     *
     * @return the password
     */
    public String add(String name, List<String> topics) {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        AccessControlEntry read = entry(name, AclOperation.READ);
        List<AclBinding> rights = Stream.concat(
                        topics.stream()
                                .map(topic -> new AclBinding(
                                        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL), read)),
                        Stream.of(new AclBinding(
                                new ResourcePattern(ResourceType.GROUP, name, PatternType.PREFIXED), read)))
                .toList();
        try (Admin admin = Admin.create(kafka)) {
            KafkaAnswers.await(admin.createAcls(rights).all());
            KafkaAnswers.await(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, ITERATIONS), password)))
                    .all());
        }
        return password;
    }

    /** Takes an account away with all its rights; returns whether there was one. */
    public boolean remove(String name) {
        AclBindingFilter all = new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(principal(name), ANYWHERE, AclOperation.ANY, AclPermissionType.ANY));
        try (Admin admin = Admin.create(kafka)) {
            boolean known = KafkaAnswers.await(
                            admin.describeUserScramCredentials(List.of()).all())
                    .containsKey(name);
            if (known) {
                KafkaAnswers.await(admin.alterUserScramCredentials(
                                List.of(new UserScramCredentialDeletion(name, ScramMechanism.SCRAM_SHA_256)))
                        .all());
            }
            // A session that is open stays so; without rights it reads nothing more.
            return !KafkaAnswers.await(admin.deleteAcls(List.of(all)).all()).isEmpty() || known;
        }
    }

    private static AccessControlEntry entry(String name, AclOperation operation) {
        return new AccessControlEntry(principal(name), ANYWHERE, operation, AclPermissionType.ALLOW);
    }

    private static String principal(String name) {
        return "User:" + name;
    }
}
