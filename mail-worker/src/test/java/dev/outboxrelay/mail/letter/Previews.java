package dev.outboxrelay.mail.letter;

import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.LetterWriter.Written;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes every mail in every language as an HTML file, to be looked at or made into pictures. */
final class Previews {
    private static final Map<String, String> ORDERS = Map.of("zh", """
            {"orderId":"01a20760-5b92-7f5e-8d76-d343d2f7ef4e","customer":"王小明","email":"xiaoming@example.com","locale":"zh-CN",
             "currency":"CNY","totalMinor":34400,"carrier":"顺丰速运","tracking":"SF1234567890","reason":"商品缺货",
             "lines":[{"name":"龙井茶","quantity":2,"unitPriceMinor":12800,"lineTotalMinor":25600},
                      {"name":"紫砂壶","quantity":1,"unitPriceMinor":8800,"lineTotalMinor":8800}]}""", "en", """
            {"orderId":"01a20760-5b92-7f5e-8d76-d343d2f7ef4e","customer":"Jane O'Neill","email":"jane@example.com","locale":"en-GB",
             "currency":"GBP","totalMinor":4470,"carrier":"Royal Mail","tracking":"RM123456789GB","reason":"out of stock",
             "lines":[{"name":"Dragon Well tea","quantity":2,"unitPriceMinor":1490,"lineTotalMinor":2980},
                      {"name":"Clay teapot","quantity":1,"unitPriceMinor":1490,"lineTotalMinor":1490}]}""");

    private Previews() {}

    public static void main(String[] args) throws IOException {
        Path directory = Files.createDirectories(Path.of(args[0]));
        ThymeleafLetters letters = new ThymeleafLetters();
        for (OrderEventType type : OrderEventType.values()) {
            for (Map.Entry<String, String> order : ORDERS.entrySet()) {
                Incoming message = new Incoming(
                        "outbox.events:Order.OrderPlaced:mail.orders.0",
                        "mail.orders.0",
                        "preview",
                        type.name(),
                        null,
                        "preview",
                        1L,
                        0,
                        Map.of(),
                        order.getValue().getBytes(StandardCharsets.UTF_8));
                Letter letter = ((Written.Ready) letters.write(message)).letter();
                Files.writeString(directory.resolve(type + "-" + order.getKey() + ".html"), letter.html());
                Files.writeString(directory.resolve(type + "-" + order.getKey() + ".txt"), letter.text());
            }
        }
    }
}
