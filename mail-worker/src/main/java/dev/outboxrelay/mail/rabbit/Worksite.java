package dev.outboxrelay.mail.rabbit;

import dev.outboxrelay.mail.Handling;
import dev.outboxrelay.mail.Lanes;
import dev.outboxrelay.mail.Membership;
import dev.outboxrelay.mail.settings.QueueSettings;
import java.time.Clock;

/** What consuming works with, from its start to its end. */
public record Worksite(
        Connections connections,
        QueueSettings queues,
        Handling handler,
        Lanes lanes,
        Membership members,
        Clock clock) {}
