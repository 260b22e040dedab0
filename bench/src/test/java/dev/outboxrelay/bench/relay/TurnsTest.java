package dev.outboxrelay.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.outboxrelay.bench.Words;
import dev.outboxrelay.bench.report.Figures;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TurnsTest {

    private static final List<Candidate> FIELD = List.of(named("outbox-relay"), named("frail"), named("sound"));

    private final Figures figures = new Figures();
    private final List<String> taken = new ArrayList<>();

    @Test
    void a_peer_that_dies_is_named_and_left_out_and_the_others_go_on() {
        turns(true).take(2, FIELD, failing("frail"));

        assertThat(taken).containsExactly("outbox-relay", "sound", "outbox-relay", "sound");
        assertThat(figures.missed()).containsExactly("relay: frail in round 1");
    }

    @Test
    void if_ours_dies_it_is_the_end() {
        assertThatThrownBy(() -> turns(true).take(2, FIELD, failing("outbox-relay")))
                .hasMessage("outbox-relay died");
        assertThat(taken).isEmpty();
    }

    @Test
    void a_peer_is_not_blamed_for_a_server_that_is_gone() {
        assertThatThrownBy(() -> turns(false).take(2, FIELD, failing("frail"))).hasMessage("frail died");
        assertThat(figures.missed()).isEmpty();
    }

    private Turns turns(boolean serversRun) {
        Words nowhere = new Words(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
        return new Turns("relay", () -> serversRun, figures, nowhere);
    }

    private Turns.Turn failing(String name) {
        return (round, candidate) -> {
            if (candidate.name().equals(name)) {
                throw new IllegalStateException(name + " died");
            }
            taken.add(candidate.name());
        };
    }

    private static Candidate named(String name) {
        return new Candidate() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String table() {
                return "orders.outbox";
            }

            @Override
            public void rewind() {}

            @Override
            public void resume() {}

            @Override
            public Launched launch() {
                throw new UnsupportedOperationException(name);
            }
        };
    }
}
