package dev.outboxrelay.order;

import dev.outboxrelay.order.json.Fields;
import dev.outboxrelay.order.json.JsonBody;
import java.io.IOException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;

/** Reads the body of a request into one kind of command. */
final class CommandConverter<T> extends AbstractHttpMessageConverter<T> {
    static final int MAX_BYTES = 64 * 1024;

    private final Class<T> command;
    private final Function<Fields, T> reader;

    CommandConverter(Class<T> command, Function<Fields, T> reader) {
        super(MediaType.APPLICATION_JSON);
        this.command = command;
        this.reader = reader;
    }

    @Override
    protected boolean supports(Class<?> type) {
        return type == command;
    }

    @Override
    public boolean canWrite(Class<?> type, @Nullable MediaType mediaType) {
        return false;
    }

    /** Never holds more than the limit in memory, whatever length was announced. */
    @Override
    protected T readInternal(Class<? extends T> type, HttpInputMessage request) throws IOException {
        byte[] bytes = request.getBody().readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new BodyTooLargeException();
        }
        return JsonBody.read(bytes, reader);
    }

    @Override
    protected void writeInternal(T answer, HttpOutputMessage response) {
        throw new UnsupportedOperationException("Commands come in and never go out");
    }
}
