package dev.patronstream.cli.audit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Names the fields in which two records differ. Fields that the contract excludes from equality are passed over. */
final class FieldComparison {

    private FieldComparison() {}

    /** Returns the fields in the contract's order; those of a record within by path, {@code primary.schoolName}. */
    static List<String> differing(IndexedRecord one, IndexedRecord other) {
        List<String> fields = new ArrayList<>();
        collect("", one, other, fields);
        return fields;
    }

    private static void collect(String path, IndexedRecord one, IndexedRecord other, List<String> fields) {
        for (Schema.Field field : one.getSchema().getFields()) {
            if (field.order() == Schema.Field.Order.IGNORE) {
                continue;
            }
            @Nullable Object left = plain(one.get(field.pos()));
            @Nullable
            Object right =
                    plain(other.get(other.getSchema().getField(field.name()).pos()));
            if (left instanceof IndexedRecord inner && right instanceof IndexedRecord otherInner) {
                collect(path + field.name() + ".", inner, otherInner, fields);
            } else if (!isSame(left, right)) {
                fields.add(path + field.name());
            }
        }
    }

    private static boolean isSame(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left == right;
        } else if (left instanceof IndexedRecord one && right instanceof IndexedRecord other) {
            return differing(one, other).isEmpty();
        } else if (left instanceof List<?> ones && right instanceof List<?> others) {
            boolean same = ones.size() == others.size();
            for (int i = 0; same && i < ones.size(); i++) {
                same = isSame(plain(ones.get(i)), plain(others.get(i)));
            }
            return same;
        }
        return left.equals(right);
    }

    /** Generated and generic records hold the same values in other classes: enums, texts, optional values. */
    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            return plain(optional.orElse(null));
        } else if (value instanceof Map<?, ?> map) {
            Map<String, String> texts = new TreeMap<>();
            map.forEach((name, text) -> texts.put(String.valueOf(name), String.valueOf(text)));
            return texts;
        } else if (value instanceof Collection<?> collection) {
            return List.copyOf(collection);
        } else if (value == null || value instanceof IndexedRecord) {
            return value;
        }
        return value.toString();
    }
}
