package dev.outboxrelay.order;

import dev.outboxrelay.order.Change.Cancellation;
import dev.outboxrelay.order.Change.Payment;
import dev.outboxrelay.order.Change.Shipment;
import dev.outboxrelay.order.json.Fields;
import dev.outboxrelay.order.json.JsonBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Reads the body of a request into the command that a method asks for. */
final class CommandArgument implements HandlerMethodArgumentResolver {
    static final int MAX_BYTES = 64 * 1024;

    /** What is made room for at first where nobody says how much there will be. */
    private static final int UNANNOUNCED = 8 * 1024;

    private static final List<MediaType> JSON = List.of(MediaType.APPLICATION_JSON);

    private static final Map<Class<?>, Function<Fields, ?>> READERS = Map.of(
            PlaceOrder.class, PlaceOrder::read,
            Payment.class, Payment::read,
            Shipment.class, Shipment::read,
            Cancellation.class, Cancellation::read);

    private final Duration timeout;

    /** @param timeout within which a body has to be there: a thread waits for it */
    CommandArgument(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return READERS.containsKey(parameter.getParameterType());
    }

    @Override
    public @Nullable Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders)
            throws HttpMediaTypeNotSupportedException {
        HttpServletRequest http = Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
        byte[] body = read(http);
        if (body.length > 0) {
            requireJson(http.getContentType());
        }
        return JsonBody.read(body, Objects.requireNonNull(READERS.get(parameter.getParameterType())));
    }

    private byte[] read(HttpServletRequest request) {
        try {
            return read(request.getInputStream(), request.getContentLength());
        } catch (IOException e) {
            if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
                throw new BodyTooSlowException(timeout);
            }
            throw new BadRequestException("The body ended early.");
        }
    }

    /** Never holds more than the limit in memory, whatever length was announced. */
    private byte[] read(InputStream body, int announced) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        byte[] bytes = new byte[1 + (announced < 0 ? UNANNOUNCED : Math.min(announced, MAX_BYTES))];
        int length = 0;
        int more = body.read(bytes);
        while (more >= 0) {
            length += more;
            if (length > MAX_BYTES) {
                throw new BodyTooLargeException();
            }
            if (System.nanoTime() - end > 0) {
                throw new BodyTooSlowException(timeout);
            }
            if (length == bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.min(2 * length, MAX_BYTES + 1));
            }
            more = body.read(bytes, length, bytes.length - length);
        }
        return Arrays.copyOf(bytes, length);
    }

    private static void requireJson(@Nullable String contentType) throws HttpMediaTypeNotSupportedException {
        MediaType type;
        try {
            type = MediaType.parseMediaType(contentType == null ? "" : contentType);
        } catch (InvalidMediaTypeException e) {
            throw new HttpMediaTypeNotSupportedException("No Content-Type that can be read", JSON);
        }
        if (!MediaType.APPLICATION_JSON.includes(type)) {
            throw new HttpMediaTypeNotSupportedException(type, JSON);
        }
    }
}
