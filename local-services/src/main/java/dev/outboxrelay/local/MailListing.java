package dev.outboxrelay.local;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Mails as a page and as JSON. */
final class MailListing {

    private static final int SHOWN = 200;
    private static final String HEAD = """
            <!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
            <title>Mails received</title><style>
            :root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
            body{margin:2rem auto;max-width:72rem;padding:0 1rem}table{border-collapse:collapse;width:100%}
            th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884}
            td:nth-child(5){font-family:ui-monospace,monospace;font-size:.85em}</style>
            """;

    private MailListing() {}

    /** The newest mails, newest first, each with a link to its source. */
    static String html(List<Mailbox.Numbered> mails) {
        StringBuilder page = new StringBuilder(HEAD);
        page.append("<h1>").append(mails.size()).append(" mails received</h1>");
        page.append("<table><tr><th><th>Received (UTC)<th>To<th>Subject<th>Order\n");
        for (int i = mails.size() - 1; i >= Math.max(0, mails.size() - SHOWN); i--) {
            long number = mails.get(i).number();
            ReceivedMail mail = mails.get(i).mail();
            page.append("<tr><td><a href=\"/mails/%d\">%d</a>".formatted(number, number));
            page.append("<td>").append(mail.receivedAt());
            page.append("<td>").append(escape(String.join(", ", mail.recipients())));
            page.append("<td>").append(escape(mail.subject()));
            page.append("<td>").append(escape(mail.header("X-Order-Id").orElse("")));
        }
        return page.append("</table></html>\n").toString();
    }

    /** All of them, oldest first, in one array. */
    static String json(List<Mailbox.Numbered> mails) {
        return mails.stream().map(MailListing::json).collect(Collectors.joining(",\n", "[", "]\n"));
    }

    private static String json(Mailbox.Numbered numbered) {
        ReceivedMail mail = numbered.mail();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("id", Long.toString(numbered.number()));
        fields.put("receivedAt", Json.string(mail.receivedAt().toString()));
        fields.put("from", Json.string(mail.from()));
        fields.put("to", mail.recipients().stream().map(Json::string).collect(Collectors.joining(",", "[", "]")));
        fields.put("subject", Json.string(mail.subject()));
        fields.put("messageId", header(mail, "Message-ID"));
        fields.put("orderId", header(mail, "X-Order-Id"));
        fields.put("eventId", header(mail, "X-Event-Id"));
        return fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String header(ReceivedMail mail, String name) {
        return mail.header(name).map(Json::string).orElse("null");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
