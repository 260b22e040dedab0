package dev.outboxrelay.mail.rabbit;

import dev.outboxrelay.mail.Lanes;
import dev.outboxrelay.mail.MailHandler;
import dev.outboxrelay.mail.Membership;
import dev.outboxrelay.mail.settings.QueueSettings;
import java.time.Clock;

/** What consuming works with, from its start to its end. */
public record Worksite(
        Connections connections,
        QueueSettings queues,
        MailHandler handler,
        Lanes lanes,
        Membership members,
        Clock clock) {}
