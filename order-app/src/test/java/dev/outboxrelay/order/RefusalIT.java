package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.order.Api.Answer;
import dev.outboxrelay.order.Database.Rows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalIT {
    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension("--order-app.body-timeout=300ms");

    private static final String LAST_REQUEST = "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

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
    void a_body_that_ends_early_is_400_and_no_incident() throws IOException {
        try (Socket socket = begun("/v1/orders", TestTokens.ALICE)) {
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json");
        }
    }

    /** A thread waits for each: without a limit, so many of them would be the end of the app, and they need no token. */
    @ParameterizedTest
    @CsvSource({"t0ken-of-alice, /v1/orders, 408", "unknown, /v1/orders, 401", "'', /livez, 405"})
    void a_body_that_comes_byte_by_byte_ends_with_its_connection_and_not_with_its_last_byte(
            String token, String path, int status) throws IOException {
        try (Socket socket = begun(path, token)) {
            assertThat(answerToDrops(socket)).startsWith("HTTP/1.1 " + status);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "t0ken-of-alice, /v1/orders, '1;a=', 400",
        "t0ken-of-alice, /v1/orders, '0|X: ', 400",
        "'', /livez, '1;a=', 405",
        "'', /livez, '0|X: ', 405"
    })
    void what_may_stand_beside_the_chunks_of_a_body_does_not_draw_it_out(
            String token, String path, String chunk, int status) throws IOException {
        try (Socket socket = begun(path, token, "Transfer-Encoding: chunked\r\n\r\n" + chunk.replace("|", "\r\n"))) {
            assertThat(answerToDrops(socket)).startsWith("HTTP/1.1 " + status);
        }
    }

    @Test
    void a_connection_goes_on_after_a_body_in_chunks() throws IOException {
        String chunks = "Transfer-Encoding: chunked\r\n\r\n1\r\n[\r\n1\r\n]\r\n0\r\n\r\n";
        try (Socket socket = begun("/v1/orders", "unknown", chunks)) {
            socket.getOutputStream().write(LAST_REQUEST.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 401")
                    .contains("HTTP/1.1 200");
        }
    }

    /** Not by {@code server.tomcat.connection-timeout}, which is longer than the client is patient here. */
    @Test
    void a_body_of_which_nothing_comes_is_408_after_its_time() throws IOException {
        try (Socket socket = begun("/v1/orders", TestTokens.ALICE)) {
            socket.setSoTimeout(9_000);

            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void a_connection_goes_on_after_a_refusal_that_did_not_need_the_body() throws IOException {
        try (Socket socket = begun("/v1/orders", "unknown")) {
            socket.getOutputStream().write(" ".repeat(59_999).getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(LAST_REQUEST.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 401")
                    .contains("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/[", "/v1/orders/[]"})
    void a_path_that_is_no_uri_is_400_and_makes_no_noise(String path) throws IOException {
        try (LogWatch log = new LogWatch();
                Socket socket = begun(path, TestTokens.ALICE)) {
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json");
            assertThat(log.lines()).isEmpty();
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

    /** A request whose body has begun, and has 59,999 bytes more. */
    private static Socket begun(String path, String token) throws IOException {
        return begun(path, token, "Content-Length: 60000\r\n\r\n{");
    }

    private static Socket begun(String path, String token, String body) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), app.api().port());
        socket.getOutputStream()
                .write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n")
                                + body)
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** Sends a byte whenever there has been nothing to read for a moment, until the other side has had enough. */
    private static String answerToDrops(Socket socket) throws IOException {
        StringBuilder answer = new StringBuilder();
        socket.setSoTimeout(20);
        int drops = 0;
        while (drops < 500) {
            try {
                int read = socket.getInputStream().read();
                if (read < 0) {
                    return answer.toString();
                }
                answer.append((char) read);
            } catch (SocketTimeoutException nothing) {
                socket.getOutputStream().write(' ');
                drops++;
            } catch (SocketException closed) {
                return answer.toString();
            }
        }
        throw new AssertionError(
                "The connection goes on after " + drops + " bytes, one by one; until now it said: " + answer);
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
