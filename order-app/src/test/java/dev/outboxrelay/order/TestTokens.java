package dev.outboxrelay.order;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Who may call the app under test. */
final class TestTokens {
    /** May do everything. */
    static final String ALICE = "t0ken-of-alice";

    /** May do everything as well. */
    static final String BOB = "t0ken-of-bob";

    /** May cancel, and nothing else. */
    static final String CANCELLER = "t0ken-of-carla";

    private TestTokens() {}

    static List<String> settings() {
        return List.of(
                "--order-app.tokens[0].subject=alice",
                "--order-app.tokens[0].sha256=" + sha256(ALICE),
                "--order-app.tokens[0].scopes=orders:write",
                "--order-app.tokens[1].subject=bob",
                "--order-app.tokens[1].sha256=" + sha256(BOB),
                "--order-app.tokens[1].scopes=orders:write",
                "--order-app.tokens[2].subject=carla",
                "--order-app.tokens[2].sha256=" + sha256(CANCELLER),
                "--order-app.tokens[2].scopes=orders:cancel");
    }

    static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
