package dev.outboxrelay.mail.letter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.LetterWriter.Written;
import dev.outboxrelay.mail.ParkReason;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThymeleafLettersTest {
    private static final String ORDER = """
            {"orderId":"4711","version":1,"customer":"CUSTOMER","email":"a@example.com","locale":"LOCALE","currency":"CURRENCY",
             "totalMinor":123456,"carrier":"SF Express","tracking":"SF123","reason":"out of stock","new":true,
             "lines":[{"sku":"TEA","name":"Tea & <Biscuits>","quantity":2,"unitPriceMinor":61728,"lineTotalMinor":123456}]}""";

    private final ThymeleafLetters letters = new ThymeleafLetters();

    @ParameterizedTest
    @EnumSource
    void every_event_type_has_a_mail_in_english_and_in_chinese(OrderEventType type) {
        Letter english = letter(type.name(), order("Jane O'Neill", "en-GB", "EUR"));
        Letter chinese = letter(type.name(), order("王小明", "zh-CN", "CNY"));

        assertThat(english.subject()).contains("rder 4711");
        assertThat(english.text()).startsWith("Hello Jane O'Neill,").contains("€1,234.56", "Tea & <Biscuits>");
        assertThat(english.html()).contains("Hello Jane O&#39;Neill,", "€1,234.56", "Tea &amp; &lt;Biscuits&gt;");
        assertThat(chinese.subject()).contains("订单", "4711");
        assertThat(chinese.text()).startsWith("王小明，您好：").contains("¥1,234.56");
        assertThat(chinese.html()).contains("王小明，您好：", "¥1,234.56", "lang=\"zh\"");
    }

    @Test
    void a_shipped_order_says_with_whom_and_under_which_number() {
        Letter letter = letter("OrderShipped", order("Jane", "en", "EUR"));

        assertThat(letter.text()).contains("SF Express", "SF123");
        assertThat(letter.html()).contains("SF Express", "SF123");
    }

    @Test
    void a_cancelled_order_says_why() {
        assertThat(letter("OrderCancelled", order("Jane", "en", "EUR")).text()).contains("out of stock");
    }

    @ParameterizedTest
    @CsvSource({
        "en-US,JPY,'¥123,456'",
        "en-US,USD,'$1,234.56'",
        "zh-CN,USD,'US$1,234.56'",
        "en-US-u-nu-thai,USD,'$1,234.56'",
        "fr-FR,EUR,'€1,234.56'"
    })
    void money_has_the_digits_of_its_currency_and_the_looks_of_its_language(
            String locale, String currency, String amount) {
        assertThat(letter("OrderPlaced", order("Jane", locale, currency)).text())
                .contains(amount);
    }

    @Test
    void what_a_customer_wrote_is_text_and_never_a_template() {
        Letter letter = letter("OrderPlaced", order("${7*7} [[${orderId}]] {0} <b>", "en", "EUR"));

        assertThat(letter.text()).contains("Hello ${7*7} [[${orderId}]] {0} <b>,");
        assertThat(letter.html()).contains("Hello ${7*7} [[${orderId}]] {0} &lt;b&gt;,");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "<xml/>", "{\"orderId\":1,}"})
    void what_is_not_json_is_told_as_such(String body) {
        assertThat(unreadable("OrderPlaced", body)).isEqualTo(ParkReason.NOT_JSON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "7", "{}", "{\"orderId\":\"1\"}", "{\"lines\":7}"})
    void json_that_is_not_the_event_is_told_as_such(String body) {
        assertThat(unreadable("OrderPlaced", body)).isEqualTo(ParkReason.WRONG_SCHEMA);
    }

    @Test
    void an_unknown_currency_is_a_wrong_schema() {
        assertThat(unreadable("OrderPlaced", order("Jane", "en", "XQQ"))).isEqualTo(ParkReason.WRONG_SCHEMA);
    }

    @Test
    void an_unknown_type_and_a_missing_address_have_reasons_of_their_own() {
        assertThat(unreadable("OrderEaten", order("Jane", "en", "EUR"))).isEqualTo(ParkReason.UNKNOWN_TYPE);
        assertThat(unreadable("OrderPlaced", order("Jane", "en", "EUR").replace("a@example.com", " ")))
                .isEqualTo(ParkReason.NO_RECIPIENT);
    }

    private Letter letter(String type, String body) {
        return ((Written.Ready) letters.write(message(type, body))).letter();
    }

    private ParkReason unreadable(String type, String body) {
        return ((Written.Unreadable) letters.write(message(type, body))).reason();
    }

    private static String order(String customer, String locale, String currency) {
        return ORDER.replace("CUSTOMER", customer).replace("LOCALE", locale).replace("CURRENCY", currency);
    }

    private static Incoming message(String type, String body) {
        return new Incoming(
                "outbox.events:Order.OrderPlaced:mail.orders.0",
                "mail.orders.0",
                "id-1",
                type,
                null,
                "4711",
                1L,
                0,
                Map.of(),
                body.getBytes(StandardCharsets.UTF_8));
    }
}
