package dev.outboxrelay.relay;

import com.rabbitmq.client.BuiltinExchangeType;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A set-up in which {@code doctor} finds everything well, to be broken in one place after the other. */
final class DoctorSetUp {

    private static final int UNHEALTHY = 4;

    final SoftAssertions softly = new SoftAssertions();
    private final Stage stage;
    private final Cli cli;

    DoctorSetUp(Stage stage, Cli cli) throws Exception {
        this.stage = stage;
        this.cli = cli;
        restartBinlog(stage);
        makeQueues(stage);
        stage.properties.put("relay.broker-management.url", "http://127.0.0.1:" + stage.rabbit.managementPort());
        stage.insert("order-1", 1);
    }

    /** Other tests purge; the doctor would see it. */
    static void restartBinlog(Stage stage) {
        stage.sql(resetBinlog(stage.sql("SELECT VERSION()").query(String.class).single()))
                .update();
    }

    /** As that version calls it: 8.4 knows the old name no more, and 8.0 not the new one. */
    static String resetBinlog(String version) {
        return version.startsWith("8.0") ? "RESET MASTER" : "RESET BINARY LOGS AND GTIDS";
    }

    /** A consumer's queue that keeps everything, also what is rejected. */
    static void makeQueues(Stage stage) throws Exception {
        stage.channel.queueDelete(Stage.QUEUE);
        stage.channel.exchangeDeclare("mail.dead", BuiltinExchangeType.FANOUT, true);
        stage.channel.queueDeclare("mail.parked", true, false, false, Map.of("x-queue-type", "quorum"));
        stage.channel.queueBind("mail.parked", "mail.dead", "");
        declare(
                stage,
                "mail.orders",
                "quorum",
                Map.of("x-dead-letter-strategy", "at-least-once", "x-overflow", "reject-publish"));
    }

    static void declare(Stage stage, String queue, String type, Map<String, Object> more) throws Exception {
        Map<String, Object> arguments = new HashMap<>(more);
        arguments.put("x-queue-type", type);
        arguments.putIfAbsent("x-dead-letter-exchange", "mail.dead");
        stage.channel.queueDeclare(queue, true, false, false, arguments);
        stage.channel.queueBind(queue, "outbox.events", "Order.*");
    }

    /** Runs the doctor; the check is to end like that, and the command with the exit code that follows from all of them. */
    JsonNode broken(String check, String result, String evidence, @Nullable String fix, String... properties) {
        Cli.Result shown = cli.run(Stream.concat(Stream.of("doctor", "--json"), Stream.of(properties))
                .toArray(String[]::new));
        JsonNode json = shown.json();
        boolean failed = json.path("checks")
                .valueStream()
                .anyMatch(each -> each.path("result").asString().equals("failed"));
        softly.assertThat(shown.code()).as(check).isEqualTo(failed ? UNHEALTHY : 0);
        softly.assertThat(shown.out()).doesNotContain("relay-pw", stage.rabbit.password());
        expect(json, check, result, evidence, fix);
        return json;
    }

    void expect(JsonNode json, String check, String result, String evidence, @Nullable String fix) {
        JsonNode found = check(json, check);
        softly.assertThat(found.path("result").asString())
                .as("%s: %s", check, found)
                .isEqualTo(result);
        softly.assertThat(found.path("evidence").asString()).as(check).contains(evidence);
        if (fix == null) {
            softly.assertThat(found.path("fix").isNull()).as(check).isTrue();
        } else {
            softly.assertThat(found.path("fix").asString()).as(check).contains(fix);
        }
    }

    static JsonNode check(JsonNode json, String name) {
        return json.path("checks")
                .valueStream()
                .filter(check -> name.equals(check.path("stage").asString() + " "
                        + check.path("check").asString()))
                .findFirst()
                .orElseThrow();
    }

    void global(String variable, String wrong, String right, Runnable look) {
        stage.sql("SET GLOBAL %s = '%s'".formatted(variable, wrong).replaceAll("'(\\d+)'", "$1"))
                .update();
        try {
            look.run();
        } finally {
            stage.sql("SET GLOBAL %s = '%s'".formatted(variable, right).replaceAll("'(\\d+)'", "$1"))
                    .update();
        }
    }

    void broker(String addresses) {
        stage.properties.put("spring.rabbitmq.addresses", addresses);
    }
}
