package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalIT {
    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension();

    private Rows before = new Rows(0, 0, 0);

    @BeforeEach
    void count() {
        before = app.database().rows();
    }

    @AfterEach
    void nothing_was_written() {
        assertThat(app.database().rows()).isEqualTo(before);
    }

    @Test
    void all_that_is_wrong_is_told_at_once_with_a_pointer_to_each() {
        Answer answer = app.api().post("/v1/orders", """
                        {"customer":"a\\r\\nBcc: b@example.com","email":"x","currency":"XXX","a/b~c d":1,
                         "lines":[{"sku":" ","name":7,"quantity":-1,"unitPriceMinor":1.5,"colour":"red"},3]}""");

        refused(answer, 400);
        assertThat(answer.json().get("errors").valueStream().map(error -> error.get("pointer")
                        .stringValue()))
                .containsExactly(
                        "#/customer",
                        "#/email",
                        "#/locale",
                        "#/currency",
                        "#/lines/0/sku",
                        "#/lines/0/name",
                        "#/lines/0/quantity",
                        "#/lines/0/unitPriceMinor",
                        "#/lines/0/colour",
                        "#/lines/1",
                        "#/a~1b~0c%20d");
        assertThat(answer.text()).doesNotContain("Bcc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "1", "\"a\"", "{", "{}}", "{} {}", "{\"a\":1,\"a\":1}", "{\"a\":NaN}"})
    void what_is_no_json_object_is_400(String body) {
        refused(app.api().post("/v1/orders", body), 400);
    }

    @Test
    void what_is_no_utf_8_is_400() {
        byte[] latin1 = Bodies.placeOrder().replace("王小明", "Müller").getBytes(StandardCharsets.ISO_8859_1);
        refused(app.api().postBytes("/v1/orders", latin1), 400);
    }

    @Test
    void what_is_nested_without_end_is_400() {
        refused(app.api().post("/v1/orders", "{\"a\":" + "[".repeat(30_000) + "]".repeat(30_000) + "}"), 400);
    }

    @Test
    void more_than_64_kib_is_413_whether_announced_or_not() {
        byte[] large = (" ".repeat(CommandArgument.MAX_BYTES) + "{}").getBytes(StandardCharsets.UTF_8);

        refused(app.api().postBytes("/v1/orders", large), 413);
        refused(
                app.api()
                        .send(
                                "POST",
                                "/v1/orders",
                                BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large)),
                                "Content-Type",
                                Api.JSON),
                413);
    }

    @Test
    void another_content_type_is_415_another_method_405_and_another_path_404() {
        Api api = app.api();
        refused(api.send("POST", "/v1/orders", BodyPublishers.ofString("a=b"), "Content-Type", "text/plain"), 415);
        refused(api.send("POST", "/v1/orders", BodyPublishers.ofString("{}")), 415);
        refused(api.send("PUT", "/v1/orders", BodyPublishers.ofString("{}"), "Content-Type", Api.JSON), 405);
        refused(api.get("/v1/orders"), 405);
        refused(api.get("/v1/nothing"), 404);
        refused(api.get("/"), 404);
    }

    /** Nothing is done for who could not read the answer, and whatever it wants to read, a refusal is a problem. */
    @Test
    void who_does_not_accept_json_is_406_before_anything_is_done() {
        refused(app.api().post("/v1/orders", Bodies.placeOrder(), "Accept", "text/html"), 406);
        refused(app.api().post("/v1/orders", "{}", "Accept", "application/json"), 400);
        refused(app.api().post("/v1/orders", "{}", "Accept", "application/problem+json, application/json"), 400);
        refused(app.api().withToken("").post("/v1/orders", "{}", "Accept", "text/html"), 401);
    }

    @Test
    void a_body_that_ends_early_is_400_and_no_incident() throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), app.api().port())) {
            socket.getOutputStream()
                    .write(("POST /v1/orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Authorization: Bearer " + TestTokens.ALICE + "\r\nContent-Length: 1000\r\n\r\n{")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json");
        }
    }

    @Test
    void without_a_token_that_is_known_it_is_401_and_without_the_scope_403() {
        Answer nobody = app.api().withToken("").post("/v1/orders", Bodies.placeOrder());
        refused(nobody, 401);
        assertThat(nobody.header("WWW-Authenticate")).startsWith("Bearer");

        refused(app.api().withToken("guessed").post("/v1/orders", Bodies.placeOrder()), 401);
        refused(app.api().withToken(TestTokens.READER).post("/v1/orders", Bodies.placeOrder()), 403);
    }

    private static void refused(Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("status").intValue()).isEqualTo(status);
        assertThat(answer.text()).doesNotContain("Exception", "at dev.", "java.");
    }
}
