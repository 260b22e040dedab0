package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.GtidSet;
import org.jspecify.annotations.Nullable;

/**
 * A client that can also begin before the first transaction of all, with an empty set of GTIDs: where it is given the name of a
 * file beside that, the library's takes it for no set, and fails on it.
 */
final class GtidClient extends BinaryLogClient {

    GtidClient(String host, int port, String user, String password) {
        super(host, port, user, password);
    }

    @Override
    public void setGtidSet(@Nullable String gtids) {
        super.setGtidSet(gtids);
        if (gtids != null && gtids.isEmpty()) {
            synchronized (gtidSetAccessLock) {
                gtidSet = new GtidSet("");
            }
        }
    }
}
