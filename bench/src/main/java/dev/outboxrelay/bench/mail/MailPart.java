package dev.outboxrelay.bench.mail;

import dev.outboxrelay.bench.Bed;
import dev.outboxrelay.bench.Part;
import dev.outboxrelay.bench.Setup;
import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.load.LoadKind;
import dev.outboxrelay.bench.load.LoadProcess;
import dev.outboxrelay.bench.report.Figures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntConsumer;

/** mail-worker with 5 and 20 consumers, and what can be reached at the same concurrency. */
public final class MailPart implements Part {

    public static final String NAME = "mail";

    private static final Duration ROUND = Duration.ofSeconds(200);
    private static final Duration ARRIVES_WITHIN = Duration.ofSeconds(30);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration estimate(Setup setup) {
        return ROUND.multipliedBy(setup.rounds());
    }

    @Override
    public void measure(Bed bed, Setup setup, Figures figures, Words words) {
        try (Events events = Events.connect(bed.rabbit())) {
            WorkerDrain worker = new WorkerDrain(bed, events);
            SecuredSink secured = new SecuredSink(bed.services().sink());
            Path mail = sampleMail(bed, worker, events, secured, words);
            MailRound measured = new MailRound(bed, setup, worker, mail, figures, words);
            Optional<Postfix> postfix = Postfix.find(!setup.brief(), words);
            if (postfix.isPresent()) {
                try (PlainSink plain = PlainSink.start(postfix.get());
                        LoadProcess bare = measured.warmed(LoadKind.DURABLE_MAILS, plain)) {
                    rounds(setup, measured, secured, round -> measured.plain(round, plain, bare, postfix.get()));
                }
            } else {
                rounds(setup, measured, secured, round -> {});
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot close the connection to RabbitMQ", e);
        }
    }

    private static void rounds(Setup setup, MailRound measured, SecuredSink secured, IntConsumer plain) {
        try (LoadProcess byConnection = measured.warmed(LoadKind.MAILS_BY_CONNECTION, secured)) {
            for (int round = 1; round <= setup.rounds(); round++) {
                plain.accept(round);
                measured.secured(round, secured, byConnection);
            }
        }
    }

    private static Path sampleMail(Bed bed, WorkerDrain worker, Events events, SecuredSink secured, Words words) {
        words.say("taking a mail of mail-worker's, which the others will send");
        worker.start(secured, 1);
        events.publish(1, false);
        Path file = bed.directory().resolve("mail.eml");
        try {
            return Files.write(
                    file, secured.sink().awaitCount(1, ARRIVES_WITHIN).get(0).raw());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + file, e);
        } finally {
            bed.pipeline().mailWorker().stop();
        }
    }
}
