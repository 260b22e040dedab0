package dev.outboxrelay.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** What other tests produce is checked as well, when their app ends. */
class EventsIT {
    @RegisterExtension
    static final OrderAppExtension app = new OrderAppExtension();

    private final EventContract contract = new EventContract();

    @Test
    void every_type_of_event_in_the_document_is_produced_as_the_document_says() {
        String shipped = "/v1/orders/" + place();
        app.api().post(shipped + "/payment", "");
        app.api().post(shipped + "/shipment", "{\"carrier\":\"DHL\",\"tracking\":\"00340434161094042557\"}");
        app.api().post("/v1/orders/" + place() + "/cancellation", "{\"reason\":\"<script>alert('x')</script>\"}");

        List<Map<String, Object>> events = app.database().events();
        Set<String> types = events.stream().map(row -> (String) row.get("type")).collect(Collectors.toSet());
        assertThat(types).isEqualTo(contract.types());
        assertThat(events).allSatisfy(contract::check);
    }

    @Test
    void the_example_in_the_documentation_is_such_an_event() throws IOException {
        String text = Files.readString(Path.of("../docs/events.md"));
        int start = text.indexOf("```json") + "```json".length();
        String example = text.substring(start, text.indexOf("```", start));
        place();
        Map<String, Object> event = new HashMap<>(app.database().events().get(0));
        event.put("payload", example);
        event.put(
                "aggregateid",
                JsonMapper.shared().readTree(example).get("orderId").stringValue());

        contract.check(event);
    }

    @Test
    void an_event_with_a_field_too_many_or_too_few_would_be_found() {
        place();
        Map<String, Object> event = new HashMap<>(app.database().events().get(0));
        String payload = String.valueOf(event.get("payload"));

        event.put("payload", payload.replace("\"locale\"", "\"language\""));
        assertThatThrownBy(() -> contract.check(event)).isInstanceOf(AssertionError.class);
        event.put("payload", "{\"more\":1," + payload.substring(1));
        assertThatThrownBy(() -> contract.check(event)).isInstanceOf(AssertionError.class);
    }

    private static String place() {
        return app.api()
                .post("/v1/orders", Bodies.placeOrder())
                .json()
                .get("id")
                .stringValue();
    }
}
