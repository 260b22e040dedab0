package dev.outboxrelay.order.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenAuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import tools.jackson.databind.json.JsonMapper;

/** What stands between the socket and the commands. */
public final class ApiSecurity {
    /** One for each command, and one for all of them. */
    public static final List<String> SCOPES =
            List.of("orders:place", "orders:pay", "orders:ship", "orders:cancel", "orders:write");

    static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final BearerTokenAuthenticationEntryPoint entryPoint = new BearerTokenAuthenticationEntryPoint();
    private final JsonMapper json;
    private final Consumer<Throwable> unavailable;

    /** @param unavailable is told each time that a token can't be checked, which may be very often */
    public ApiSecurity(JsonMapper json, Consumer<Throwable> unavailable) {
        this.json = json;
        this.unavailable = unavailable;
    }

    /** Lets everybody do everything. */
    public SecurityFilterChain open(HttpSecurity http) {
        return stateless(http)
                .authorizeHttpRequests(all -> all.anyRequest().permitAll())
                .build();
    }

    /** Lets in who brings a bearer token, to the commands that its scopes name; health tells anybody. */
    public SecurityFilterChain byToken(HttpSecurity http, BearerTokens tokens) {
        return stateless(http)
                .authorizeHttpRequests(requests -> requests.requestMatchers("/v1/orders")
                        .hasAnyAuthority(scopes("place"))
                        .requestMatchers("/v1/orders/*/payment")
                        .hasAnyAuthority(scopes("pay"))
                        .requestMatchers("/v1/orders/*/shipment")
                        .hasAnyAuthority(scopes("ship"))
                        .requestMatchers("/v1/orders/*/cancellation")
                        .hasAnyAuthority(scopes("cancel"))
                        .requestMatchers("/v1/**")
                        .authenticated()
                        .anyRequest()
                        .permitAll())
                .oauth2ResourceServer(server -> server.authenticationManagerResolver(request -> tokens)
                        .authenticationEntryPoint(this::unauthenticated)
                        .accessDeniedHandler(this::denied))
                .build();
    }

    /** The command's own scope, or the one for all of them. */
    private static String[] scopes(String command) {
        return new String[] {"SCOPE_orders:" + command, "SCOPE_orders:write"};
    }

    private static HttpSecurity stateless(HttpSecurity http) {
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    }

    /** RFC 6750: why is in WWW-Authenticate. */
    private void unauthenticated(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (e instanceof IssuerUnavailableException) {
            unavailable.accept(e);
            response.setStatus(HttpStatus.SERVICE_UNAVAILABLE.value());
            response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(RETRY_AFTER.toSeconds()));
            write(response, "The token cannot be checked now; try again.");
        } else {
            entryPoint.commence(request, response, e);
            write(response, "A valid bearer token is needed.");
        }
    }

    private void denied(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        response.setStatus(HttpStatus.FORBIDDEN.value());
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"");
        write(response, "The token's scopes do not cover this command.");
    }

    private void write(HttpServletResponse response, String detail) throws IOException {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.valueOf(response.getStatus()), detail);
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(json.writeValueAsBytes(problem));
    }
}
