package dev.outboxrelay.order;

import dev.outboxrelay.order.Outcome.Done;
import dev.outboxrelay.order.Outcome.Refused;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Tells a caller what became of the command. A refusal goes the way of all problems. */
final class OutcomeWriter implements HandlerMethodReturnValueHandler {
    @Override
    public boolean supportsReturnType(MethodParameter type) {
        return Outcome.class.isAssignableFrom(type.getParameterType());
    }

    @Override
    public void handleReturnValue(
            @Nullable Object outcome, MethodParameter type, ModelAndViewContainer container, NativeWebRequest request)
            throws IOException {
        container.setRequestHandled(true);
        HttpServletResponse response = Objects.requireNonNull(request.getNativeResponse(HttpServletResponse.class));
        if (outcome instanceof Done done) {
            write(done, response);
        } else {
            throw new RefusedException((Refused) Objects.requireNonNull(outcome));
        }
    }

    private static void write(Done done, HttpServletResponse response) throws IOException {
        Answer answer = done.answer();
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        response.setStatus(answer.status());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        response.setHeader(HttpHeaders.ETAG, answer.etag());
        if (answer.location() != null) {
            response.setHeader(HttpHeaders.LOCATION, answer.location());
        }
        if (done.replayed()) {
            response.setHeader("Idempotent-Replayed", "true");
        }
        response.getOutputStream().write(body);
    }
}
