package dev.patronstream.cli.vendor;

import dev.patronstream.schemas.topic.Topics;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a vendor's account may do: read topics, in the one consumer group of its own name. Kafka lets who may read a topic
 * describe it, too. The district's own groups have a dot in their names, which an account's name cannot have. Immutable.
 *
 * @param vendor the account's name
 * @param topics the topics that it may read
 */
public record VendorRights(String vendor, List<String> topics) {

    private static final String ANYWHERE = "*";

    /** Copies the list. */
    public VendorRights {
        topics = List.copyOf(topics);
    }

    /** Returns the rights to feeds of a district and to the topic that says up to where they are complete. */
    public static VendorRights of(String vendor, Topics topics, Collection<String> feeds) {
        return new VendorRights(
                vendor,
                Stream.concat(feeds.stream().map(topics::feed), Stream.of(topics.epochs()))
                        .toList());
    }

    /** Returns them as Kafka's. */
    public List<AclBinding> bindings() {
        return Stream.concat(
                        topics.stream().map(topic -> binding(ResourceType.TOPIC, topic)),
                        Stream.of(binding(ResourceType.GROUP, vendor)))
                .toList();
    }

    /** Returns them in one sentence. */
    public String words() {
        return vendor + " may read " + String.join(" and ", topics) + ", in the consumer group " + vendor + ".";
    }

    /** Returns the account as Kafka's rights name it. */
    static String principal(String vendor) {
        return "User:" + vendor;
    }

    private AclBinding binding(ResourceType type, String name) {
        return new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry(principal(vendor), ANYWHERE, AclOperation.READ, AclPermissionType.ALLOW));
    }
}
