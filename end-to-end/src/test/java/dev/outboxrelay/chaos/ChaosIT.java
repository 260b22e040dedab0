package dev.outboxrelay.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.chaos.Schedule.Pace;
import dev.outboxrelay.demo.PipelineExtension;
import dev.outboxrelay.demo.Progress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A campaign as short as one can be; {@code bin/chaos} runs long ones. */
class ChaosIT {

    private static final long SEED = 42;
    private static final Pace BRISK = new Pace(Duration.ofSeconds(1), Duration.ofMillis(500));

    @RegisterExtension
    final PipelineExtension given = new PipelineExtension();

    @Test
    void with_every_part_of_the_pipeline_killed_once_no_order_is_lost_misordered_or_repeated_for_no_reason()
            throws InterruptedException {
        try (Rig rig = new Rig(given.pipeline(), 1, 1)) {
            Customers customers = new Customers(given.pipeline().orders(), SEED, 10);
            Campaign campaign = new Campaign(rig, customers, new Progress(System.err, false));
            List<List<Fault>> kills = Faults.kills(rig);
            Schedule schedule = new Schedule(SEED, kills, BRISK);

            Evidence evidence = campaign.run(
                    Stream.generate(schedule::next).limit(kills.size()).iterator(), Duration.ofMinutes(2));

            assertThat(campaign.faults()).hasSize(6);
            Verdict verdict = Verdict.of(evidence);
            assertThat(verdict.findings()).isEmpty();
            assertThat(verdict.figures().placed()).isGreaterThan(50);
            assertThat(verdict.figures().mailed())
                    .isEqualTo(verdict.figures().events())
                    .isGreaterThan(verdict.figures().placed());
        }
    }
}
