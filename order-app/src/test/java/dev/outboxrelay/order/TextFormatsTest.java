package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormatsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "王小明",
                "O'Neil",
                "Ümit Özdağ",
                "👩‍👩‍👧 Familie",
                "עברית",
                "می‌خواهم",
                "a",
                "a <b> & \"c\"",
                "😀"
            })
    void names_of_all_the_world_pass(String name) {
        assertThat(TextFormats.line(200).problem(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u3000",
                "a\nb",
                "a\rb",
                "a\tb",
                "a\u0000",
                "\u202egnp.exe",
                "a\u2028b",
                "\ud800",
                "a\udc00"
            })
    void what_would_break_a_line_or_deceive_a_reader_does_not(String name) {
        assertThat(TextFormats.line(200).problem(name)).isNotNull();
    }

    @Test
    void length_is_counted_in_characters_as_people_do() {
        assertThat(TextFormats.line(200).problem("😀".repeat(200))).isNull();
        assertThat(TextFormats.line(200).problem("😀".repeat(201))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@example.com",
                "first.last+tag@sub.example.co.uk",
                "o'neil@example.com",
                "a@xn--bcher-kva.example"
            })
    void usual_addresses_pass(String address) {
        assertThat(TextFormats.EMAIL.problem(address)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b",
                "a@b.de\r\nBcc: c@d.de",
                "a@b.de, c@d.de",
                ".a@b.de",
                "a.@b.de",
                "a..b@c.de",
                "a@b.de.",
                "<a@b.de>"
            })
    void what_a_mail_header_could_be_broken_with_does_not(String address) {
        assertThat(TextFormats.EMAIL.problem(address)).isNotNull();
    }

    @Test
    void an_address_of_hostile_length_is_refused_at_once() {
        assertThat(TextFormats.EMAIL.problem("a.".repeat(30_000) + "@")).isNotNull();
        assertThat(TextFormats.EMAIL.problem("a@" + "a-".repeat(30_000))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh-CN", "de", "sr-Latn-RS", "en-US-u-ca-gregory"})
    void language_tags_pass(String locale) {
        assertThat(TextFormats.LOCALE.problem(locale)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"EUR", "CNY", "JPY", "KWD"})
    void currencies_with_a_smallest_unit_pass(String currency) {
        assertThat(TextFormats.CURRENCY.problem(currency)).isNull();
    }
}
