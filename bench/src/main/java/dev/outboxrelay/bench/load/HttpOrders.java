package dev.outboxrelay.bench.load;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Posts the same order over one kept connection. */
final class HttpOrders implements Work {

    private static final String CREATED = "HTTP/1.1 201";
    private static final String LENGTH = "content-length:";

    private final Socket socket;
    private final Replies replies;
    private final byte[] request;

    private HttpOrders(Socket socket, byte[] request) throws IOException {
        this.socket = socket;
        this.replies = Replies.on(socket);
        this.request = request;
    }

    static HttpOrders connect(LoadSettings settings) throws IOException {
        URI api = URI.create(settings.required("BENCH_ORDERS_URL"));
        byte[] body = settings.file("BENCH_ORDER_FILE");
        String head = String.join(
                "\r\n",
                "POST " + api.getPath() + " HTTP/1.1",
                "Host: " + api.getAuthority(),
                "Authorization: Bearer " + settings.required("BENCH_TOKEN"),
                "Content-Type: application/json",
                "Content-Length: " + body.length,
                "",
                "");
        byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[headBytes.length + body.length];
        System.arraycopy(headBytes, 0, request, 0, headBytes.length);
        System.arraycopy(body, 0, request, headBytes.length, body.length);
        return new HttpOrders(new Socket(api.getHost(), api.getPort()), request);
    }

    @Override
    public void once() throws IOException {
        socket.getOutputStream().write(request);
        String status = replies.line();
        int length = 0;
        for (String header = replies.line(); !header.isEmpty(); header = replies.line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith(LENGTH)) {
                length = Integer.parseInt(lower.substring(LENGTH.length()).strip());
            }
        }
        replies.skip(length);
        if (!status.startsWith(CREATED)) {
            throw new IOException("The order API answered " + status);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
