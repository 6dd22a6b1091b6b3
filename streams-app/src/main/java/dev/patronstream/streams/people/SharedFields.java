package dev.patronstream.streams.people;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;

/** The fields that two types of contract records have in common, by name: found once for two types. Thread-safe. */
final class SharedFields {

    private static final Map<Types, SharedFields> KNOWN = new ConcurrentHashMap<>();

    private final List<Pair> pairs = new ArrayList<>();

    private record Types(Class<?> from, Class<?> to) {}

    private record Pair(int from, int to) {}

    private SharedFields(Types types) {
        Schema from = SpecificData.get().getSchema(types.from());
        for (Schema.Field field : SpecificData.get().getSchema(types.to()).getFields()) {
            Schema.Field same = from.getField(field.name());
            if (same != null) {
                pairs.add(new Pair(same.pos(), field.pos()));
            }
        }
    }

    static SharedFields of(Class<?> from, Class<?> to) {
        return KNOWN.computeIfAbsent(new Types(from, to), SharedFields::new);
    }

    void copy(SpecificRecordBase from, SpecificRecordBase to) {
        pairs.forEach(pair -> to.put(pair.to(), from.get(pair.from())));
    }
}
