package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.ReceivedMail;
import dev.outboxrelay.local.SmtpAnswer;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OrderIT {
    private static final Duration WITHIN = Duration.ofSeconds(90);
    private static final List<String> TYPES = List.of("OrderPlaced", "OrderPaid", "OrderShipped");

    /** A lease that is soon over; and slow, so that the load outlasts the kills. */
    private static final String[] IN_HASTE = {
        "mail-worker.lease=4s", "mail-worker.smtp.deadline=3s", "mail-worker.beat=500ms", "mail-worker.smtp.rate=20"
    };

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void a_mail_that_is_tried_again_holds_back_the_later_ones_of_its_order_and_no_others() throws Exception {
        String held = UUID.randomUUID().toString();
        AtomicBoolean open = new AtomicBoolean();
        rig.sink()
                .onMail(mail ->
                        !open.get() && mail.header("X-Order-Id").orElseThrow().equals(held)
                                ? new SmtpAnswer.Reject(451, "4.3.0 later")
                                : new SmtpAnswer.Accept());
        Worker worker = rig.worker();
        List<Event> heldEvents = events(held);
        List<Event> others = Event.placed(20);

        rig.publish(heldEvents);
        rig.publish(others);
        assertThat(rig.sink().awaitCount(20, WITHIN)).hasSize(20);
        await().atMost(WITHIN).until(() -> rig.inState("WAITING") == 3 && worker.count("held") >= 4);
        open.set(true);

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 23);
        assertThat(Event.ids(rig.sink().mails()).subList(20, 23))
                .isEqualTo(heldEvents.stream().map(Event::id).toList());
        rig.assertNothingLeft();
    }

    @Test
    void a_mail_on_which_the_mail_server_hangs_holds_up_no_other_order() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        Event slow = Event.placed();
        rig.sink().onMail(mail -> {
            if (mail.header("X-Event-Id").orElseThrow().equals(slow.id())) {
                await().atMost(WITHIN).until(() -> released.getCount() == 0);
            }
            return new SmtpAnswer.Accept();
        });
        rig.worker();
        rig.publish(slow);
        await().atMost(WITHIN).until(() -> rig.inState("SENDING") == 1);
        List<Event> others = Event.placed(20);

        rig.publish(others);

        assertThat(Event.ids(rig.sink().awaitCount(20, WITHIN)))
                .containsExactlyInAnyOrderElementsOf(
                        others.stream().map(Event::id).toList());
        released.countDown();
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 21);
        rig.assertNothingLeft();
    }

    @Test
    void a_mail_that_waits_too_long_for_an_earlier_one_is_parked_behind_it() throws Exception {
        String held = UUID.randomUUID().toString();
        rig.sink()
                .onMail(mail -> mail.header("X-Order-Id").orElseThrow().equals(held)
                        ? new SmtpAnswer.Reject(451, "4.3.0 later")
                        : new SmtpAnswer.Accept());
        rig.worker("mail-worker.order-wait=1s");

        rig.publish(events(held));

        await().atMost(WITHIN).until(() -> rig.inState("FAILED") == 2);
        assertThat(rig.inState("WAITING") + rig.inState("SENDING")).isEqualTo(1);
        List<Queues.Parked> parked = new ArrayList<>();
        await().atMost(WITHIN).until(() -> {
            parked.addAll(rig.queues().takeParked());
            return parked.size() == 2;
        });
        assertThat(parked).allMatch(one -> one.header("parked-reason").equals("BEHIND"));
    }

    @Test
    void workers_that_join_get_their_share_and_one_that_leaves_is_replaced() throws Exception {
        Worker first = rig.worker("mail-worker.beat=200ms");
        rig.publish(Event.placed(40));
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 40);
        assertThat(first.activePartitions()).isEqualTo(4);

        Worker second = rig.worker("mail-worker.beat=200ms");
        await().atMost(WITHIN).until(() -> {
            rig.publish(Event.placed(10));
            return first.activePartitions() == 2 && second.activePartitions() == 2;
        });
        first.close();
        await().atMost(WITHIN).until(() -> {
            rig.publish(Event.placed(10));
            return second.activePartitions() == 4;
        });

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == rig.queues().published());
        assertThat(rig.sink().mails()).hasSize(rig.queues().published());
        rig.assertNothingLeft();
    }

    /** {@code -Dkills=40} makes a campaign of it. */
    @Test
    void
            of_three_workers_one_is_killed_every_few_seconds_and_every_orders_mails_come_in_order_and_what_repeats_is_counted()
                    throws Exception {
        int kills = Integer.getInteger("kills", 3);
        Deque<ChildProcess> victims = new ArrayDeque<>();
        victims.add(rig.launch(IN_HASTE));
        victims.add(rig.launch(IN_HASTE));
        victims.add(rig.process(IN_HASTE));
        List<Event> events = ofOrders(45 * kills);
        rig.publish(events);
        rig.sink().awaitCount(1, WITHIN);

        for (int killed = 0; killed < kills; killed++) {
            TimeUnit.SECONDS.sleep(2);
            victims.remove().kill();
            victims.add(rig.launch(IN_HASTE));
        }

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == events.size());
        List<ReceivedMail> mails = rig.sink().mails();
        assertThat(Event.ids(mails).stream().distinct())
                .containsExactlyInAnyOrderElementsOf(
                        events.stream().map(Event::id).toList());
        assertRepeatsAreCounted(mails);
        assertInOrder(mails, events);
        rig.assertNothingLeft();
    }

    private void assertRepeatsAreCounted(List<ReceivedMail> mails) throws SQLException {
        Map<String, Long> times =
                Event.ids(mails).stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));
        for (Map.Entry<String, Long> mail : times.entrySet()) {
            if (mail.getValue() > 1) {
                assertThat(mail.getValue() - 1)
                        .as("mails too many of event %s", mail.getKey())
                        .isLessThanOrEqualTo(rig.rows("SUM(IF(message_id = '" + mail.getKey() + "', unknowns, 0))"));
            }
        }
    }

    /** A repeated mail may come once more, but never before an earlier or after a later one of its order. */
    private static void assertInOrder(List<ReceivedMail> mails, Collection<Event> events) {
        Map<String, Event> byId = events.stream().collect(Collectors.toMap(Event::id, event -> event));
        Map<String, Long> last = new HashMap<>();
        for (String id : Event.ids(mails)) {
            Event event = byId.get(id);
            assertThat(event).isNotNull();
            if (event != null) {
                assertThat(event.version())
                        .as("the mails of order %s", event.orderId())
                        .isGreaterThanOrEqualTo(last.getOrDefault(event.orderId(), 1L));
                last.put(event.orderId(), event.version());
            }
        }
    }

    /** The first events of all orders, then the second ones, then the third. */
    private static List<Event> ofOrders(int count) {
        List<String> orders = IntStream.range(0, count)
                .mapToObj(i -> UUID.randomUUID().toString())
                .toList();
        return TYPES.stream()
                .flatMap(type -> orders.stream().map(order -> event(type, order)))
                .toList();
    }

    private static List<Event> events(String order) {
        return TYPES.stream().map(type -> event(type, order)).toList();
    }

    private static Event event(String type, String order) {
        return Event.of(type, order, TYPES.indexOf(type) + 1L, ",\"carrier\":\"SF Express\",\"tracking\":\"1\"");
    }
}
