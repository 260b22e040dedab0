package dev.outboxrelay.relay.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrantTest {

    @Test
    void a_line_says_what_and_where() {
        Grant grant = Grant.parse("GRANT SELECT (`id`, `type`), INSERT ON `a``b`.`outbox` TO `u`@`%` WITH GRANT OPTION")
                .orElseThrow();
        assertThat(grant.privileges()).containsExactly("GRANT OPTION", "INSERT", "SELECT (`id`, `type`)");
        assertThat(grant.where()).isEqualTo("`a``b`.`outbox`");
        assertThat(Grant.parse("GRANT USAGE ON *.* TO `u`@`%`").orElseThrow().privileges())
                .isEmpty();
    }

    @Test
    void roles_and_routines_grant_nothing_on_tables() {
        assertThat(Grant.parse("GRANT `reader`@`%` TO `u`@`%`")).isEmpty();
        assertThat(Grant.parse("GRANT EXECUTE ON PROCEDURE `a`.`p` TO `u`@`%`")).isEmpty();
    }

    @Test
    void a_wider_grant_covers_a_narrower_need_and_not_the_other_way_round() {
        Grant all = Grant.parse("GRANT ALL PRIVILEGES ON *.* TO `u`@`%`").orElseThrow();
        Grant schema = Grant.parse("GRANT SELECT ON `shop\\_1`.* TO `u`@`%`").orElseThrow();
        Grant table =
                Grant.parse("GRANT SELECT ON `shop_1`.`outbox` TO `u`@`%`").orElseThrow();
        assertThat(all.covers("REPLICATION SLAVE", "*", "*")).isTrue();
        assertThat(all.covers("SELECT", "shop_1", "outbox")).isTrue();
        assertThat(schema.covers("SELECT", "shop_1", "outbox")).isTrue();
        assertThat(schema.covers("SELECT", "shopX1", "outbox")).isFalse();
        assertThat(schema.covers("SELECT", "*", "*")).isFalse();
        assertThat(table.covers("SELECT", "shop_1", "*")).isFalse();
        assertThat(table.covers("DELETE", "shop_1", "outbox")).isFalse();
    }

    @Test
    void an_underscore_without_its_escape_is_any_character() {
        Grant schema = Grant.parse("GRANT SELECT ON `shop_1`.* TO `u`@`%`").orElseThrow();
        assertThat(schema.covers("SELECT", "shopX1", "outbox")).isTrue();
    }
}
