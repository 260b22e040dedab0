package dev.outboxrelay.mail.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Tells {@link SeveringSocketFactory} what TLS is laid over: where TLS has a factory and comes from the first byte, Angus Mail
 * makes the socket beneath without asking anybody. Such a one can be severed, but gathers nothing.
 */
final class SeveringTlsFactory extends SSLSocketFactory {
    private final SSLSocketFactory tls;
    private final SeveringSocketFactory sockets;

    SeveringTlsFactory(SSLSocketFactory tls, SeveringSocketFactory sockets) {
        this.tls = tls;
        this.sockets = sockets;
    }

    @Override
    public Socket createSocket(Socket beneath, String host, int port, boolean autoClose) throws IOException {
        return tls.createSocket(sockets.remember(beneath), host, port, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
        return sockets.remember(tls.createSocket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return sockets.remember(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return sockets.remember(tls.createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return sockets.remember(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return sockets.remember(tls.createSocket(host, port, local, localPort));
    }
}
