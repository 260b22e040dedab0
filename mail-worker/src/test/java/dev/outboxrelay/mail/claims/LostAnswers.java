package dev.outboxrelay.mail.claims;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Connections over which everything is done, but over which the answers to some commits do not come back. */
final class LostAnswers {
    private final AtomicInteger left = new AtomicInteger();

    /** From now on so many commits are done and look as if they were not. */
    void next(int commits) {
        left.set(commits);
    }

    DataSource of(DataSource database) {
        return over(DataSource.class, (proxy, method, arguments) -> {
            Object result = invoke(() -> method.invoke(database, arguments));
            return result instanceof Connection connection ? of(connection) : result;
        });
    }

    private Connection of(Connection connection) {
        return over(Connection.class, (proxy, method, arguments) -> {
            Object result = invoke(() -> method.invoke(connection, arguments));
            if (method.getName().equals("commit") && left.getAndUpdate(one -> Math.max(0, one - 1)) > 0) {
                throw new SQLException("the connection was lost", "08S01");
            }
            return result;
        });
    }

    private static Object invoke(Call call) throws Throwable {
        try {
            return call.make();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T over(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(LostAnswers.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    @FunctionalInterface
    private interface Call {
        Object make() throws ReflectiveOperationException;
    }
}
