package dev.outboxrelay.relay.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import dev.outboxrelay.relay.RootCause;
import org.jspecify.annotations.Nullable;

/** A broker's no. */
public record Refusal(Kind kind, String words) {

    /** What it comes down to. */
    public enum Kind {
        /** It has no such thing. */
        MISSING,
        /** It has one that is different. */
        DIFFERENT,
        /** This user may not. */
        FORBIDDEN,
        /** It has not answered, or says something else. */
        OTHER
    }

    static Refusal of(Throwable thrown) {
        ShutdownSignalException shutdown = shutdown(thrown);
        if (shutdown != null && shutdown.getReason() instanceof AMQP.Channel.Close close) {
            return new Refusal(kind(close.getReplyCode()), close.getReplyText());
        }
        if (shutdown != null && shutdown.getReason() instanceof AMQP.Connection.Close close) {
            return new Refusal(kind(close.getReplyCode()), close.getReplyText());
        }
        return new Refusal(Kind.OTHER, RootCause.of(thrown));
    }

    private static Kind kind(int code) {
        return switch (code) {
            case AMQP.NOT_FOUND -> Kind.MISSING;
            case AMQP.PRECONDITION_FAILED -> Kind.DIFFERENT;
            case AMQP.ACCESS_REFUSED, AMQP.NOT_ALLOWED -> Kind.FORBIDDEN;
            default -> Kind.OTHER;
        };
    }

    private static @Nullable ShutdownSignalException shutdown(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ShutdownSignalException shutdown) {
                return shutdown;
            }
        }
        return null;
    }
}
