package dev.outboxrelay.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * While this is open, installing a package on Debian starts no service: {@code /usr/sbin/policy-rc.d} refuses it (see
 * invoke-rc.d(8)). A policy that was there before is put back, also if an earlier run was killed.
 */
final class ServicesKeptDown implements AutoCloseable {

    private static final Path POLICY = Path.of("/usr/sbin/policy-rc.d");
    private static final Path PUT_ASIDE = Path.of("/usr/sbin/policy-rc.d.put-aside-by-outbox-relay");
    private static final String OURS = "#!/bin/sh\n# Written by outbox-relay while it installs packages.\nexit 101\n";

    private ServicesKeptDown() {}

    static ServicesKeptDown now() throws IOException {
        restore();
        if (Files.exists(POLICY)) {
            Files.move(POLICY, PUT_ASIDE, StandardCopyOption.ATOMIC_MOVE);
        }
        Files.writeString(POLICY, OURS);
        Files.setPosixFilePermissions(POLICY, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ServicesKeptDown();
    }

    /** Those variables and one that makes invoke-rc.d believe that the machine runs no services. */
    Map<String, String> environment(Map<String, String> others) {
        Map<String, String> all = new HashMap<>(others);
        all.put("RUNLEVEL", "1");
        return all;
    }

    @Override
    public void close() throws IOException {
        restore();
    }

    private static void restore() throws IOException {
        if (Files.exists(POLICY) && Files.readString(POLICY).equals(OURS)) {
            Files.delete(POLICY);
        }
        if (Files.exists(PUT_ASIDE)) {
            Files.move(PUT_ASIDE, POLICY, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
