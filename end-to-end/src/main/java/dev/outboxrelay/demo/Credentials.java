package dev.outboxrelay.demo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * What each application logs in with, to MySQL and to RabbitMQ alike, and the token that the order API wants. Never
 * shown.
 */
record Credentials(String orderApp, String outboxRelay, String mailWorker, String auditor, String orderToken) {

    /** New ones, 192 random bits each. */
    static Credentials random() {
        SecureRandom random = new SecureRandom();
        return new Credentials(secret(random), secret(random), secret(random), secret(random), secret(random));
    }

    /** SHA-256 of the token in hex: all that order-app gets to see. */
    String orderTokenHash() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(orderToken.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "Credentials[****]";
    }

    private static String secret(SecureRandom random) {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
