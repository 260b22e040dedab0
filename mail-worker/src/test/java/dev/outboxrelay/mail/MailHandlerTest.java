package dev.outboxrelay.mail;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.outboxrelay.mail.Claims.ClaimsUnavailableException;
import dev.outboxrelay.mail.MailHandler.Rules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What follows from a claim's answer, before and after it has come; the row itself is the matter of ClaimsIT. */
class MailHandlerTest {
    private static final Incoming MESSAGE = new Incoming(
            "exchange:key:queue", "queue", "event-1", "OrderPlaced", null, "4711", 1L, 0, Map.of(), new byte[0]);

    private static final Claim GRANTED =
            new Claim.Granted("event-1", "token", 1, Duration.ZERO, false, 0, System.nanoTime() + 60_000_000_000L);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.outboxrelay.mail");

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(lines);
    }

    @Test
    void a_mail_that_is_sent_again_because_its_worker_has_gone_is_logged_and_counted_as_unknown() throws Exception {
        Settlement settlement = handler(new Claim.Granted(
                        "event-1", "token", 2, Duration.ZERO, true, 1, System.nanoTime() + 1_000_000_000))
                .handle(MESSAGE);

        assertThat(settlement).isInstanceOf(Settlement.Ack.class);
        assertThat(count("unknown")).isEqualTo(1);
        assertThat(count("sent")).isEqualTo(1);
        assertThat(logged()).anyMatch(line -> line.contains("event-1") && line.contains("UNKNOWN; sent again"));
    }

    @Test
    void a_mail_that_is_parked_because_its_worker_has_gone_is_logged_and_counted_as_unknown_once() throws Exception {
        Parking parking = new Parking(ParkReason.UNKNOWN_OUTCOME, "gone", null, 1, Duration.ZERO);

        handler(new Claim.GivenUp(parking, true)).handle(MESSAGE);
        Settlement again = handler(new Claim.GivenUp(parking, false)).handle(MESSAGE);

        assertThat(again).isEqualTo(new Settlement.Park(parking));
        assertThat(count("unknown")).isEqualTo(1);
        assertThat(count("parked")).isEqualTo(2);
        assertThat(logged()).containsExactly("Message event-1 parked: UNKNOWN_OUTCOME");
    }

    @Test
    @Timeout(10)
    void a_mail_is_written_while_the_database_is_asked() throws Exception {
        CompletableFuture<Claim> answer = new CompletableFuture<>();

        Settlement settlement = handler(answer, () -> answer.complete(GRANTED)).handle(MESSAGE);

        assertThat(settlement).isInstanceOf(Settlement.Ack.class);
    }

    @Test
    void a_duplicate_that_is_known_without_asking_is_not_written() throws Exception {
        AtomicInteger written = new AtomicInteger();

        Settlement settlement = handler(
                        CompletableFuture.completedFuture(Claim.Settled.before()), written::incrementAndGet)
                .handle(MESSAGE);

        assertThat(settlement).isInstanceOf(Settlement.Ack.class);
        assertThat(written).hasValue(0);
    }

    @Test
    void what_cannot_be_written_is_a_failure_only_where_it_may_be_sent() throws Exception {
        Claim notYet = new Claim.NotYet(Duration.ofSeconds(9), 1);

        assertThat(handlerThatCannotWrite(Claim.Settled.before()).handle(MESSAGE))
                .isInstanceOf(Settlement.Ack.class);
        assertThat(handlerThatCannotWrite(notYet).handle(MESSAGE)).isInstanceOf(Settlement.Retry.class);
        assertThat(handlerThatCannotWrite(GRANTED).handle(MESSAGE)).isEqualTo(new Settlement.GiveBack("away"));
        assertThat(logged()).containsExactly("Message event-1 could not be written, attempt 1");
    }

    /** The answer comes when writing is over. */
    private MailHandler handlerThatCannotWrite(Claim answer) {
        CompletableFuture<Claim> later = new CompletableFuture<>();
        return handler(later, () -> {
            later.complete(answer);
            throw new IllegalStateException("cannot be written");
        });
    }

    @Test
    void a_duplicate_counts_as_one_once_the_first_is_recorded() throws Exception {
        CompletableFuture<@Nullable Void> recorded = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> lost = new CompletableFuture<>();
        handler(new Claim.Settled(recorded)).handle(MESSAGE);
        Settlement.Ack ack = (Settlement.Ack) handler(new Claim.Settled(lost)).handle(MESSAGE);
        assertThat(count("duplicate")).isZero();

        recorded.complete(null);
        lost.completeExceptionally(new ClaimsUnavailableException("away", null));

        assertThat(count("duplicate")).isEqualTo(1);
        assertThat(count("given_back")).isEqualTo(1);
        assertThat(ack.recorded().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void a_message_is_given_back_where_the_database_can_be_asked_for_no_claim() throws Exception {
        Settlement settlement = handler(
                        CompletableFuture.failedFuture(new ClaimsUnavailableException("away", null)), () -> {})
                .handle(MESSAGE);

        assertThat(settlement).isEqualTo(new Settlement.GiveBack("away"));
    }

    @Test
    void a_message_is_given_back_where_what_became_of_its_mail_cannot_be_recorded() throws Exception {
        Settlement settlement =
                handler(GRANTED, new SendOutcome.Deferred("451 later")).handle(MESSAGE);

        assertThat(settlement).isEqualTo(new Settlement.GiveBack("away"));
    }

    private MailHandler handler(Claim answer) {
        return handler(answer, new SendOutcome.Accepted("250 ok"));
    }

    private MailHandler handler(Claim answer, SendOutcome outcome) {
        return handler(CompletableFuture.completedFuture(answer), () -> {}, outcome);
    }

    private MailHandler handler(CompletableFuture<Claim> answer, Runnable writes) {
        return handler(answer, writes, new SendOutcome.Accepted("250 ok"));
    }

    private MailHandler handler(CompletableFuture<Claim> answer, Runnable writes, SendOutcome outcome) {
        return new MailHandler(
                new Rules(1000, new RetryPlan(List.of(Duration.ofSeconds(1)), Duration.ofDays(1)), 3, Duration.ZERO),
                new OneAnswer(answer),
                message -> {
                    writes.run();
                    return new LetterWriter.Written.Ready(
                            new Letter("event-1", "a@example.com", "s", "t", "h", Optional.empty(), Map.of()));
                },
                letter -> end -> outcome,
                new WorkerMeters(meters),
                Clock.systemUTC());
    }

    private double count(String outcome) {
        return meters.get("mail.worker.outcomes")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private List<String> logged() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** Gives one answer to every claim, and has recorded what it is told, but for a retry. */
    private record OneAnswer(CompletableFuture<Claim> answer) implements Claims {
        @Override
        public CompletableFuture<Claim> claim(Incoming message) {
            return answer;
        }

        @Override
        public CompletionStage<@Nullable Void> sent(Claim.Granted claim, String reply) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void retry(Claim.Granted claim, String reply, Duration delay) {
            throw new ClaimsUnavailableException("away", null);
        }

        @Override
        public void release(Claim.Granted claim, String reply, Duration delay) {}

        @Override
        public void unknown(Claim.Granted claim, String cause, Duration delay) {}

        @Override
        public void giveUp(Claim.Granted claim, Parking parking) {}
    }
}
