package tools

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	auth "github.com/hashicorp/vault-plugin-auth-alicloud"
	"github.com/hashicorp/vault-plugin-auth-alicloud/tools"
	secrets "github.com/hashicorp/vault-plugin-secrets-alicloud"
	"github.com/hashicorp/vault/sdk/logical"
)

// vault is a plugin with its storage.
type vault struct {
	*testing.T
	logical.Backend
	storage logical.Storage
}

func start(t *testing.T, factory logical.Factory) vault {
	t.Helper()
	leases := &logical.StaticSystemView{DefaultLeaseTTLVal: time.Hour, MaxLeaseTTLVal: time.Hour}
	backend, err := factory(context.Background(), &logical.BackendConfig{System: leases})
	if err != nil {
		t.Fatal(err)
	}
	return vault{t, backend, &logical.InmemStorage{}}
}

// ask sends a request to the plugin.
func (v vault) ask(operation logical.Operation, path string, data fields, secret *logical.Secret) (*logical.Response, error) {
	request := &logical.Request{Operation: operation, Path: path, Data: data, Storage: v.storage, Secret: secret, DisplayName: "token"}
	return v.HandleRequest(context.Background(), request)
}

// ok sends a request that must succeed.
func (v vault) ok(operation logical.Operation, path string, data fields) *logical.Response {
	v.Helper()
	response, err := v.ask(operation, path, data, nil)
	if err != nil || response.IsError() {
		v.Fatal(path, err, response)
	}
	return response
}

// ofVault is a user for the plugin. The plugin prefers a key of the environment to the one it is given.
func ofVault(t *testing.T, name string, policies ...string) key {
	t.Helper()
	made := user(t, name, policies...)
	t.Setenv("ALICLOUD_ACCESS_KEY", made.id)
	t.Setenv("ALICLOUD_SECRET_KEY", made.secret)
	return made
}

func TestVaultMakesAUserAndTakesItBack(t *testing.T) {
	made := ofVault(t, "vault-admin", "AliyunRAMFullAccess")
	v := start(t, secrets.Factory)
	v.ok(logical.UpdateOperation, "config", fields{"access_key": made.id, "secret_key": made.secret})
	inline := `[{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:ListRoles", "Resource": "*"}]}]`
	v.ok(logical.CreateOperation, "role/reader", fields{
		"inline_policies": inline, "remote_policies": []string{"name:AliyunOSSReadOnlyAccess,type:System"}, "ttl": 600,
	})

	response := v.ok(logical.ReadOperation, "creds/reader", nil)

	reader := key{id: response.Data["access_key"].(string), secret: response.Data["secret_key"].(string)}
	reader.ok(t, "Ram", "ListRoles", nil)
	if _, err := reader.call("Ram", "ListUsers", nil); err == nil || !strings.Contains(err.Error(), "NoPermission") {
		t.Error(err)
	}
	if _, err := v.ask(logical.RevokeOperation, "", nil, response.Secret); err != nil {
		t.Fatal(err)
	}
	if _, err := reader.call("Ram", "ListRoles", nil); err == nil || !strings.Contains(err.Error(), "InvalidAccessKeyId") {
		t.Error(err)
	}
	for _, user := range root.ok(t, "Ram", "ListUsers", nil)["Users"].(fields)["User"].([]any) {
		if name := at(user, "UserName"); strings.Contains(name, "reader") {
			t.Error(name, "is left")
		}
	}
}

func TestVaultAssumesARole(t *testing.T) {
	role := role(t, "vault-role", "RAM", "acs:ram::"+uid(t)+":root")
	made := ofVault(t, "vault-caller", "AliyunSTSAssumeRoleAccess")
	v := start(t, secrets.Factory)
	v.ok(logical.UpdateOperation, "config", fields{"access_key": made.id, "secret_key": made.secret})
	v.ok(logical.CreateOperation, "role/assumed", fields{"role_arn": role})

	data := v.ok(logical.ReadOperation, "creds/assumed", nil).Data

	session := key{data["access_key"].(string), data["secret_key"].(string), data["security_token"].(string)}
	if whose := session.whose(t); !strings.Contains(whose, ":assumed-role/vault-role/") {
		t.Error(whose)
	}
}

func TestASessionLogsInToVault(t *testing.T) {
	arn := role(t, "vault-login", "RAM", "acs:ram::"+uid(t)+":root")
	caller := user(t, "vault-client", "AliyunSTSAssumeRoleAccess")
	session := caller.ok(t, "Sts", "AssumeRole", map[string]string{"RoleArn": arn, "RoleSessionName": "client"})["Credentials"]
	v := start(t, auth.Factory)
	v.ok(logical.CreateOperation, "role/vault-login", fields{"arn": arn})
	credential := credentials.NewStsTokenCredential(at(session, "AccessKeyId"), at(session, "AccessKeySecret"), at(session, "SecurityToken"))

	response := v.ok(logical.UpdateOperation, "login", signed(t, "vault-login", credential))

	if whose := response.Auth.Metadata["arn"]; !strings.HasSuffix(whose, ":assumed-role/vault-login/client") {
		t.Error(whose)
	}
	other := credentials.NewAccessKeyCredential(caller.id, caller.secret)
	if response, err := v.ask(logical.UpdateOperation, "login", signed(t, "vault-login", other), nil); err == nil {
		t.Error(response, "a user is no session")
	}
}

// signed is a request that proves who somebody is, as `vault login` makes it. It captures the request by a proxy of its own, so
// there must be no other for the moment; the plugin has read the proxy before.
func signed(t *testing.T, role string, credential any) (login fields) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, "https://sts.aliyuncs.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	if proxy, err := http.ProxyFromEnvironment(request); proxy == nil || err != nil {
		t.Fatal("no proxy", err)
	}
	t.Run("client", func(t *testing.T) {
		for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
			t.Setenv(name, "")
		}
		login, err = tools.GenerateLoginData(role, credential, region)
	})
	if err != nil {
		t.Fatal(err)
	}
	text, err := base64.StdEncoding.DecodeString(login["identity_request_headers"].(string))
	if err != nil {
		t.Fatal(err)
	}
	var headers http.Header
	if err := json.Unmarshal(text, &headers); err != nil {
		t.Fatal(err)
	}
	return fields{"role": role, "identity_request_url": login["identity_request_url"], "identity_request_headers": headers}
}
