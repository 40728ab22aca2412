package alimock_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/testcontainers/testcontainers-go"

	"github.com/alimock/alimock/packages/go/alimocktest"
	"github.com/alimock/alimock/packages/go/testcontainers/alimock"
)

// run starts a container that ends with the test.
func run(t *testing.T, options ...testcontainers.ContainerCustomizer) *alimock.Container {
	t.Helper()
	container, err := alimock.Run(t.Context(), alimock.Image(), options...)
	testcontainers.CleanupContainer(t, container)
	if err != nil {
		t.Fatal(err)
	}
	return container
}

// identity makes a signed call of GetCallerIdentity.
//
// Source: AlibabaCloudDocs, "Request syntax and signature method V2 for RPC APIs".
func identity(t *testing.T, world *alimocktest.World, caller string) string {
	t.Helper()
	key, err := world.Caller(caller)
	if err != nil {
		t.Fatal(err)
	}
	query := url.Values{
		"Action": {"GetCallerIdentity"}, "Version": {"2015-04-01"}, "Format": {"JSON"}, "AccessKeyId": {key.ID},
		"SignatureMethod": {"HMAC-SHA1"}, "SignatureVersion": {"1.0"}, "SignatureNonce": {rand.Text()},
		"Timestamp": {time.Now().UTC().Format(time.RFC3339)},
	}
	sign := hmac.New(sha1.New, []byte(key.Secret+"&"))
	_, _ = io.WriteString(sign, "GET&%2F&"+url.QueryEscape(query.Encode()))
	query.Set("Signature", base64.StdEncoding.EncodeToString(sign.Sum(nil)))
	response, err := http.Get(world.Endpoint + "/?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v %s %s", err, response.Status, text)
	}
	return string(text)
}

func TestKeysSelectTheWorldsOfAContainer(t *testing.T) {
	container := run(t)
	server := container.Server()
	t.Run("worlds", func(t *testing.T) {
		for _, name := range strings.Split("abcdefghijklmnopqrst", "") {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				world := alimocktest.Start(t, alimocktest.On(server), alimocktest.As("demo/dev"))
				if world.Endpoint != server.Endpoint() || world.Variables()["ALIBABA_CLOUD_ENDPOINT"] != world.Host() {
					t.Error(world.Endpoint, world.Variables())
				}
				said := identity(t, world, "demo/dev")
				for _, account := range world.Accounts {
					if account.Name == "demo" && !strings.Contains(said, "acs:ram::"+account.UID+":user/dev") {
						t.Error(said)
					}
				}
				calls, err := world.Calls()
				if err != nil || len(calls) != 1 || calls[0].Who != "demo/dev" {
					t.Error(calls, err)
				}
			})
		}
	})
	var left struct{ Worlds []struct{ World string } }
	if err := server.Call("GET", "/worlds", nil, &left, nil); err != nil || len(left.Worlds) != 1 {
		t.Error(left, err)
	}

	if code := refused(alimocktest.Connect(server.Endpoint(), "another-token")); code != "wrong_token" {
		t.Errorf("code %q with another token", code)
	}

	if err := container.Terminate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := server.Call("GET", "/ready", nil, nil, nil); err == nil {
		t.Error("the emulator still answers")
	}
}

func TestSettingsOfTheContainerAreChosen(t *testing.T) {
	const token = "a-token-for-this-test"
	settings := map[string]string{"ALIMOCK_CONTROL_TOKEN": token, "ALIMOCK_SCENARIO": "key-answer-lost"}
	server := run(t, testcontainers.WithEnv(settings)).Server()
	world := alimocktest.Start(t, alimocktest.On(server), alimocktest.NoExpectations())
	rules, err := world.Faults.List()
	if err != nil || len(rules) != 1 || rules[0].Name != "the answer is lost" {
		t.Error(rules, err)
	}
	if code := refused(alimocktest.Connect(server.Endpoint(), token)); code != "" {
		t.Error(code)
	}
}

// refused returns the code of a refusal.
func refused(server *alimocktest.Server) string {
	var refusal *alimocktest.Error
	if errors.As(server.Call("GET", "/worlds", nil, nil, nil), &refusal) {
		return refusal.Code
	}
	return ""
}

func TestAnImageThatCannotRunIsAnError(t *testing.T) {
	container, err := alimock.Run(t.Context(), alimock.Image(), testcontainers.WithCmd("serve", "--no-such-option"))
	testcontainers.CleanupContainer(t, container)
	if err == nil || !strings.Contains(err.Error(), "run alimock: ") {
		t.Error(err)
	}
}
