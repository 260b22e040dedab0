package dev.outboxrelay.order;

import java.util.OptionalInt;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

@SpringBootApplication
@ConfigurationPropertiesScan
class OrderApp {
    public static void main(String[] args) {
        OptionalInt answered = new CommandLine(System.out, System.err).answer(args);
        if (answered.isPresent()) {
            System.exit(answered.getAsInt());
        }
        application().run(args);
    }

    static SpringApplication application() {
        SpringApplication application = new SpringApplication(OrderApp.class);
        application.addListeners(new ConfigurationCheck());
        return application;
    }
}
