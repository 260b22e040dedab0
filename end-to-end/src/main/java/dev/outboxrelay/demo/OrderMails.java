package dev.outboxrelay.demo;

import dev.outboxrelay.demo.OrderClient.Placed;
import dev.outboxrelay.local.ReceivedMail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The mails that the sink holds, seen by the order they belong to. */
public final class OrderMails {

    private OrderMails() {}

    /** The order that the mail is about; empty if it names none. */
    public static String orderId(ReceivedMail mail) {
        return mail.header("X-Order-Id").orElse("");
    }

    /** For each mail, the id of its order. */
    static List<String> orderIds(List<ReceivedMail> mails) {
        return mails.stream().map(OrderMails::orderId).toList();
    }

    /** From the API's answer to the arrival of the first mail, for each order that has one; never negative. */
    static Latencies latencies(List<Placed> placed, List<ReceivedMail> mails) {
        Map<String, ReceivedMail> first = new HashMap<>();
        mails.forEach(mail -> first.putIfAbsent(orderId(mail), mail));
        List<Duration> durations = new ArrayList<>();
        for (Placed order : placed) {
            ReceivedMail mail = first.get(order.orderId());
            if (mail != null) {
                Duration taken = Duration.between(order.answeredAt(), mail.receivedAt());
                durations.add(taken.isNegative() ? Duration.ZERO : taken);
            }
        }
        return Latencies.of(durations);
    }
}
