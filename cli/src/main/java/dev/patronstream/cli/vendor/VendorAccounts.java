package dev.patronstream.cli.vendor;

import dev.patronstream.schemas.topic.KafkaAnswers;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePatternFilter;

/**
 * The vendors' accounts on the embedded broker. Kafka holds what is made from a password, not the password.
 *
 * @param kafka properties of a client that may do everything
 */
public record VendorAccounts(Map<String, Object> kafka) {

    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    private static final int ITERATIONS = 4096;

    /** Copies the properties. */
    public VendorAccounts {
        kafka = Map.copyOf(kafka);
    }

    /** Makes an account, or gives an existing one a new password and these rights besides. */
    public void add(VendorRights rights, String password) {
        try (Admin admin = Admin.create(kafka)) {
            KafkaAnswers.await(admin.createAcls(rights.bindings()).all());
            KafkaAnswers.await(admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            rights.vendor(), new ScramCredentialInfo(MECHANISM, ITERATIONS), password)))
                    .all());
        }
    }

    /** Takes an account away with all its rights; returns whether there was one. */
    public boolean remove(String vendor) {
        AclBindingFilter all = new AclBindingFilter(
                ResourcePatternFilter.ANY,
                new AccessControlEntryFilter(
                        VendorRights.principal(vendor), null, AclOperation.ANY, AclPermissionType.ANY));
        try (Admin admin = Admin.create(kafka)) {
            boolean known = KafkaAnswers.await(
                            admin.describeUserScramCredentials(List.of()).all())
                    .containsKey(vendor);
            if (known) {
                KafkaAnswers.await(
                        admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion(vendor, MECHANISM)))
                                .all());
            }
            // A session that is open stays so; without rights it reads nothing more.
            return !KafkaAnswers.await(admin.deleteAcls(List.of(all)).all()).isEmpty() || known;
        }
    }

    /** Without the properties, which hold a secret. */
    @Override
    public String toString() {
        return "VendorAccounts";
    }
}
