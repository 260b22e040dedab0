package dev.outboxrelay.order;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bodies for requests. */
final class Bodies {
    private Bodies() {}

    /** The one that README shows. */
    static String placeOrder() {
        try {
            return Files.readString(Path.of("../docs/examples/place-order.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same, to be changed. */
    static ObjectNode placeOrderTree() {
        return (ObjectNode) JsonMapper.shared().readTree(placeOrder());
    }
}
