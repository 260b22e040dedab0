package dev.outboxrelay.local;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Mails in a file, so that a sink that was killed has them again. A mail is in the file when {@link #append} returns, which
 * a killed process survives but a power cut need not. Not for use by several threads at a time.
 */
final class Spool {

    private static final int HEADER_BYTES = Long.BYTES;

    private final FileChannel file;

    private Spool(FileChannel file) {
        this.file = file;
    }

    static Spool open(Path path) throws IOException {
        Spool spool = new Spool(
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
        if (spool.file.size() < HEADER_BYTES) {
            spool.clear(0);
        }
        return spool;
    }

    /**
     * What the file holds.
     *
     * @param cleared how many mails came before these and were cleared
     */
    record Content(long cleared, List<ReceivedMail> mails) {}

    /** Reads all mails; one that was not written whole is cut off, since its sender was never told that it was taken. */
    Content read() throws IOException {
        file.position(0);
        // Not closed: the channel stays open for appending.
        CountedInput counted = new CountedInput(Channels.newInputStream(file));
        DataInputStream in = new DataInputStream(counted);
        long cleared = in.readLong();
        List<ReceivedMail> mails = new ArrayList<>();
        long whole = HEADER_BYTES;
        try {
            while (true) {
                mails.add(readMail(in));
                whole = counted.count();
            }
        } catch (EOFException end) {
            file.truncate(whole);
        }
        file.position(whole);
        return new Content(cleared, mails);
    }

    void append(ReceivedMail mail) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(mail.raw().length + 256);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(mail.receivedAt().toString());
        out.writeUTF(mail.from());
        out.writeInt(mail.recipients().size());
        for (String recipient : mail.recipients()) {
            out.writeUTF(recipient);
        }
        out.writeInt(mail.raw().length);
        out.write(mail.raw());
        write(ByteBuffer.wrap(bytes.toByteArray()));
    }

    void clear(long cleared) throws IOException {
        file.truncate(0);
        file.position(0);
        write(ByteBuffer.allocate(HEADER_BYTES).putLong(cleared).flip());
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private static ReceivedMail readMail(DataInputStream in) throws IOException {
        Instant receivedAt = Instant.parse(in.readUTF());
        String from = in.readUTF();
        int count = in.readInt();
        List<String> recipients = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            recipients.add(in.readUTF());
        }
        byte[] raw = new byte[in.readInt()];
        in.readFully(raw);
        return new ReceivedMail(receivedAt, from, recipients, raw);
    }
}
