package dev.outboxrelay.order;

import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.core.convert.ConversionException;

@SpringBootApplication
@ConfigurationPropertiesScan
class OrderApp {
    public static void main(String[] args) {
        OptionalInt answered = new CommandLine(System.out, System.err).answer(args);
        if (answered.isPresent()) {
            System.exit(answered.getAsInt());
        }
        try {
            application().run(args);
        } catch (RuntimeException e) {
            if (isMisconfigured(e)) {
                System.exit(2);
            }
            throw e;
        }
    }

    /** A name or a value that does not fit its setting, wherever that stands. Boot has said which, and would end with 1. */
    private static boolean isMisconfigured(Throwable e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause -> cause instanceof BindException || cause instanceof ConversionException);
    }

    static SpringApplication application() {
        SpringApplication application = new SpringApplication(OrderApp.class);
        application.addListeners(new ConfigurationCheck());
        return application;
    }
}
