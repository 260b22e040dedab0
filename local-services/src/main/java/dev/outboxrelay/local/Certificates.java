package dev.outboxrelay.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of our own, made on the spot, and a certificate from it for {@code localhost} and 127.0.0.1. The
 * authority's key is forgotten at once, so nobody can have another certificate from it. The certificate and its key stay in
 * a directory, so that a server that is started again is the same to its clients.
 */
final class Certificates {

    private static final Duration VALID = Duration.ofDays(365);
    private static final X500Name AUTHORITY = new X500Name("CN=outbox-relay local CA");
    static final String AUTHORITY_FILE = "ca.pem";
    private static final String ENTRY = "server";
    /** The file's protection is its mode; a password beside it would add nothing. */
    private static final char[] NO_SECRET = "changeit".toCharArray();

    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    /** Those of that directory, made if there are none. */
    static Certificates in(Path directory) {
        Certificates certificates = new Certificates(directory);
        try {
            if (Files.notExists(certificates.authorityFile())) {
                Files.createDirectories(directory);
                certificates.make();
            }
            return certificates;
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new LocalServiceException("Cannot make certificates", e);
        } catch (IOException e) {
            throw new LocalServiceException(
                    "Cannot write certificates to %s: %s".formatted(directory, Disk.explain(e)), e);
        }
    }

    /** The authority's certificate in PEM, which a client needs to trust the server. */
    Path authorityFile() {
        return directory.resolve(AUTHORITY_FILE);
    }

    /** What a server needs to present the certificate. */
    SSLContext server() {
        try (InputStream file = Files.newInputStream(keyFile())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(file, NO_SECRET);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, NO_SECRET);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new LocalServiceException("Cannot read " + keyFile(), e);
        }
    }

    private void make() throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair authorityKeys = keys();
        X509Certificate authority = sign(
                new JcaX509v3CertificateBuilder(
                                AUTHORITY, serial(), from(), until(), AUTHORITY, authorityKeys.getPublic())
                        .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign)),
                authorityKeys.getPrivate());
        KeyPair serverKeys = keys();
        X509Certificate server = sign(serverBuilder(serverKeys.getPublic()), authorityKeys.getPrivate());
        writeKey(serverKeys.getPrivate(), server, authority);
        writeAuthority(authority);
    }

    private void writeKey(PrivateKey key, Certificate... chain) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(ENTRY, key, NO_SECRET, chain);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, NO_SECRET);
        PrivateFile.write(keyFile(), bytes.toByteArray());
    }

    /** Written last and in one step: where it is, the key is too. */
    private void writeAuthority(X509Certificate authority) throws IOException {
        StringWriter pem = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
            writer.writeObject(authority);
        }
        Path fresh = directory.resolve(AUTHORITY_FILE + ".new");
        Files.writeString(fresh, pem.toString());
        Files.move(fresh, authorityFile(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path keyFile() {
        return directory.resolve("server.p12");
    }

    private static X509v3CertificateBuilder serverBuilder(PublicKey key) throws IOException {
        GeneralNames names = new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "localhost"), new GeneralName(GeneralName.iPAddress, "127.0.0.1")
        });
        return new JcaX509v3CertificateBuilder(AUTHORITY, serial(), from(), until(), new X500Name("CN=localhost"), key)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.subjectAlternativeName, false, names);
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(X509v3CertificateBuilder certificate, PrivateKey authority)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(certificate.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority)));
    }

    private static BigInteger serial() {
        return new BigInteger(127, new SecureRandom());
    }

    /** Yesterday, for clocks that differ a little. */
    private static Date from() {
        return Date.from(Instant.now().minus(Duration.ofDays(1)));
    }

    private static Date until() {
        return Date.from(Instant.now().plus(VALID));
    }
}
