package dev.outboxrelay.mail.settings;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** The settings as the worker itself would find them, without starting a Spring application. */
public final class CommandEnvironment {
    private CommandEnvironment() {}

    /** From files, environment, system properties, and these, which come first. */
    public static ConfigurableEnvironment load(Map<String, String> arguments) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("arguments", new HashMap<>(arguments)));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return environment;
    }

    /** The TLS context of a bundle in {@code spring.ssl.bundle}. */
    public static SSLContext tls(ConfigurableEnvironment environment, String name) {
        SslProperties.Bundles bundles = Binder.get(environment)
                .bindOrCreate("spring.ssl", SslProperties.class)
                .getBundle();
        PemSslBundleProperties pem = bundles.getPem().get(name);
        if (pem != null) {
            return PropertiesSslBundle.get(pem).createSslContext();
        }
        JksSslBundleProperties jks = bundles.getJks().get(name);
        if (jks != null) {
            return PropertiesSslBundle.get(jks).createSslContext();
        }
        throw new InvalidSettingsException(List.of("spring.ssl.bundle has no bundle " + name));
    }
}
