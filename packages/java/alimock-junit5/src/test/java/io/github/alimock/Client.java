package io.github.alimock;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** A client that forgets to sign. */
public final class Client {
    private static final HttpClient HTTP = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();

    private Client() {}

    /** Makes a call, which is rejected. Returns the status. */
    public static int refusedCall(String endpoint) throws IOException, InterruptedException {
        URI uri = URI.create(endpoint + "/?Action=ListUsers&Version=2015-05-01");
        return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
    }
}
