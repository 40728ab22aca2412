package tools

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/AliyunContainerService/ack-ram-tool/pkg/credentials/provider"
)

// fingerprint is that of the certificate of the built-in issuer.
const fingerprint = "e58dc168b9b207087e246f565ebe7e34e57d4d4f"

// credentialsOf gives what a provider of ack-ram-tool finds.
func credentialsOf(t *testing.T, from provider.CredentialsProvider) key {
	t.Helper()
	found, err := from.Credentials(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return key{found.AccessKeyId, found.AccessKeySecret, found.SecurityToken}
}

// whose is the ARN behind a key.
func (k key) whose(t *testing.T) string {
	t.Helper()
	return at(k.ok(t, "Sts", "GetCallerIdentity", nil), "Arn")
}

func TestAPodAssumesARoleWithAProviderThatImsMade(t *testing.T) {
	root.ok(t, "Ims", "CreateOIDCProvider", map[string]string{
		"OIDCProviderName": "ack", "IssuerUrl": "https://issuer.alimock.internal", "ClientIds": "sts.aliyuncs.com",
		"Fingerprints": fingerprint,
	})
	arn := "acs:ram::" + uid(t) + ":oidc-provider/ack"
	role := role(t, "pod", "Federated", arn)
	token := control(t, "POST", "issuer/token", fields{"audience": "sts.aliyuncs.com"})
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(at(token, "token")), 0o600); err != nil {
		t.Fatal(err)
	}
	options := provider.OIDCProviderOptions{RoleArn: role, OIDCProviderArn: arn, OIDCTokenFile: file, SessionName: "pod"}

	pod := credentialsOf(t, provider.NewOIDCProvider(options))

	if whose := pod.whose(t); !strings.HasSuffix(whose, ":assumed-role/pod/pod") {
		t.Error(whose)
	}
	pod.ok(t, "Ram", "ListRoles", nil)
	root.ok(t, "Ims", "DeleteOIDCProvider", map[string]string{"OIDCProviderName": "ack"})
	_, err := provider.NewOIDCProvider(options).Credentials(context.Background())
	if err == nil || !strings.Contains(err.Error(), "No such OIDC Provider registered.") {
		t.Error(err)
	}
}

func TestAKeyAssumesARole(t *testing.T) {
	caller := user(t, "ack", "AliyunSTSAssumeRoleAccess")
	role := role(t, "assumed", "RAM", "acs:ram::"+uid(t)+":root")
	from := provider.NewAccessKeyProvider(caller.id, caller.secret)

	assumed := credentialsOf(t, provider.NewRoleArnProvider(from, role, provider.RoleArnProviderOptions{SessionName: "tool"}))

	if whose := assumed.whose(t); !strings.HasSuffix(whose, ":assumed-role/assumed/tool") {
		t.Error(whose)
	}
}

func TestAnInstanceHasTheRoleThatEcsAttached(t *testing.T) {
	control(t, "POST", "commands", fields{"setInstance": fields{"id": "i-gotools", "region": region, "account": uid(t)}})
	role(t, "node", "Service", "ecs.aliyuncs.com")
	attached := map[string]string{"RegionId": region, "RamRoleName": "node", "InstanceIds": `["i-gotools"]`}
	root.ok(t, "Ecs", "AttachInstanceRamRole", attached)

	node := credentialsOf(t, provider.NewECSMetadataProvider(provider.ECSMetadataProviderOptions{}))

	if whose := node.whose(t); !strings.HasSuffix(whose, ":assumed-role/node/vm-ram-i-gotools") {
		t.Error(whose)
	}
	root.ok(t, "Ecs", "DetachInstanceRamRole", attached)
	if found, err := provider.NewECSMetadataProvider(provider.ECSMetadataProviderOptions{}).Credentials(context.Background()); err == nil {
		t.Error(found)
	}
}
