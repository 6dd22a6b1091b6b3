package dev.patronstream.standin.tds;

import dev.patronstream.standin.sql.TypedValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One call in an RPC message. */
record RpcRequest(String procedure, List<Parameter> parameters) {
    /** A parameter; the name with its {@code @}, or empty. */
    record Parameter(String name, boolean output, TypedValue value) {}

    private static final Map<Integer, String> WELL_KNOWN = Map.ofEntries(
            Map.entry(1, "sp_cursor"),
            Map.entry(2, "sp_cursoropen"),
            Map.entry(3, "sp_cursorprepare"),
            Map.entry(4, "sp_cursorexecute"),
            Map.entry(5, "sp_cursorprepexec"),
            Map.entry(6, "sp_cursorunprepare"),
            Map.entry(7, "sp_cursorfetch"),
            Map.entry(8, "sp_cursoroption"),
            Map.entry(9, "sp_cursorclose"),
            Map.entry(10, "sp_executesql"),
            Map.entry(11, "sp_prepare"),
            Map.entry(12, "sp_execute"),
            Map.entry(13, "sp_prepexec"),
            Map.entry(14, "sp_prepexecrpc"),
            Map.entry(15, "sp_unprepare"));

    /** The calls of a message whose headers have been read. */
    static List<RpcRequest> parse(ByteBuffer in) {
        List<RpcRequest> requests = new ArrayList<>();
        while (in.hasRemaining()) {
            int length = in.getShort() & 0xFFFF;
            String procedure =
                    length == 0xFFFF ? WELL_KNOWN.getOrDefault(in.getShort() & 0xFFFF, "?") : text(in, length);
            in.getShort();
            List<Parameter> parameters = new ArrayList<>();
            while (in.hasRemaining() && !separator(in)) {
                String name = text(in, in.get() & 0xFF);
                int flags = in.get();
                parameters.add(new Parameter(name, (flags & 1) != 0, new ParameterReader(in).read()));
            }
            if (in.hasRemaining()) {
                in.get();
            }
            requests.add(new RpcRequest(procedure, List.copyOf(parameters)));
        }
        return requests;
    }

    /** No parameter's name has 255 or 128 characters: these bytes stand between two calls. */
    private static boolean separator(ByteBuffer in) {
        int next = in.get(in.position()) & 0xFF;
        return next == 0xFF || next == 0x80;
    }

    private static String text(ByteBuffer in, int characters) {
        byte[] bytes = new byte[2 * characters];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_16LE);
    }
}
