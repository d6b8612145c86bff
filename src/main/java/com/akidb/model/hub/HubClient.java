package com.akidb.model.hub;

import com.akidb.model.HubSettings;
import com.akidb.model.hub.RemoteFile.Checksum;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Flow;

/**
 * One request to the hub at a time, without repetition. The hub answers for a file with a redirect: a relative one to
 * another of its own addresses, or an absolute one to a store. The token goes to the hub's own address only.
 */
final class HubClient implements AutoCloseable {

    private static final int MOST_REDIRECTS = 8;
    private static final int PARTIAL = 206;
    private static final int BEYOND_THE_END = 416;

    private final HubSettings settings;
    private final HttpClient http;

    HubClient(HubSettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    /** A response whose content has not been read. */
    private record Answer(HttpResponse<Flow.Publisher<List<ByteBuffer>>> response, URI address) {
        HttpHeaders headers() {
            return response.headers();
        }

        String header(String name) {
            return headers().firstValue(name).orElse("");
        }
    }

    /**
     * Content from some byte on.
     *
     * @param body the content; to be closed
     * @param from the byte it starts at, which is 0 if the server cannot start elsewhere
     */
    record Content(TimedBody body, long from) implements AutoCloseable {
        @Override
        public void close() {
            body.close();
        }
    }

    /**
     * Asks what a file is.
     *
     * @throws HubStatusException if the hub refuses
     */
    RemoteFile describe(HubFile file) throws IOException {
        URI address = file.address(settings.endpoint());
        String commit = "";
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            Answer answer = send("HEAD", address, 0);
            commit = commit.isEmpty() ? answer.header("X-Repo-Commit") : commit;
            String linked = answer.header("X-Linked-Etag");
            boolean redirected = isRedirect(answer);
            if (redirected && linked.isEmpty()) {
                address = target(answer);
                continue;
            }
            OptionalLong size = answer.headers().firstValueAsLong(redirected ? "X-Linked-Size" : "Content-Length");
            if (!linked.isEmpty()) {
                size = answer.headers().firstValueAsLong("X-Linked-Size");
            }
            String tag = linked.isEmpty() ? answer.header("ETag") : linked;
            HubFile pinned = commit.isEmpty() ? file : file.at(commit);
            return new RemoteFile(pinned, Checksum.ofEntityTag(tag), size.orElse(-1));
        }
        throw new IOException("too many redirects");
    }

    /**
     * Opens a file's content.
     *
     * @param from first byte wanted
     * @throws HubStatusException if the hub refuses
     */
    Content open(HubFile file, long from) throws IOException {
        URI address = file.address(settings.endpoint());
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            Answer answer = send("GET", address, from);
            if (!isRedirect(answer)) {
                boolean partial = answer.response().statusCode() == PARTIAL
                        && answer.header("Content-Range").startsWith("bytes " + from + "-");
                TimedBody body = new TimedBody(answer.response().body(), settings.readTimeout());
                return new Content(body, partial ? from : 0);
            }
            discard(answer);
            address = target(answer);
        }
        throw new IOException("too many redirects");
    }

    private Answer send(String method, URI address, long from) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .method(method, BodyPublishers.noBody())
                .timeout(settings.readTimeout())
                .header("Accept-Encoding", "identity")
                .header("User-Agent", "akidb");
        if (from > 0) {
            request.header("Range", "bytes=" + from + "-");
        }
        if (!settings.token().isEmpty() && isHub(address)) {
            request.header("Authorization", "Bearer " + settings.token());
        }
        try {
            Answer answer = new Answer(http.send(request.build(), BodyHandlers.ofPublisher()), address);
            int status = answer.response().statusCode();
            if (status == BEYOND_THE_END && from > 0) {
                discard(answer);
                return send(method, address, 0);
            }
            if (status >= 400) {
                discard(answer);
                throw new HubStatusException(status, answer.header("X-Error-Code"), answer.header("Retry-After"));
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static boolean isRedirect(Answer answer) {
        int status = answer.response().statusCode();
        return status >= 300 && status < 400 && !answer.header("Location").isEmpty();
    }

    private URI target(Answer answer) throws IOException {
        URI target = answer.address().resolve(answer.header("Location"));
        boolean secureBefore = "https".equals(answer.address().getScheme());
        if (!String.valueOf(target.getScheme()).matches("https?")
                || (secureBefore && !"https".equals(target.getScheme()))) {
            throw new IOException("the hub redirects to an address that is not safe");
        }
        return target;
    }

    private boolean isHub(URI address) {
        URI hub = settings.endpoint();
        return Objects.equals(hub.getScheme(), address.getScheme())
                && hub.getHost().equalsIgnoreCase(address.getHost())
                && hub.getPort() == address.getPort();
    }

    private void discard(Answer answer) {
        new TimedBody(answer.response().body(), settings.readTimeout()).close();
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
