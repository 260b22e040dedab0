package dev.outboxrelay.bench.mail;

import dev.outboxrelay.local.AtEnd;
import dev.outboxrelay.local.ChildProcess;
import dev.outboxrelay.local.Ports;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Postfix's smtp-sink: takes every mail and forgets it at once; no TLS, no login. */
final class PlainSink implements MailServer, AutoCloseable {

    static final String CONDITION = "smtp-sink";

    private static final String HOST = "127.0.0.1";
    private static final String BACKLOG = "500";

    /** Each is written whole, after each mail, and ends with a carriage return. */
    private static final Pattern COUNTED = Pattern.compile("mesg=(\\d+)\\r");

    private static final int LAST_BYTES = 200;

    private final ChildProcess process;
    private final int port;

    private PlainSink(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    static PlainSink start(Postfix postfix) {
        int port = Ports.free();
        ChildProcess.Builder program = postfix.program("smtp-sink", "-a", "-c");
        if (System.getProperty("user.name").equals("root")) {
            program.args("-u", "nobody");
        }
        ChildProcess process = program.args(HOST + ":" + port, BACKLOG).start();
        // It becomes another user, and then does not hear of our death.
        AtEnd.run(process::kill);
        return new PlainSink(process, port);
    }

    @Override
    public String host() {
        return HOST;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public boolean secured() {
        return false;
    }

    /** What it has counted itself. */
    @Override
    public long count() {
        try (RandomAccessFile log = new RandomAccessFile(process.log().toFile(), "r")) {
            log.seek(Math.max(0, log.length() - LAST_BYTES));
            byte[] end = new byte[(int) (log.length() - log.getFilePointer())];
            log.readFully(end);
            Matcher counted = COUNTED.matcher(new String(end, StandardCharsets.US_ASCII));
            long count = 0;
            while (counted.find()) {
                count = Long.parseLong(counted.group(1));
            }
            return count;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read what smtp-sink has counted", e);
        }
    }

    @Override
    public void close() {
        process.kill();
    }
}
