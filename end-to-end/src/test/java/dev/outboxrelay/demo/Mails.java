package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.demo.OrderClient.Placed;
import dev.outboxrelay.local.ReceivedMail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What tests ask of the mailbox. */
record Mails(Pipeline pipeline) {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Waits until each of these orders has a mail at least. */
    void awaitOneForEach(List<Placed> orders) {
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> assertThat(
                        byOrder().keySet())
                .as("orders with a mail")
                .containsAll(orders.stream().map(Placed::orderId).toList()));
    }

    /**
     * Asserts that each of these orders has exactly one mail, and nobody else has any. That nothing more is under way is
     * shown by one more order, placed and mailed after all of them, whose mail is taken out of the count.
     */
    void assertExactlyOneForEach(List<Placed> orders) {
        awaitOneForEach(orders);
        List<Placed> all = new ArrayList<>(orders);
        all.add(pipeline.orders().place(SampleOrder.number(999_999)));
        awaitOneForEach(all);
        assertThat(Tally.of(all.stream().map(Placed::orderId).toList(), OrderMails.orderIds(received()))
                        .isClean(all.size()))
                .as(() -> "mails by order: " + byOrder())
                .isTrue();
    }

    /** The first mail of the order, which must have one. */
    ReceivedMail of(Placed order) {
        return received().stream()
                .filter(mail -> OrderMails.orderId(mail).equals(order.orderId()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no mail of " + order));
    }

    /** The mails of each order that has any. */
    Map<String, List<ReceivedMail>> byOrder() {
        return received().stream().collect(Collectors.groupingBy(OrderMails::orderId));
    }

    /** The mails of each event. */
    Map<String, List<ReceivedMail>> byEvent() {
        return received().stream()
                .collect(Collectors.groupingBy(mail -> mail.header("X-Event-Id").orElse("")));
    }

    int count() {
        return received().size();
    }

    /** Waits until so many mails have come, of whatever order. */
    void awaitCount(int count) {
        assertThat(pipeline.services().sink().awaitCount(count, LIMIT)).hasSizeGreaterThanOrEqualTo(count);
    }

    private List<ReceivedMail> received() {
        return pipeline.services().sink().mails();
    }
}
