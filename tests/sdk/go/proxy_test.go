package sdk

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"

	core "github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

// inProxied marks the process that a test starts of itself: Go reads the proxy and the certificates it trusts once.
const inProxied = "SDK_WALK_PROXIED"

// throughTheProxy runs the rest of a test in a process whose only way is the emulator as a proxy.
func throughTheProxy(t *testing.T) (proxied bool) {
	t.Helper()
	if way == "proxy" || os.Getenv(inProxied) != "" {
		return true
	}
	if way != "" {
		t.Skip("there is no proxy this way")
	}
	endpoint := os.Getenv("ALIMOCK_ENDPOINT")
	command := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	command.Env = append(os.Environ(), inProxied+"=1", "SSL_CERT_FILE="+os.Getenv("ALIMOCK_CA"),
		"HTTP_PROXY="+endpoint, "HTTPS_PROXY="+endpoint, "http_proxy="+endpoint, "https_proxy="+endpoint,
		"NO_PROXY=", "no_proxy=")
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return false
}

func TestAHostThatNobodyNamedIsLookedUpAndAnsweredThroughTheProxy(t *testing.T) {
	if !throughTheProxy(t) {
		return
	}
	id, secret := os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"), os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")
	client, err := core.NewClientWithAccessKey(region, id, secret)
	if err != nil {
		t.Fatal(err)
	}
	request := requests.NewCommonRequest()
	request.Product, request.ServiceCode, request.Version = "Ims", "ims", "2019-08-15"
	request.ApiName, request.Scheme = "ListAccessKeys", "HTTPS"

	answer, err := client.ProcessCommonRequest(request)
	if err != nil {
		t.Fatal(err)
	}

	var body struct{ AccessKeys struct{ AccessKey []any } }
	if err := json.Unmarshal(answer.GetHttpContentBytes(), &body); err != nil || len(body.AccessKeys.AccessKey) == 0 {
		t.Fatal(err, answer.GetHttpContentString())
	}
	if request.GetDomain() != "ims.aliyuncs.com" {
		t.Fatal(request.GetDomain())
	}
}

func TestAForeignHostIsRefusedByTheProxy(t *testing.T) {
	if !throughTheProxy(t) {
		return
	}
	client, err := core.NewClientWithAccessKey(region, "id", "secret")
	if err != nil {
		t.Fatal(err)
	}
	for _, scheme := range []string{"HTTP", "HTTPS"} {
		request := requests.NewCommonRequest()
		request.Domain, request.Version, request.ApiName, request.Scheme = "example.com", "2019-08-15", "GetUser", scheme

		_, err = client.ProcessCommonRequest(request)

		if err == nil || !strings.Contains(err.Error(), "`example.com` is not a host of Alibaba Cloud") {
			t.Error(scheme, err)
		}
	}
}
