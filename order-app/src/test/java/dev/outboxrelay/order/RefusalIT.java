package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
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
        assertThat(pointers(answer))
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

    @Test
    void of_very_much_that_is_wrong_the_first_hundred_are_told() {
        String line = "{\"sku\":\"\",\"name\":\"\",\"quantity\":0,\"unitPriceMinor\":-1,\"x\":1}";
        Answer answer = app.api().post("/v1/orders", withLines(Collections.nCopies(500, line)));

        refused(answer, 400);
        assertThat(answer.json().get("errors")).hasSize(100);
    }

    @Test
    void more_than_500_lines_are_400_although_each_is_valid() {
        onlyLinesAreWrong(app.api().post("/v1/orders", withLines(Collections.nCopies(501, line(1, 1)))));
    }

    /** Ten of the largest lines would be a negative number in 64 bits, and so would pass. */
    @Test
    void a_sum_that_no_json_reader_keeps_exactly_is_400_however_far_it_is_beyond() {
        onlyLinesAreWrong(
                app.api().post("/v1/orders", withLines(Collections.nCopies(10, line(1_000_000, 1_000_000_000_000L)))));
        onlyLinesAreWrong(app.api()
                .post("/v1/orders", withLines(List.of(line(9007, 1_000_000_000_000L), line(1, 199_254_740_992L)))));
    }

    @Test
    void a_number_of_31_digits_is_told_with_its_place_and_one_of_41_is_no_number() {
        Answer answer = app.api()
                .post("/v1/orders", withLines(List.of(line(1, 1).replace(":1}", ":1" + "0".repeat(30) + "}"))));
        refused(answer, 400);
        assertThat(pointers(answer)).containsExactly("#/lines/0/unitPriceMinor");

        answer = app.api()
                .post("/v1/orders", withLines(List.of(line(1, 1).replace(":1}", ":1" + "0".repeat(40) + "}"))));
        refused(answer, 400);
        assertThat(answer.json().has("errors")).isFalse();
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
        Answer text = api.send("POST", "/v1/orders", BodyPublishers.ofString("a=b"), "Content-Type", "text/plain");
        refused(text, 415);
        assertThat(text.header("Accept")).isEqualTo("application/json");
        assertThat(text.json().get("detail").stringValue()).contains("text/plain");
        refused(api.send("POST", "/v1/orders", BodyPublishers.ofString("a=b"), "Content-Type", "nonsense"), 415);
        refused(api.send("POST", "/v1/orders", BodyPublishers.ofString("{}")), 415);
        refused(api.send("PUT", "/v1/orders", BodyPublishers.ofString("{}"), "Content-Type", Api.JSON), 405);
        Answer got = api.get("/v1/orders");
        refused(got, 405);
        assertThat(got.header("Allow")).isEqualTo("POST");
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
    void a_large_header_a_hostile_path_and_a_mess_are_refused_as_problems() {
        for (Answer answer : List.of(
                app.api().post("/v1/orders", Bodies.placeOrder(), "X-Large", "x".repeat(20_000)),
                app.api().post("/v1/orders;a=b", Bodies.placeOrder()),
                app.api().send("TRACE", "/v1/orders", BodyPublishers.noBody()),
                app.api().get("/error"))) {
            assertThat(answer.status()).as(answer.text()).isBetween(400, 499);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.json().get("status").intValue()).isEqualTo(answer.status());
        }
    }

    @Test
    void a_token_in_the_query_is_none() {
        Api nobody = app.api().withToken("");
        refused(nobody.post("/v1/orders?access_token=" + TestTokens.ALICE, Bodies.placeOrder()), 401);
    }

    @Test
    void without_a_token_that_is_known_it_is_401_and_without_the_scope_403() {
        Answer nobody = app.api().withToken("").post("/v1/orders", Bodies.placeOrder());
        refused(nobody, 401);
        assertThat(nobody.header("WWW-Authenticate")).startsWith("Bearer");

        Answer guessed = app.api().withToken("guessed").post("/v1/orders", Bodies.placeOrder());
        refused(guessed, 401);
        assertThat(guessed.header("WWW-Authenticate")).contains("error=\"invalid_token\"");

        Answer canceller = app.api().withToken(TestTokens.CANCELLER).post("/v1/orders", Bodies.placeOrder());
        refused(canceller, 403);
        assertThat(canceller.header("WWW-Authenticate")).contains("error=\"insufficient_scope\"");
    }

    private static String withLines(List<String> lines) {
        return Bodies.placeOrderTree().put("lines", "@@@").toString().replace("\"@@@\"", lines.toString());
    }

    private static String line(int quantity, long price) {
        return "{\"sku\":\"A\",\"name\":\"b\",\"quantity\":" + quantity + ",\"unitPriceMinor\":" + price + "}";
    }

    private static void onlyLinesAreWrong(Answer answer) {
        refused(answer, 400);
        assertThat(pointers(answer)).containsExactly("#/lines");
    }

    private static List<String> pointers(Answer answer) {
        return answer.json()
                .get("errors")
                .valueStream()
                .map(error -> error.get("pointer").stringValue())
                .toList();
    }

    private static void refused(Answer answer, int status) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().get("status").intValue()).isEqualTo(status);
        assertThat(answer.text()).doesNotContain("Exception", "at dev.", "java.");
    }
}
