package dev.outboxrelay.mail.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A text and the same as HTML, as the body of a mail (RFC 2046, 5.1.4). Jakarta Mail would take them through a part, a
 * handler and four streams each, which was two fifths of the time that a mail took.
 *
 * @param contentType of the mail that has this body
 * @param body in ASCII, lines end with CRLF
 */
@SuppressWarnings("ArrayRecordComponent") // compared nowhere
record Alternative(String contentType, byte[] body) {
    private static final int MAX_LINE = 998; // RFC 5322, 2.1.1
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder();

    /** @param id at most 64 characters that need no quoting; the same id makes the same body */
    static Alternative of(String id, String text, String html) {
        String boundary = "=_" + id;
        StringBuilder body = new StringBuilder(2 * (text.length() + html.length()));
        part(body, boundary, "plain", text);
        part(body, boundary, "html", html);
        body.append("--").append(boundary).append("--\r\n");
        return new Alternative(
                "multipart/alternative;\r\n boundary=\"" + boundary + '"',
                body.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static void part(StringBuilder body, String boundary, String subtype, String text) {
        String lines = text.replace("\r\n", "\n").replace("\n", "\r\n");
        boolean plain = isPlain(lines) && !lines.contains(boundary);
        body.append("--")
                .append(boundary)
                .append("\r\nContent-Type: text/")
                .append(subtype)
                .append("; charset=UTF-8\r\nContent-Transfer-Encoding: ")
                .append(plain ? "7bit" : "base64")
                .append("\r\n\r\n")
                .append(plain ? lines : BASE64.encodeToString(lines.getBytes(StandardCharsets.UTF_8)))
                .append("\r\n");
    }

    /** Whether it may stand in a mail as it is: printable ASCII, in lines that no server cuts. */
    private static boolean isPlain(String lines) {
        int begin = 0;
        for (int i = 0; i < lines.length(); i++) {
            char one = lines.charAt(i);
            if (one == '\r' && i + 1 < lines.length() && lines.charAt(i + 1) == '\n') {
                i++;
                begin = i + 1;
            } else if (i - begin >= MAX_LINE || ((one < ' ' || one > '~') && one != '\t')) {
                return false;
            }
        }
        return true;
    }
}
