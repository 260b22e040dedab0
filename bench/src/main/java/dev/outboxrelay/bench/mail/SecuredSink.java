package dev.outboxrelay.bench.mail;

import dev.outboxrelay.local.SmtpSink;

/** The local mail server that wants STARTTLS and a login, within the bench's own JVM. */
record SecuredSink(SmtpSink sink) implements MailServer {

    static final String CONDITION = "STARTTLS and login";

    @Override
    public String host() {
        return sink.host();
    }

    @Override
    public int port() {
        return sink.port();
    }

    @Override
    public boolean secured() {
        return true;
    }

    @Override
    public long count() {
        return sink.mails().size();
    }
}
