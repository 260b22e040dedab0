package dev.outboxrelay.mail.run;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;

/** A name for this process, told from all others. */
record WorkerName(String value) {
    private static final int HOST_CHARACTERS = 24;

    static WorkerName random() {
        String name = host().replaceAll("[^A-Za-z0-9.-]", "");
        String host = name.length() <= HOST_CHARACTERS ? name : name.substring(0, HOST_CHARACTERS);
        return new WorkerName(
                host + "-" + Long.toString(ThreadLocalRandom.current().nextLong(1L << 40, 1L << 45), 36));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost"; // the random part tells workers apart
        }
    }
}
