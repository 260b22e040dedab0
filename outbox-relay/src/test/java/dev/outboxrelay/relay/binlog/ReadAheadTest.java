package dev.outboxrelay.relay.binlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    @Test
    void what_comes_out_is_what_went_in_byte_by_byte_or_in_pieces() throws IOException {
        byte[] all = new byte[100_000];
        Random random = new Random(7);
        random.nextBytes(all);
        ReadAhead in = new ReadAhead(new ByteArrayInputStream(all));
        byte[] read = new byte[all.length];
        int at = 0;
        while (at < read.length) {
            if (random.nextBoolean()) {
                read[at++] = (byte) in.read();
            } else {
                at += in.read(read, at, Math.min(read.length - at, 1 + random.nextInt(40_000)));
            }
        }
        assertThat(read).isEqualTo(all);
        assertThat(in.available()).isZero();
        assertThat(in.read()).isEqualTo(-1);
        assertThat(in.read(read, 0, 1)).isEqualTo(-1);
    }

    @Test
    void after_a_read_that_failed_nothing_comes_a_second_time() throws IOException {
        InputStream cut = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("cut");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("cut");
            }
        };
        ReadAhead in = new ReadAhead(new SequenceInputStream(new ByteArrayInputStream(new byte[] {1, 2, 3}), cut));
        assertThat(in.readNBytes(3)).containsExactly(1, 2, 3);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(in::read).hasMessage("cut");
        }
    }
}
