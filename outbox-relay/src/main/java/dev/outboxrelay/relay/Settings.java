package dev.outboxrelay.relay;

import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/** All of a relay's configuration, checked: {@code relay.*}, {@code spring.datasource.*}, {@code spring.rabbitmq.*}. */
public record Settings(RelayConfig relay, MySqlSettings mysql, BrokerSettings broker, Supplier<SSLContext> brokerTls) {

    /** The configuration can't work; the message lists everything that is wrong with it. */
    public static final class InvalidException extends RuntimeException implements ExitCodeGenerator {
        private static final long serialVersionUID = 1L;
        private static final int USAGE = 2;

        InvalidException(List<String> problems) {
            super("The configuration is not usable:" + System.lineSeparator() + "  - "
                    + String.join(System.lineSeparator() + "  - ", problems));
        }

        @Override
        public int getExitCode() {
            return USAGE;
        }
    }

    /**
     * Reads and checks the configuration.
     *
     * @throws InvalidException with every problem at once, no secret among them
     */
    public static Settings of(Environment environment) {
        Binder binder = Binder.get(environment);
        List<String> problems = new ArrayList<>();
        // A mistyped relay.* would else be a setting that silently does nothing.
        BindHandler noTypos = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter());
        RelayConfig relay = bind(binder, "relay", RelayConfig.class, noTypos, problems);
        BrokerSettings broker = bind(binder, "spring.rabbitmq", BrokerSettings.class, BindHandler.DEFAULT, problems);
        MySqlSettings mysql = mysql(environment, problems);
        if (relay != null) {
            problems.addAll(relay.problems());
        }
        Supplier<SSLContext> tls = broker == null ? null : checkBroker(broker, binder, problems);
        if (relay == null || broker == null || mysql == null || tls == null || !problems.isEmpty()) {
            throw new InvalidException(problems);
        }
        return new Settings(relay, mysql, broker, tls);
    }

    private static <T> @Nullable T bind(
            Binder binder, String prefix, Class<T> type, BindHandler handler, List<String> problems) {
        try {
            return binder.bindOrCreate(prefix, Bindable.of(type), handler);
        } catch (BindException e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            problems.add("%s: %s".formatted(e.getName(), root.getMessage()));
            return null;
        }
    }

    private static @Nullable MySqlSettings mysql(Environment environment, List<String> problems) {
        String url = environment.getProperty("spring.datasource.url");
        String username = environment.getProperty("spring.datasource.username");
        if (url == null) {
            problems.add("spring.datasource.url: is missing; give jdbc:mysql://host:3306/relay");
        }
        if (username == null) {
            problems.add("spring.datasource.username: is missing");
        }
        if (url == null || username == null) {
            return null;
        }
        MySqlSettings mysql = new MySqlSettings(url, username, environment.getProperty("spring.datasource.password"));
        String problem = mysql.problem();
        if (problem != null) {
            problems.add(problem);
        }
        return mysql;
    }

    private static @Nullable Supplier<SSLContext> checkBroker(
            BrokerSettings broker, Binder binder, List<String> problems) {
        boolean isEncrypted = false;
        try {
            for (BrokerSettings.Address address : broker.all()) {
                isEncrypted |= address.tls();
                if (address.user() == null || address.password() == null) {
                    problems.add(
                            "spring.rabbitmq.username, .password: are missing for %s; give them there or in the address"
                                    .formatted(address));
                }
            }
        } catch (IllegalArgumentException e) {
            problems.add("spring.rabbitmq.addresses: " + withoutUserInfo(String.valueOf(e.getMessage())));
        }
        String bundle = broker.ssl().bundle();
        try {
            // Not now where nothing asks for it: to read the JVM's authorities takes longer than many a command's work.
            if (bundle == null && !isEncrypted) {
                return Settings::ofTheJvm;
            }
            SSLContext context =
                    bundle == null ? ofTheJvm() : bundle(binder, bundle).createSslContext();
            return () -> context;
        } catch (Exception e) {
            problems.add("spring.rabbitmq.ssl.bundle: '%s' can't be used: %s".formatted(bundle, e.getMessage()));
            return null;
        }
    }

    private static SSLContext ofTheJvm() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("The JVM has no usable TLS: " + RootCause.of(e), e);
        }
    }

    private static SslBundle bundle(Binder binder, String name) {
        return binder.bind("spring.ssl.bundle.pem." + name, PemSslBundleProperties.class)
                .map(PropertiesSslBundle::get)
                .orElseGet(() -> binder.bind("spring.ssl.bundle.jks." + name, JksSslBundleProperties.class)
                        .map(PropertiesSslBundle::get)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "there is no spring.ssl.bundle.pem.%1$s or spring.ssl.bundle.jks.%1$s"
                                        .formatted(name))));
    }

    private static String withoutUserInfo(String text) {
        return text.replaceAll("//[^@/]*@", "//****@");
    }
}
