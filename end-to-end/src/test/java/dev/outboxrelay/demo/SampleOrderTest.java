package dev.outboxrelay.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleOrderTest {

    @Test
    void every_number_has_an_address_of_its_own_and_the_same_order_each_time() {
        assertThat(IntStream.range(0, 1_000).mapToObj(n -> SampleOrder.number(n).email()))
                .doesNotHaveDuplicates();
        assertThat(SampleOrder.number(7)).isEqualTo(SampleOrder.number(7));
    }

    @Test
    void chinese_customers_get_chinese_mails() {
        assertThat(SampleOrder.number(0).locale()).isEqualTo("zh-CN");
        assertThat(SampleOrder.number(3).locale()).isEqualTo("en-US");
    }
}
