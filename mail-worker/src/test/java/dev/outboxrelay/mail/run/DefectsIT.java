package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.outboxrelay.mail.Handling;
import dev.outboxrelay.mail.Lanes;
import dev.outboxrelay.mail.LetterWriter;
import dev.outboxrelay.mail.MailHandler;
import dev.outboxrelay.mail.Membership;
import dev.outboxrelay.mail.SendOutcome;
import dev.outboxrelay.mail.Settlement;
import dev.outboxrelay.mail.WorkerMeters;
import dev.outboxrelay.mail.claims.Database;
import dev.outboxrelay.mail.claims.GroupCommit;
import dev.outboxrelay.mail.claims.ProcessedMessages;
import dev.outboxrelay.mail.letter.ThymeleafLetters;
import dev.outboxrelay.mail.rabbit.Connections;
import dev.outboxrelay.mail.rabbit.ConsumerState;
import dev.outboxrelay.mail.rabbit.RabbitConsumer;
import dev.outboxrelay.mail.rabbit.Worksite;
import dev.outboxrelay.mail.settings.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import tools.jackson.databind.JsonNode;

/** Messages that are parked for what the worker did, or for what somebody else did with them. */
class DefectsIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

    private final List<String> sent = new CopyOnWriteArrayList<>();
    private WorkerSettings settings;
    private Operating operator;

    @BeforeEach
    void operate(@TempDir Path directory) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", new HashMap<>(rig.with())));
        settings = WorkerSettings.read(environment);
        operator = new Operating(rig, directory);
    }

    @Test
    void a_message_on_which_handling_fails_every_time_is_parked_after_five_attempts_and_the_next_is_handled()
            throws Exception {
        Event bad = Event.placed();
        Event good = Event.placed();
        List<String> handled = new CopyOnWriteArrayList<>();
        consume(message -> {
            handled.add(message.messageId());
            if (bad.id().equals(message.messageId())) {
                throw new IllegalStateException("a defect");
            }
            return new Settlement.Ack(CompletableFuture.completedStage(null));
        });

        rig.publish(bad, good);

        Queues.Parked parked = rig.queues().awaitParked(1).get(0);
        assertThat(parked.properties().getMessageId()).isEqualTo(bad.id());
        assertThat(parked.header("parked-reason")).isEqualTo("ERROR");
        assertThat(parked.header("parked-detail")).contains("a defect");
        assertThat(parked.header("mail-attempts")).isEqualTo("5");
        await().atMost(WITHIN).until(() -> handled.contains(good.id()));
        rig.assertNothingLeft();
        assertThat(handled).filteredOn(bad.id()::equals).hasSize(5);
    }

    @Test
    void what_comes_behind_a_message_that_is_given_back_is_not_begun_before_it_has_come_again() throws Exception {
        Set<String> givenBack = ConcurrentHashMap.newKeySet();
        List<String> handled = new CopyOnWriteArrayList<>();
        consume(message -> {
            boolean first = Objects.equals(message.aggregateVersion(), 1L) && givenBack.add(message.messageId());
            handled.add((first ? "back " : "done ") + message.orderKey() + " " + message.aggregateVersion());
            return first
                    ? new Settlement.GiveBack("the database cannot be used")
                    : new Settlement.Ack(CompletableFuture.completedStage(null));
        });
        List<String> orders =
                Stream.generate(() -> UUID.randomUUID().toString()).limit(4).toList();

        rig.publish(orders.stream()
                .flatMap(order -> Stream.of(Event.of("OrderPlaced", order, 1, ""), Event.of("OrderPaid", order, 2, "")))
                .toList());

        await().atMost(WITHIN).until(() -> handled.size() >= 3 * orders.size());
        rig.assertNothingLeft();
        for (String order : orders) {
            assertThat(handled)
                    .filteredOn(line -> line.contains(order))
                    .containsExactly("back " + order + " 1", "done " + order + " 1", "done " + order + " 2");
        }
    }

    @Test
    void a_mail_that_cannot_be_written_is_given_up_in_its_row_too_and_the_later_ones_of_its_order_are_sent()
            throws Exception {
        String order = UUID.randomUUID().toString();
        Event bad = Event.of("OrderPlaced", order, 1, "");
        Event later = Event.of("OrderPaid", order, 2, "");
        LetterWriter writer = new ThymeleafLetters();
        consume(handler(message -> {
            if (bad.id().equals(message.messageId())) {
                throw new IllegalStateException("a defect");
            }
            return writer.write(message);
        }));

        rig.publish(bad, later);

        Queues.Parked parked = rig.queues().awaitParked(1).get(0);
        assertThat(parked.properties().getMessageId()).isEqualTo(bad.id());
        assertThat(parked.header("parked-reason")).isEqualTo("ERROR");
        assertThat(parked.header("mail-attempts")).isEqualTo("5");
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
        assertThat(sent).containsExactly(later.id());
        assertThat(rig.rows("SUM(state = 'FAILED' AND reason = 'ERROR' AND unknowns = 0)"))
                .isEqualTo(1);
        rig.assertNothingLeft();
    }

    @Test
    void a_message_that_the_broker_has_parked_is_told_from_others_and_can_be_replayed() throws Exception {
        rig.worker().close();
        Event event = Event.placed();
        rig.publish(event);
        rig.queues().reject(1);
        operator.awaitParked(1);
        rig.worker();

        JsonNode listed = operator.json("parked", "list", "--reason", "DEAD_LETTERED", "-o", "json");
        assertThat(listed.path(0).path("id").asString()).isEqualTo(event.id());
        assertThat(listed.path(0).path("reason").asString()).isEqualTo("DEAD_LETTERED");
        operator.run("parked", "replay", event.id());

        assertThat(Event.ids(rig.sink().awaitCount(1, WITHIN))).containsExactly(event.id());
        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 1);
        rig.assertNothingLeft();
    }

    /** Consumes as a worker does, whose handling is this. */
    private void consume(Handling handling) {
        Lanes lanes = new Lanes(settings.minConsumers(), settings.maxConsumers(), WITHIN);
        RabbitConsumer consumer = new RabbitConsumer(
                new Worksite(
                        new Connections(settings.broker(), null),
                        settings.queues(),
                        handling,
                        lanes,
                        new Alone(),
                        Clock.systemUTC()),
                Optional::empty);
        rig.started(consumer::stop);
        rig.started(lanes);
        consumer.start();
        await().atMost(WITHIN).until(() -> consumer.status().state() == ConsumerState.CONSUMING);
    }

    /** Of a worker whose mail server takes everything. */
    private Handling handler(LetterWriter writer) {
        HikariDataSource database = rig.started(Database.pool(settings.database()));
        GroupCommit commits = rig.started(new GroupCommit(database, settings.claims()));
        return new MailHandler(
                settings.handling(),
                new ProcessedMessages(commits, settings.claims(), "defective"),
                writer,
                letter -> end -> {
                    sent.add(letter.eventId());
                    return new SendOutcome.Accepted("250 ok");
                },
                new WorkerMeters(new SimpleMeterRegistry()),
                Clock.systemUTC());
    }

    /** The only worker there is. */
    private record Alone() implements Membership {
        @Override
        public String self() {
            return "defective";
        }

        @Override
        public List<String> beat() {
            return List.of(self());
        }

        @Override
        public void leave() {}
    }
}
