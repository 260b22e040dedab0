package dev.outboxrelay.relay.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** An event that is not published once more. */
record LeftOut(String table, String event, Reason reason, String why) {

    enum Reason {
        /** It never was published; a relay will do that, in its order. */
        NOT_YET_PUBLISHED,
        /** It is kept back, and what follows it in its aggregate; it has a command of its own. */
        QUARANTINED,
        /** Its row can't be made into a message. */
        UNMAPPABLE,
        /** Its row was deleted meanwhile. */
        DELETED
    }

    Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("event", event);
        fields.put("table", table);
        fields.put("reason", reason.name());
        fields.put("why", why);
        return fields;
    }
}
