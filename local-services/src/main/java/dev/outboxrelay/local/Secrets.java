package dev.outboxrelay.local;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords and cookies, made of letters and digits only so that they fit in any file, URI or SQL statement. */
final class Secrets {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** 128 random bits. */
    static String random() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
