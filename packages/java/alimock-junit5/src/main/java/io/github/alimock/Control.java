package io.github.alimock;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** The control API at an endpoint. */
final class Control {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final String endpoint;
    private final String token;
    // Proxies of the environment are for the tested program.
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
        .proxy(HttpClient.Builder.NO_PROXY).connectTimeout(PATIENCE).build();

    /** A {@code null} token is omitted. */
    Control(String endpoint, String token) {
        this.endpoint = endpoint.replaceAll("/+$", "");
        this.token = token;
    }

    /** Returns the JSON of the response, or a JSON text with its body. Omits parameters without a value. */
    Json call(String method, String path, Object body, Map<String, String> query) {
        String parameters = query.entrySet().stream().filter(one -> one.getValue() != null)
            .map(one -> encode(one.getKey()) + "=" + encode(one.getValue())).collect(Collectors.joining("&"));
        String url = endpoint + "/_alimock" + path;
        if (!parameters.isEmpty()) {
            url += (path.contains("?") ? "&" : "?") + parameters;
        }
        HttpResponse<String> response = send(method, url, body);
        if (response.statusCode() >= 400) {
            throw refusal(method + " " + path, response);
        }
        boolean isJson = response.headers().firstValue("content-type").orElse("").startsWith("application/json");
        return isJson && !response.body().isEmpty() ? Json.parse(response.body()) : Json.of(response.body());
    }

    private HttpResponse<String> send(String method, String url, Object body) {
        String text = body == null ? "" : body instanceof String written ? written : Json.of(body).toString();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE)
            .method(method, text.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(text));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException error) {
            throw new AlimockException(method + " " + url + ": no emulator answers: " + error, error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new AlimockException(method + " " + url + ": interrupted", error);
        }
    }

    private static AlimockException refusal(String call, HttpResponse<String> response) {
        Json error;
        try {
            error = Json.parse(response.body()).get("error");
        } catch (AlimockException notJson) {
            error = Json.of(null);
        }
        if (error.get("code").isNull() || error.get("message").isNull()) {
            return new AlimockException(call + ": " + response.statusCode() + " " + response.body());
        }
        String code = error.get("code").text();
        String hint = error.get("hint").isNull() ? "" : "; " + error.get("hint").text();
        return new AlimockException(call + ": " + code + ": " + error.get("message").text() + hint, code, null);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
