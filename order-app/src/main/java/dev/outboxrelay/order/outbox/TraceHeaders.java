package dev.outboxrelay.order.outbox;

import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The current observation as W3C Trace Context headers; none outside an observation. */
public final class TraceHeaders implements Supplier<Map<String, String>> {
    private static final Set<String> W3C = Set.of("traceparent", "tracestate");

    private final Tracer tracer;
    private final Propagator propagator;

    public TraceHeaders(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    @Override
    public Map<String, String> get() {
        TraceContext context = tracer.currentTraceContext().context();
        Map<String, String> headers = new HashMap<>();
        if (context != null) {
            propagator.inject(context, headers, TraceHeaders::put);
        }
        return headers;
    }

    private static void put(@Nullable Map<String, String> headers, String name, String value) {
        if (headers != null && W3C.contains(name)) {
            headers.put(name, value);
        }
    }
}
