package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

class OpenApiIT {
    private static final long SEED = 20260102;
    private static final int ROUNDS = 2_000;

    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension(
                    "--springdoc.api-docs.enabled=true", "--springdoc.paths-to-match=/v1/**")
            .with(OpenApiDescription.class);

    private final Contract contract = Contract.openApi();

    @Test
    void the_file_says_what_the_running_app_says_of_itself() throws IOException {
        JsonNode generated = app.api().get("/v3/api-docs").json();
        JsonMapper pretty =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Files.writeString(Path.of("target/openapi.json"), pretty.writeValueAsString(generated) + "\n");

        assertThat(contract.document())
                .as("docs/openapi.json is old: copy order-app/target/openapi.json over it")
                .isEqualTo(generated);
    }

    @Test
    void the_app_serves_the_file_to_anybody() {
        assertThat(app.api().withToken("").get("/openapi.json").json()).isEqualTo(contract.document());
    }

    @Test
    void every_answer_to_a_client_that_follows_the_file_is_one_that_the_file_knows() {
        String id = call("/v1/orders", Bodies.placeOrder()).json().get("id").stringValue();
        call("/v1/orders/{id}/payment", "", id);
        call("/v1/orders/{id}/payment", "", id);
        call("/v1/orders/{id}/shipment", "{\"carrier\":\"c\",\"tracking\":\"t\"}", id);
        call("/v1/orders/{id}/cancellation", "{\"reason\":\"r\"}", id);
        call(
                "/v1/orders/{id}/cancellation",
                "{\"reason\":\"r\"}",
                UUID.randomUUID().toString());
        call("/v1/orders/{id}/payment", "", id, "If-Match", "\"1\"");
        call("/v1/orders", "{}");
        call("/v1/orders", " ".repeat(70_000));
        Answer nobody = app.api().withToken("").post("/v1/orders", Bodies.placeOrder());
        check("/v1/orders", nobody);
        Answer canceller = app.api().withToken(TestTokens.CANCELLER).post("/v1/orders", Bodies.placeOrder());
        check("/v1/orders", canceller);
    }

    /** A black box: all it knows is the file. */
    @Test
    void two_thousand_requests_made_by_the_schemas_find_no_5xx_and_no_answer_that_the_file_does_not_know() {
        SchemaFuzzer fuzzer = new SchemaFuzzer(contract, SEED);
        List<String> paths = new ArrayList<>(contract.at("/paths").propertyNames());
        List<String> ids = new ArrayList<>(List.of(UUID.randomUUID().toString()));
        Rows before = app.database().rows();
        Set<Integer> seen = new TreeSet<>();
        long done = 0;

        for (int round = 0; round < ROUNDS; round++) {
            String path = fuzzer.oneIn(2) ? "/v1/orders" : paths.get(round % paths.size());
            JsonNode schema = contract.at(pointer(path)).at("/requestBody/content/application~1json/schema");
            JsonNode body = fuzzer.value(schema);
            Answer answer = call(path, body.toString(), ids.get(round % ids.size()), headers(fuzzer, round));
            seen.add(answer.status());
            if (answer.status() < 300) {
                done += answer.header("Idempotent-Replayed").isEmpty() ? 1 : 0;
                ids.add(answer.json().get("id").stringValue());
                assertThat(contract.problems(schema.get("$ref").stringValue().substring(1), body))
                        .as("%s was taken", body)
                        .isEmpty();
            }
        }

        assertThat(seen).contains(200, 201, 400, 404, 409, 412, 422).allMatch(status -> status < 500);
        assertThat(app.database().rows().events()).isEqualTo(before.events() + done);
    }

    private static String[] headers(SchemaFuzzer fuzzer, int round) {
        List<String> headers = new ArrayList<>();
        if (fuzzer.oneIn(3)) {
            headers.addAll(List.of("Idempotency-Key", fuzzer.oneIn(3) ? "one-for-all" : "k" + round));
        }
        if (fuzzer.oneIn(5)) {
            headers.addAll(List.of("If-Match", fuzzer.oneIn(2) ? "\"1\"" : "\"2\""));
        }
        return headers.toArray(String[]::new);
    }

    private Answer call(String path, String body) {
        return call(path, body, "");
    }

    private Answer call(String path, String body, String id, String... headers) {
        Answer answer = app.api().post(path.replace("{id}", id), body, headers);
        check(path, answer);
        return answer;
    }

    private void check(String path, Answer answer) {
        String status = pointer(path) + "/responses/" + answer.status();
        JsonNode content = contract.at(status + "/content");
        assertThat(content.isMissingNode())
                .as("%s is not in the file: %s", status, answer.text())
                .isFalse();
        assertThat(content.propertyNames()).containsExactly(answer.header("Content-Type"));
        String schema = content.at("/" + answer.header("Content-Type").replace("/", "~1") + "/schema/$ref")
                .stringValue();
        assertThat(contract.problems(schema.substring(1), answer.json()))
                .as(answer.text())
                .isEmpty();
    }

    private static String pointer(String path) {
        return "/paths/" + path.replace("/", "~1") + "/post";
    }
}
