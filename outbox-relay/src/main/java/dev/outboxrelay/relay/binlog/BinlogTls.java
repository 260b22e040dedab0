package dev.outboxrelay.relay.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.network.DefaultSSLSocketFactory;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import dev.outboxrelay.relay.MySqlSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS for a binlog connection, by the JDBC URL's own settings. */
final class BinlogTls {

    private BinlogTls() {}

    static void apply(BinaryLogClient client, MySqlSettings mysql) {
        String mode = mysql.property("sslMode");
        client.setSSLMode(mode == null ? SSLMode.PREFERRED : SSLMode.valueOf(mode.toUpperCase(Locale.ROOT)));
        Store trusted = store(mysql, "trustCertificateKeyStore");
        Store own = store(mysql, "clientCertificateKeyStore");
        if (trusted != null || own != null) {
            client.setSslSocketFactory(new WithStores(trusted, own));
        }
    }

    private static @Nullable Store store(MySqlSettings mysql, String name) {
        String url = mysql.property(name + "Url");
        if (url == null) {
            return null;
        }
        String type = mysql.property(name + "Type");
        String password = mysql.property(name + "Password");
        return new Store(
                Path.of(url.replaceFirst("^file:(//)?", "")),
                type == null ? KeyStore.getDefaultType() : type,
                (password == null ? "" : password).toCharArray());
    }

    private record Store(Path file, String type, char[] password) {

        KeyStore open() throws GeneralSecurityException {
            try (InputStream in = Files.newInputStream(file)) {
                KeyStore keys = KeyStore.getInstance(type);
                keys.load(in, password);
                return keys;
            } catch (IOException e) {
                throw new GeneralSecurityException("The key store " + file + " can't be read: " + e.getMessage(), e);
            }
        }
    }

    private static final class WithStores extends DefaultSSLSocketFactory {

        private final @Nullable Store trusted;
        private final @Nullable Store own;

        WithStores(@Nullable Store trusted, @Nullable Store own) {
            super("TLS");
            this.trusted = trusted;
            this.own = own;
        }

        @Override
        protected void initSSLContext(SSLContext context) throws GeneralSecurityException {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted == null ? null : trusted.open());
            KeyManagerFactory keys = null;
            if (own != null) {
                keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(own.open(), own.password());
            }
            context.init(keys == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        }
    }
}
