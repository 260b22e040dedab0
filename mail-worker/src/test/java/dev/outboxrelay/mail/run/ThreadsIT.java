package dev.outboxrelay.mail.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.outboxrelay.local.SmtpAnswer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many mails a worker sends at once, and what it does besides. */
class ThreadsIT {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void with_the_load_mails_at_once_grow_from_five_to_twenty_and_back() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        rig.sink().onMail(mail -> {
            atOnce.incrementAndGet();
            await().atMost(WITHIN).until(() -> open.getCount() == 0);
            return new SmtpAnswer.Accept();
        });
        Worker worker = rig.worker();
        try {
            assertThat(gauge(worker, "consumers")).isLessThanOrEqualTo(5);
            rig.publish(Event.placed(60));

            await().atMost(WITHIN).until(() -> atOnce.get() == 20);
            assertThat(gauge(worker, "consumers")).isEqualTo(20);
            assertThat(gauge(worker, "smtp_connections")).isEqualTo(20);
            assertThat(gauge(worker, "in_hand")).isGreaterThan(20);
            assertThat(atOnce).hasValue(20);
        } finally {
            open.countDown();
        }

        await().atMost(WITHIN).until(() -> rig.inState("SENT") == 60);
        await().atMost(WITHIN).until(() -> gauge(worker, "consumers") == 5);
        assertThat(rig.sink().mails()).hasSize(60);
        rig.assertNothingLeft();
    }

    @Test
    void a_worker_sweeps_from_its_start_to_its_end() {
        await().atMost(WITHIN).until(() -> !isSweeping());

        Worker worker = rig.worker();
        assertThat(isSweeping()).isTrue();
        worker.close();

        await().atMost(WITHIN).until(() -> !isSweeping());
    }

    private static boolean isSweeping() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("sweeper"));
    }

    private static double gauge(Worker worker, String name) throws Exception {
        Matcher found = Pattern.compile("(?m)^mail_worker_" + name + " ([0-9.]+)$")
                .matcher(worker.get("/actuator/prometheus").body());
        assertThat(found.find()).as(name).isTrue();
        return Double.parseDouble(found.group(1));
    }
}
