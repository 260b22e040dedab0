package dev.outboxrelay.order;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Finds out who calls, under which key. */
final class CallArgument implements HandlerMethodArgumentResolver {
    private static final String NOBODY = "anonymous";

    private final boolean keyRequired;

    CallArgument(boolean keyRequired) {
        this.keyRequired = keyRequired;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Call.class;
    }

    @Override
    public Call resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        Principal principal = request.getUserPrincipal();
        return new Call(principal == null ? NOBODY : principal.getName(), key(request));
    }

    private @Nullable String key(NativeWebRequest request) {
        String[] values = request.getHeaderValues(IdempotencyKeyHeader.NAME);
        if (values == null || values.length == 0) {
            if (keyRequired) {
                throw new BadRequestException("An Idempotency-Key is required.");
            }
            return null;
        }
        if (values.length > 1) {
            throw new BadRequestException("There must be one Idempotency-Key.");
        }
        return IdempotencyKeyHeader.parse(values[0])
                .orElseThrow(() -> new BadRequestException("The Idempotency-Key must be a string of 1 to "
                        + IdempotencyKeyHeader.MAX_LENGTH + " printable ASCII characters, in quotes or without."));
    }
}
