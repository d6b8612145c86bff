package com.akidb.http;

import com.akidb.http.server.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A client that sends what no decent client would. */
public final class RawHttp implements AutoCloseable {

    private final Socket socket;

    public RawHttp(TestServer server) throws IOException {
        socket = server.connect();
        socket.setTcpNoDelay(true);
    }

    /** An answer as it came over the wire. */
    public record Reply(String statusLine, String head, String body) {
        public boolean hasHeader(String header) {
            return head.toLowerCase(Locale.ROOT).contains("\r\n" + header.toLowerCase(Locale.ROOT));
        }
    }

    /** One whose receive buffer is small, so that what it does not read stays with the server. */
    public RawHttp(TestServer server, int receiveBuffer) throws IOException {
        socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
        socket.setSoTimeout(10_000);
    }

    public RawHttp send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Sends a POST with a body whose length is declared right. */
    public RawHttp post(String path, byte[] body) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length + "\r\n\r\n");
        return send(body);
    }

    /** Reads one answer with a Content-Length. */
    public Reply reply() throws IOException {
        StringBuilder head = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("The connection ended after: " + head);
            }
            head.append((char) next);
        }
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length: ");
        int length = at < 0
                ? 0
                : Integer.parseInt(
                        lower.substring(at + 16, lower.indexOf('\r', at)).strip());
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Reply(head.substring(0, head.indexOf("\r\n")), head.toString(), body);
    }

    /** Whether the server has closed the connection; waits for it up to the socket's timeout. */
    public boolean isClosedByServer() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Reads what comes until the server ends the connection; false if it does not, up to the socket's timeout. */
    public boolean isEndedByServer() {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (java.net.SocketTimeoutException stillOpen) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Sends until the server takes no more, and reads its answer. */
    public Reply sendAsFarAsItGoes(String text) throws IOException {
        Thread sender = Thread.ofVirtual().start(() -> {
            try {
                send(text);
            } catch (IOException refused) {
                // The answer says why.
            }
        });
        Reply reply = reply();
        sender.interrupt();
        return reply;
    }

    /** Whether the server has given the connection up; reads nothing and sends nothing that the server would see. */
    public boolean isResetByServer() {
        try {
            socket.sendUrgentData(0);
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    /** Says that nothing more will come. */
    public void endOfInput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends the connection at once and throws away what is under way. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
