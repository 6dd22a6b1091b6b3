package dev.patronstream.streams.runtime;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * One block cache and one budget of write buffers for all stores of an application: memory outside the heap is bounded
 * whatever the size of the district. Kafka Streams makes the instance; the shared {@link Memory} comes with the
 * configuration.
 *
 * @see <a href="https://kafka.apache.org/documentation/streams/developer-guide/memory-mgmt.html#rocksdb">Kafka: memory
 *     of RocksDB</a>
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {

    /** Configuration key of the shared memory. */
    public static final String MEMORY = "patronstream.rocksdb.memory";

    private static final int BLOCK_BYTES = 16 * 1024;
    private static final double BLOOM_BITS_PER_KEY = 10;

    /** What the stores of one application share. Closed when they are. */
    public static final class Memory implements AutoCloseable {

        private static final long CACHE_BYTES = 96L * 1024 * 1024;
        private static final long WRITE_BUFFER_BYTES = 64L * 1024 * 1024;
        private static final double SHARE_FOR_INDEXES = 0.1;

        private final Cache cache;
        private final WriteBufferManager writeBuffers;
        private final BloomFilter filter;

        public Memory() {
            RocksDB.loadLibrary();
            this.cache = new LRUCache(CACHE_BYTES, -1, false, SHARE_FOR_INDEXES);
            this.writeBuffers = new WriteBufferManager(WRITE_BUFFER_BYTES, cache);
            // Not in the declaration: the library has to be loaded first.
            this.filter = new BloomFilter(BLOOM_BITS_PER_KEY);
        }

        @Override
        public void close() {
            writeBuffers.close();
            cache.close();
            filter.close();
        }
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        if (!(configs.get(MEMORY) instanceof Memory memory)) {
            throw new IllegalStateException("The configuration has no " + MEMORY);
        }
        // Kafka Streams' own instance: its metrics know this one.
        if (!(options.tableFormatConfig() instanceof BlockBasedTableConfig table)) {
            throw new IllegalStateException("Kafka Streams' stores have block-based tables");
        }
        table.setBlockSize(BLOCK_BYTES);
        table.setBlockCache(memory.cache);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        table.setFilterPolicy(memory.filter);
        options.setTableFormatConfig(table);
        // One file more for each start otherwise, up to a thousand for each store; and 4 MB taken at once for each one.
        options.setKeepLogFileNum(1);
        options.setManifestPreallocationSize(BLOCK_BYTES);
        options.setWriteBufferManager(memory.writeBuffers);
    }

    @Override
    public void close(String storeName, Options options) {
        // The shared memory outlives every store; the application closes it.
    }
}
