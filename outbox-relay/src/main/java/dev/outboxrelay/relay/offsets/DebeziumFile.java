package dev.outboxrelay.relay.offsets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.StreamCorruptedException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The file of Kafka Connect's FileOffsetBackingStore, which a stock Debezium keeps its offsets in. */
public record DebeziumFile(Path file) {

    /** A serialised map of byte arrays, and nothing else: what else may stand in such a file is not made into objects. */
    private static final ObjectInputFilter ONLY_THAT = ObjectInputFilter.Config.createFilter(
            "java.util.HashMap;java.util.Map$Entry;[B;java.lang.Object;maxdepth=4;!*");

    /**
     * The entries of MySQL connectors.
     *
     * @throws IOException where it can't be read, or is no such file
     */
    public List<DebeziumOffset> read() throws IOException {
        List<DebeziumOffset> offsets = new ArrayList<>();
        entries().forEach((key, value) -> DebeziumOffset.read(key, value.isEmpty() ? null : value)
                .ifPresent(offsets::add));
        return offsets;
    }

    /** Puts an entry in the place of that connector's, and keeps the others; the file is replaced once the new one is durable. */
    @SuppressWarnings("ArrayAsKeyOfSetOrMap") // nobody looks anything up in it: it is what Kafka Connect reads
    public void write(DebeziumOffset offset) throws IOException {
        Map<String, String> entries = Files.exists(file) ? entries() : new HashMap<>();
        entries.put(offset.key(), offset.value());
        Map<byte[], byte[]> raw = new HashMap<>();
        entries.forEach((key, value) -> raw.put(key.getBytes(UTF_8), value.isEmpty() ? null : value.getBytes(UTF_8)));
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(unfinished))) {
            out.writeObject(raw);
        }
        try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** An entry without a value is one that was deleted. */
    private Map<String, String> entries() throws IOException {
        try (ObjectInputStream in = new ObjectInputStream(Files.newInputStream(file))) {
            in.setObjectInputFilter(ONLY_THAT);
            if (!(in.readObject() instanceof HashMap<?, ?> raw)) {
                throw notAnOffsetFile(null);
            }
            Map<String, String> entries = new HashMap<>();
            for (Map.Entry<?, ?> entry : raw.entrySet()) {
                if (entry.getKey() instanceof byte[] key) {
                    entries.put(
                            new String(key, UTF_8),
                            entry.getValue() instanceof byte[] value ? new String(value, UTF_8) : "");
                }
            }
            return entries;
        } catch (InvalidClassException | ClassNotFoundException | StreamCorruptedException | EOFException e) {
            throw notAnOffsetFile(e);
        }
    }

    private IOException notAnOffsetFile(@Nullable Exception cause) {
        return new IOException(file + " is not an offset file of Debezium or Kafka Connect", cause);
    }
}
