package dev.outboxrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PortsTest {

    /** A JVM that has been given a port, and lives on. */
    static final class Holder {
        public static void main(String[] args) throws InterruptedException {
            System.out.println("port " + Ports.free() + ".");
            new CountDownLatch(1).await();
        }
    }

    @Test
    void a_port_is_given_to_one_jvm_only_for_as_long_as_that_lives() {
        int port;
        try (ChildProcess holder = ChildProcess.java(
                        "holder", "-cp", System.getProperty("java.class.path"), Holder.class.getName())
                .start()) {
            await().atMost(Duration.ofSeconds(20)).until(() -> holder.output().contains("."));
            port = Integer.parseInt(holder.output().replaceAll("(?s).*port (\\d+)\\..*", "$1"));
            assertThat(Ports.isFree(port)).as("nobody listens").isTrue();
            assertThat(Ports.reserve(port)).isFalse();
            holder.kill();
        }
        assertThat(Ports.reserve(port)).isTrue();
    }
}
