package dev.outboxrelay.order;

import dev.outboxrelay.order.Change.Cancellation;
import dev.outboxrelay.order.Change.Payment;
import dev.outboxrelay.order.Change.Shipment;
import dev.outboxrelay.order.json.Fields;
import dev.outboxrelay.order.json.JsonBody;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
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

    private static final Map<Class<?>, Function<Fields, ?>> READERS = Map.of(
            PlaceOrder.class, PlaceOrder::read,
            Payment.class, Payment::read,
            Shipment.class, Shipment::read,
            Cancellation.class, Cancellation::read);

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

    /** Never holds more than the limit in memory, whatever length was announced. */
    private static byte[] read(HttpServletRequest request) {
        byte[] bytes;
        try {
            bytes = request.getInputStream().readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new BadRequestException("The body ended early, or came too slowly.");
        }
        if (bytes.length > MAX_BYTES) {
            throw new BodyTooLargeException();
        }
        return bytes;
    }

    private static void requireJson(@Nullable String contentType) throws HttpMediaTypeNotSupportedException {
        if (!isJson(contentType)) {
            throw new HttpMediaTypeNotSupportedException(contentType, List.of(MediaType.APPLICATION_JSON));
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        try {
            return contentType != null && MediaType.APPLICATION_JSON.includes(MediaType.parseMediaType(contentType));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
