package dev.outboxrelay.order;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/**
 * Has the pool throw away connections to a server that has stopped writing. After a failover the old primary is often still
 * there, and a pool would go on using its connections to it for as long as they live.
 */
public final class DemotedServer implements SQLExceptionOverride {
    /** Shutting down, read_only and its kin, a read-only transaction, a server that InnoDB keeps read-only, killed. */
    private static final Set<Integer> CODES = Set.of(1053, 1290, 1792, 1836, 3169);

    @java.lang.Override
    public Override adjudicate(SQLException e) {
        return CODES.contains(e.getErrorCode()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
