package dev.outboxrelay.order;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.utils.SpringDocUtils;

/** What springdoc can't see in the code: words, headers, and how commands are refused. */
final class OpenApiDescription implements OpenApiCustomizer {
    private static final String PLACE = "place";

    private static final Map<String, String> REFUSALS = new TreeMap<>(Map.ofEntries(
            Map.entry(
                    "400",
                    "Not valid; nothing was done. All that is wrong with the fields is told at once, up to a hundred things; a header, or what is no JSON, alone"),
            Map.entry("401", "No valid token"),
            Map.entry("403", "The token's scopes do not cover the command"),
            Map.entry("406", "Accepts no application/json"),
            Map.entry("408", "The body did not come in time"),
            Map.entry("409", "The order's state does not allow it, or the same command is in progress"),
            Map.entry("413", "More than 64 KiB"),
            Map.entry("415", "Not application/json"),
            Map.entry("422", "The Idempotency-Key was used for another command"),
            Map.entry("500", "Our fault"),
            Map.entry("503", "Not now: try again after Retry-After seconds, with the same Idempotency-Key")));

    static {
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Call.class, IfMatch.class)
                .addResponseTypeToIgnore(Outcome.class);
    }

    @Override
    public void customise(OpenAPI api) {
        api.info(new Info()
                .title("order-app")
                .version("1")
                .description("Places orders, and changes them. Tells nothing else."));
        api.servers(null).tags(null);
        api.getComponents()
                .addSecuritySchemes(
                        "bearer",
                        new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"));
        api.security(List.of(new SecurityRequirement().addList("bearer")));
        api.getComponents().getSchemas().remove("ProblemDetail");
        add(api, OrderAnswer.class);
        add(api, Problem.class);
        api.getComponents().getSchemas().forEach(OpenApiDescription::close);
        api.getPaths().values().forEach(path -> describe(path.getPost()));
    }

    private static void describe(Operation operation) {
        String id = operation.getOperationId();
        operation.tags(null).responses(responses(id.equals(PLACE)));
        if (operation.getRequestBody() != null) {
            MediaType body =
                    operation.getRequestBody().getContent().values().iterator().next();
            operation
                    .getRequestBody()
                    .required(!id.equals("pay"))
                    .content(new Content().addMediaType("application/json", body));
        }
        operation.addParametersItem(
                header(
                        "Idempotency-Key",
                        "Any string of 1 to 255 characters, quoted or bare. A command with a key is carried out once, however often it is sent. A key is known for 24 hours at least, unless the operator has set another time. The operator may have made it required"));
        if (!id.equals(PLACE)) {
            operation.addParametersItem(header("If-Match", "The version, in quotes, that the order must have"));
        }
    }

    private static Parameter header(String name, String description) {
        return new Parameter()
                .in("header")
                .name(name)
                .required(false)
                .description(description)
                .schema(text());
    }

    private static ApiResponses responses(boolean placed) {
        ApiResponses responses = new ApiResponses();
        ApiResponse done = new ApiResponse()
                .description("Done, now or earlier under the same Idempotency-Key")
                .addHeaderObject("ETag", textHeader("The order's version, for If-Match"))
                .addHeaderObject("Idempotent-Replayed", textHeader("true where it was earlier"))
                .content(json("application/json", "OrderAnswer"));
        if (placed) {
            done.addHeaderObject("Location", textHeader("Where the order's commands are"));
        }
        responses.addApiResponse(placed ? "201" : "200", done);
        REFUSALS.forEach((status, description) -> responses.addApiResponse(status, refusal(description)));
        require(responses, "401")
                .addHeaderObject("WWW-Authenticate", textHeader("RFC 6750: why the token is not accepted"));
        require(responses, "403").addHeaderObject("WWW-Authenticate", textHeader("RFC 6750: insufficient_scope"));
        require(responses, "409").addHeaderObject("Retry-After", textHeader("Seconds, where it is in progress"));
        require(responses, "503").addHeaderObject("Retry-After", textHeader("Seconds"));
        if (!placed) {
            responses.addApiResponse("404", refusal("No such order of the caller's"));
            responses.addApiResponse("412", refusal("The order has another version than If-Match asks for"));
        }
        return responses;
    }

    private static ApiResponse require(ApiResponses responses, String status) {
        return Objects.requireNonNull(responses.get(status));
    }

    private static ApiResponse refusal(String description) {
        return new ApiResponse().description(description).content(json("application/problem+json", "Problem"));
    }

    private static Header textHeader(String description) {
        return new Header().description(description).schema(text());
    }

    private static Schema<Object> text() {
        Schema<Object> schema = new Schema<>();
        schema.setTypes(Set.of("string"));
        return schema;
    }

    private static Content json(String type, String schema) {
        return new Content()
                .addMediaType(type, new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + schema)));
    }

    private static void add(OpenAPI api, Class<?> type) {
        ModelConverters.getInstance(true).readAll(new AnnotatedType(type)).forEach(api.getComponents()::addSchemas);
    }

    /** Every field is required, and there are no others, but for problems. */
    private static void close(String name, Schema<?> schema) {
        schema.setTypes(Set.of("object"));
        if (!name.equals("Problem")) {
            schema.additionalProperties(false);
            if (schema.getProperties() != null) {
                schema.required(List.copyOf(schema.getProperties().keySet()));
            }
        }
    }

    /** RFC 9457, with what we add to it. */
    record Problem(String title, int status, String detail, String instance, List<Violation> errors, UUID incident) {
        record Violation(String pointer, String detail) {}
    }
}
