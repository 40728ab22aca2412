import com.aliyun.credentials.Client;
import com.aliyun.credentials.models.Config;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Map;
import java.util.function.Consumer;

/** Takes credentials from credentials-java: see `check`. */
public class Program {
  private static final Gson GSON = new Gson();

  private static Client make(JsonObject wanted) {
    String type = wanted.get("type").getAsString();
    if (type.equals("default")) return new Client();
    Config config = new Config().setType(type);
    if (wanted.has("disableIMDSv1")) config.setDisableIMDSv1(wanted.get("disableIMDSv1").getAsBoolean());
    Map<String, Consumer<String>> texts = Map.of(
      "roleName", config::setRoleName, "uri", config::setCredentialsUri, "accessKeyId", config::setAccessKeyId,
      "accessKeySecret", config::setAccessKeySecret, "roleArn", config::setRoleArn,
      "roleSessionName", config::setRoleSessionName, "oidcProviderArn", config::setOidcProviderArn,
      "oidcTokenFilePath", config::setOidcTokenFilePath, "securityToken", config::setSecurityToken, "stsEndpoint", config::setSTSEndpoint);
    texts.forEach((name, set) -> {
      if (wanted.has(name)) set.accept(wanted.get(name).getAsString());
    });
    return new Client(config);
  }

  public static void main(String[] arguments) throws Exception {
    Client client = null;
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = lines.readLine()) != null; ) {
      JsonObject asked = GSON.fromJson(line, JsonObject.class);
      JsonObject told = new JsonObject();
      try {
        if (asked.has("make")) {
          client = make(asked.getAsJsonObject("make"));
        } else {
          var made = client.getCredential();
          told.addProperty("id", made.getAccessKeyId());
          told.addProperty("secret", made.getAccessKeySecret());
          told.addProperty("token", made.getSecurityToken());
        }
      } catch (Exception error) {
        told.addProperty("error", String.valueOf(error.getMessage()));
      }
      System.out.println(GSON.toJson(told));
      System.out.flush();
    }
    System.exit(0);
  }
}
