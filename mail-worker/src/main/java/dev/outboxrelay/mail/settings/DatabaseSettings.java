package dev.outboxrelay.mail.settings;

/** The schema with {@code processed_messages}; the names of Spring Boot's {@code spring.datasource}. */
public record DatabaseSettings(String url, String username, String password) {
    static DatabaseSettings read(SettingsReader reader) {
        String url = reader.required("spring.datasource.url", "such as jdbc:mysql://127.0.0.1:3306/mail");
        if (!url.isEmpty() && !url.startsWith("jdbc:mysql:")) {
            reader.problem("spring.datasource.url", "must begin with jdbc:mysql:");
        }
        return new DatabaseSettings(
                url,
                reader.text("spring.datasource.username", "mail_worker"),
                reader.text("spring.datasource.password", ""));
    }

    @Override
    public String toString() {
        return "DatabaseSettings[username=" + username + ", password=***]";
    }
}
