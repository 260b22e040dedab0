package dev.outboxrelay.mail.letter;

import dev.outboxrelay.mail.Incoming;
import dev.outboxrelay.mail.Letter;
import dev.outboxrelay.mail.LetterWriter;
import dev.outboxrelay.mail.ParkReason;
import java.io.Writer;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.support.ResourceBundleMessageSource;
import org.springframework.expression.spel.support.StandardEvaluationContext;
import org.thymeleaf.context.Context;
import org.thymeleaf.exceptions.TemplateEngineException;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.spring6.expression.ThymeleafEvaluationContext;
import org.thymeleaf.spring6.expression.ThymeleafEvaluationContextWrapper;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;
import org.thymeleaf.util.FastStringWriter;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes mails with Thymeleaf: {@code mail/<type>.html} and {@code .txt}, the words in {@code mail/messages_<language>}. */
public final class ThymeleafLetters implements LetterWriter {
    private static final Logger log = LoggerFactory.getLogger(ThymeleafLetters.class);

    private static final int USUAL_LENGTH = 4_096;

    /** Thymeleaf looks for it here, and otherwise makes one for each expression. */
    private static final String EVALUATION =
            ThymeleafEvaluationContext.THYMELEAF_EVALUATION_CONTEXT_CONTEXT_VARIABLE_NAME;

    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final ResourceBundleMessageSource words = new ResourceBundleMessageSource();
    private final SpringTemplateEngine engine = new SpringTemplateEngine();

    public ThymeleafLetters() {
        words.setBasename("mail/messages");
        words.setDefaultEncoding("UTF-8");
        words.setFallbackToSystemLocale(false);
        words.setAlwaysUseMessageFormat(true);
        engine.setEnableSpringELCompiler(true);
        engine.setTemplateEngineMessageSource(words);
        engine.addTemplateResolver(resolver(".html", TemplateMode.HTML));
        engine.addTemplateResolver(resolver(".txt", TemplateMode.TEXT));
    }

    private static ClassLoaderTemplateResolver resolver(String suffix, TemplateMode mode) {
        ClassLoaderTemplateResolver resolver = new ClassLoaderTemplateResolver();
        resolver.setResolvablePatterns(Set.of("*" + suffix));
        resolver.setPrefix("mail/");
        resolver.setTemplateMode(mode);
        resolver.setCharacterEncoding("UTF-8");
        return resolver;
    }

    @Override
    public Written write(Incoming message) {
        Optional<OrderEventType> type = OrderEventType.of(message.type());
        if (type.isEmpty()) {
            return unreadable(ParkReason.UNKNOWN_TYPE, "no mail is known for type " + message.type());
        }
        if (isBlank(message.body())) {
            return unreadable(ParkReason.NOT_JSON, "the body is empty");
        }
        OrderEvent event;
        try {
            event = json.readValue(message.body(), OrderEvent.class);
        } catch (StreamReadException e) {
            return unreadable(ParkReason.NOT_JSON, e.getOriginalMessage());
        } catch (JacksonException e) {
            return unreadable(ParkReason.WRONG_SCHEMA, e.getOriginalMessage());
        }
        if (event == null) {
            return unreadable(ParkReason.WRONG_SCHEMA, "the body is null");
        }
        Optional<String> problem = event.problem(type.get());
        if (problem.isPresent()) {
            return unreadable(ParkReason.WRONG_SCHEMA, problem.get());
        }
        if (event.email() == null || event.email().isBlank()) {
            return unreadable(ParkReason.NO_RECIPIENT, "email is missing");
        }
        try {
            return new Written.Ready(letter(Objects.requireNonNull(message.messageId()), type.get(), event));
        } catch (TemplateEngineException e) {
            log.error("The template of {} cannot be used for message {}", type.get(), message.messageId(), e);
            return unreadable(ParkReason.ERROR, "the template failed: " + e.getMessage());
        }
    }

    private Letter letter(String eventId, OrderEventType type, OrderEvent event) {
        Locale locale = locale(event.locale());
        String orderId = Objects.requireNonNull(event.orderId());
        Context context = new Context(locale, model(event, locale));
        context.setVariable(EVALUATION, new ThymeleafEvaluationContextWrapper(new StandardEvaluationContext()));
        return new Letter(
                eventId,
                Objects.requireNonNull(event.email()),
                words.getMessage(type.name() + ".subject", new Object[] {orderId}, locale),
                rendered(type.name() + ".txt", context),
                rendered(type.name() + ".html", context),
                occurredAt(event),
                Map.of("X-Order-Id", orderId, "X-Event-Id", eventId));
    }

    private String rendered(String template, Context context) {
        Writer out = new FastStringWriter(USUAL_LENGTH);
        engine.process(template, context, out);
        return out.toString();
    }

    private static Optional<Instant> occurredAt(OrderEvent event) {
        try {
            // Instant.parse makes a formatter each time.
            return Optional.ofNullable(event.occurredAt())
                    .map(text -> DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // only latencies are taken from it
        }
    }

    private static Map<String, Object> model(OrderEvent event, Locale locale) {
        Money money = new Money(Currency.getInstance(Objects.requireNonNull(event.currency())), locale);
        List<Map<String, Object>> lines = Objects.requireNonNull(event.lines()).stream()
                .map(Objects::requireNonNull)
                .map(line -> Map.<String, Object>of(
                        "name", Objects.requireNonNull(line.name()),
                        "quantity", Objects.requireNonNull(line.quantity()),
                        "price", money.format(Objects.requireNonNull(line.unitPriceMinor())),
                        "total", money.format(Objects.requireNonNull(line.lineTotalMinor()))))
                .toList();
        return Map.of(
                "orderId", Objects.requireNonNull(event.orderId()),
                "customer", Objects.requireNonNull(event.customer()),
                "lines", lines,
                "total", money.format(Objects.requireNonNull(event.totalMinor())),
                "carrier", orEmpty(event.carrier()),
                "tracking", orEmpty(event.tracking()),
                "reason", orEmpty(event.reason()));
    }

    private static boolean isBlank(byte[] body) {
        for (byte one : body) {
            if (one > ' ' || one < 0) {
                return false;
            }
        }
        return true;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /**
     * Chinese where the order says so, English everywhere else; the region decides how money is written. Whatever else the tag
     * says is left out, so that what is kept for each locale is not without bound.
     */
    private static Locale locale(@Nullable String tag) {
        Locale locale = tag == null ? Locale.ENGLISH : Locale.forLanguageTag(tag.replace('_', '-'));
        if (locale.getLanguage().equals("zh")) {
            return locale.getCountry().isEmpty() ? Locale.SIMPLIFIED_CHINESE : new Locale("zh", locale.getCountry());
        }
        return locale.getLanguage().equals("en") ? new Locale("en", locale.getCountry()) : Locale.ENGLISH;
    }

    private static Written unreadable(ParkReason reason, String detail) {
        return new Written.Unreadable(reason, detail);
    }
}
