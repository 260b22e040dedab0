package dev.outboxrelay.order;

import jakarta.servlet.ServletException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.ApplicationBufferHandler;

/**
 * Waits for what is left of a body that nobody wants, such as that of a stranger, so that its sender can read the answer; but
 * neither for ever nor for all of it, as Tomcat itself would. What has not come then ends with its connection.
 */
final class UnreadBody extends ValveBase {
    private static final int MAX_BYTES = 2 * 1024 * 1024;

    private final Duration timeout;

    UnreadBody(Duration timeout) {
        super(true);
        this.timeout = timeout;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        getNext().invoke(request, response);
        if (!is(ActionCode.REQUEST_BODY_FULLY_READ, request) && !is(ActionCode.IS_ERROR, request)) {
            response.finishResponse();
            if (!comesToItsEnd(request)) {
                request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            }
        }
    }

    private boolean comesToItsEnd(Request request) {
        long end = System.nanoTime() + timeout.toNanos();
        Rest rest = new Rest();
        int total = 0;
        try {
            int read = request.getCoyoteRequest().doRead(rest);
            while (read >= 0 && total <= MAX_BYTES && System.nanoTime() - end < 0) {
                total += read;
                read = request.getCoyoteRequest().doRead(rest);
            }
            return read < 0;
        } catch (IOException e) {
            container.getLogger().debug("The caller left before the end of its body", e);
            return false;
        }
    }

    /** After an error there is no body to wait for: Tomcat may not even have got through the header, and closes by itself. */
    private static boolean is(ActionCode question, Request request) {
        AtomicBoolean answer = new AtomicBoolean();
        request.getCoyoteRequest().action(question, answer);
        return answer.get();
    }

    /** Takes what comes, and keeps no more than the last of it. */
    private static final class Rest implements ApplicationBufferHandler {
        private ByteBuffer last = ByteBuffer.allocate(0);

        @Override
        public void setByteBuffer(ByteBuffer buffer) {
            last = buffer;
        }

        @Override
        public ByteBuffer getByteBuffer() {
            return last;
        }

        @Override
        public void expand(int size) {
            // Never asked for: nothing is kept.
        }
    }
}
