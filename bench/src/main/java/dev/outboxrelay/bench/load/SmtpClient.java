package dev.outboxrelay.bench.load;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Hands the same mail over one kept connection again and again; no TLS, no login. */
final class SmtpClient implements AutoCloseable {

    private static final int BUFFER = 16_384;
    private static final byte[] END = "\r\n.\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final Replies replies;
    private final OutputStream out;
    private final byte[] mail;

    private SmtpClient(Socket socket, byte[] mail) throws IOException {
        this.socket = socket;
        this.replies = Replies.on(socket);
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
        this.mail = mail;
    }

    /** @param mail with its header; lines end with CRLF */
    static SmtpClient connect(String host, int port, byte[] mail) throws IOException {
        SmtpClient client = new SmtpClient(new Socket(host, port), dotsDoubled(mail));
        client.expect('2');
        client.command("EHLO localhost", '2');
        return client;
    }

    /** Returns the reply to the final dot. */
    String send(String from, String to) throws IOException {
        command("MAIL FROM:<" + from + ">", '2');
        command("RCPT TO:<" + to + ">", '2');
        command("DATA", '3');
        out.write(mail);
        out.write(END);
        out.flush();
        return expect('2');
    }

    private void command(String line, char wanted) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
        expect(wanted);
    }

    /** The last line of a reply, which must begin with that digit. */
    private String expect(char wanted) throws IOException {
        String line = replies.line();
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = replies.line();
        }
        if (line.isEmpty() || line.charAt(0) != wanted) {
            throw new IOException("The mail server answered " + line);
        }
        return line;
    }

    /** RFC 5321, section 4.5.2. */
    private static byte[] dotsDoubled(byte[] mail) {
        ByteArrayOutputStream doubled = new ByteArrayOutputStream(mail.length);
        byte before = '\n';
        for (byte one : mail) {
            if (one == '.' && before == '\n') {
                doubled.write('.');
            }
            doubled.write(one);
            before = one;
        }
        return doubled.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
