package dev.outboxrelay.relay;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A private certificate authority that gives the servers of a test their certificates. */
final class TestAuthority {

    static final String STORE_PASSWORD = "changeit";

    private final Path directory;
    private final X500Name name;
    private final KeyPair keys = keys();

    TestAuthority(Path directory) throws Exception {
        this.directory = Files.createDirectories(directory);
        name = new X500Name("CN=" + directory.getFileName());
        X509Certificate certificate = sign(
                keys,
                name,
                Duration.ofDays(2),
                new Extension(Extension.basicConstraints, true, new BasicConstraints(0).getEncoded()));
        pem(certificateFile(), certificate);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("authority", certificate);
        try (OutputStream out = Files.newOutputStream(storeFile())) {
            store.store(out, STORE_PASSWORD.toCharArray());
        }
    }

    Path certificateFile() {
        return directory.resolve("authority.pem");
    }

    /** What a Java client trusts. */
    Path storeFile() {
        return directory.resolve("authority.p12");
    }

    Path serverCertificate() {
        return directory.resolve("server.pem");
    }

    Path serverKey() {
        return directory.resolve("server.key");
    }

    /** Writes a certificate for {@code localhost}, by that name only; a negative validity has run out already. */
    void issue(Duration validity) throws Exception {
        KeyPair server = keys();
        GeneralNames names = new GeneralNames(new GeneralName(GeneralName.dNSName, "localhost"));
        pem(
                serverCertificate(),
                sign(
                        server,
                        new X500Name("CN=localhost"),
                        validity,
                        new Extension(Extension.subjectAlternativeName, false, names.getEncoded())));
        pem(serverKey(), new JcaPKCS8Generator(server.getPrivate(), null));
    }

    /** A store with a certificate of its own for a client, and the key to it. */
    Path issueClientStore() throws Exception {
        KeyPair client = keys();
        X509Certificate certificate = sign(
                client,
                new X500Name("CN=relay"),
                Duration.ofDays(1),
                new Extension(Extension.basicConstraints, true, new BasicConstraints(false).getEncoded()));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "relay", client.getPrivate(), STORE_PASSWORD.toCharArray(), new X509Certificate[] {certificate});
        Path file = directory.resolve("client.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, STORE_PASSWORD.toCharArray());
        }
        return file;
    }

    private X509Certificate sign(KeyPair subject, X500Name subjectName, Duration validity, Extension extension)
            throws Exception {
        Instant now = Instant.now();
        JcaX509v3CertificateBuilder certificate = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(127, new SecureRandom()),
                Date.from(now.minus(Duration.ofDays(2))),
                Date.from(now.plus(validity)),
                subjectName,
                subject.getPublic());
        certificate.addExtension(extension);
        return new JcaX509CertificateConverter()
                .getCertificate(
                        certificate.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate())));
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static void pem(Path file, Object content) throws IOException {
        try (Writer out = Files.newBufferedWriter(file);
                JcaPEMWriter pem = new JcaPEMWriter(out)) {
            pem.writeObject(content);
        }
    }
}
