package alimocktest

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

func TestAServerStops(t *testing.T) {
	t.Parallel()
	server, err := StartServer("--scenario", "key-leaked")
	must(t, err)
	world, err := server.World()
	must(t, err)
	if _, err := world.Caller("demo/ci"); err != nil {
		t.Error(err)
	}

	server.Stop()
	server.Stop()

	if server.process.Signal(os.Interrupt) == nil {
		t.Error("the process remains")
	}
	ends(t, server.Endpoint())
	if err := world.Delete(); err == nil || !strings.Contains(err.Error(), "no emulator answers") {
		t.Error(err)
	}
}

func TestAServerThatCannotStartSaysWhy(t *testing.T) {
	t.Parallel()
	_, err := StartServer("--scenario", "nowhere.yaml")
	if err == nil || !strings.Contains(err.Error(), "alimock did not start: ") || !strings.Contains(err.Error(), "nowhere.yaml") {
		t.Error(err)
	}
}

// A proxy of the environment does not get calls to loopback, so a test with one would always pass.
func TestCallsOfTheControlAPIUseNoProxy(t *testing.T) {
	t.Parallel()
	if transport, is := direct.Transport.(*http.Transport); !is || transport.Proxy != nil {
		t.Error("a proxy is used")
	}
}

func TestTheServerIsStartedWithoutSettingsForAnother(t *testing.T) {
	t.Setenv("ALIMOCK_SCENARIO", "nowhere.yaml")
	t.Setenv("ALIMOCK_CONTROL_TOKEN", "a-token-for-another")
	server, err := StartServer()
	must(t, err)
	defer server.Stop()
	must(t, server.Call("GET", "/worlds", nil, nil, nil))
}

func TestTheServerEndsWithItsTestBinary(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"passes", "is killed"} {
		t.Run(how, func(t *testing.T) {
			command := binary("TestInnerLife", how)
			stdout, err := command.StdoutPipe()
			must(t, err)
			must(t, command.Start())
			endpoint := ""
			for lines := bufio.NewScanner(stdout); endpoint == "" && lines.Scan(); {
				_, endpoint, _ = strings.Cut(lines.Text(), "listens at ")
			}
			if endpoint == "" {
				t.Fatal("the test binary shows no endpoint")
			}
			if how == "is killed" {
				response, err := direct.Get(endpoint + "/_alimock/ready")
				must(t, err)
				must(t, response.Body.Close())
				must(t, command.Process.Kill())
			}
			if err := command.Wait(); (err == nil) != (how == "passes") {
				t.Error(err)
			}
			ends(t, endpoint)
		})
	}
}

func TestInnerLife(t *testing.T) {
	how := inner(t)
	server, err := DefaultServer()
	must(t, err)
	fmt.Println("listens at " + server.Endpoint())
	if how == "is killed" {
		time.Sleep(time.Minute)
	}
}

func TestMuchOutputDoesNotBlockTheServer(t *testing.T) {
	t.Parallel()
	server, err := StartServer()
	must(t, err)
	defer server.Stop()
	world, err := server.World(Name("loud"))
	must(t, err)
	// Each call is a line of about 100 bytes, and a pipe holds 64 KiB.
	for range 2000 {
		unsigned(t, world)
	}
	must(t, server.Call("GET", "/ready", nil, nil, nil))
}

func TestAForkStartsAsItsParentIs(t *testing.T) {
	t.Parallel()
	server, err := DefaultServer()
	must(t, err)
	parent := Start(t, Scenario("key-leaked"), NoExpectations())
	must(t, parent.Keys.Disable("demo/ci"))

	fork, err := server.Fork(parent, As("demo/ci"))
	must(t, err)

	key, err := fork.Caller("demo/ci")
	must(t, err)
	if key.Status != "Inactive" || key.User != "ci" || !key.Leaked {
		t.Error(key)
	}
	must(t, fork.Delete())
}

func TestWorldsOfOnePortAreSelectedByTheirKeys(t *testing.T) {
	t.Parallel()
	started, err := StartServer()
	must(t, err)
	t.Cleanup(started.Stop)
	// Another name for the server, as a published port is another one.
	endpoint := strings.Replace(started.Endpoint(), "127.0.0.1", "localhost", 1)
	server := ConnectOnePort(endpoint, "")
	world := Start(t, On(server), Scenario("key-leaked"), NoExpectations())

	if world.Endpoint != endpoint || "http://"+world.Host() != endpoint {
		t.Error(world.Endpoint)
	}
	for name, value := range world.Variables() {
		if strings.Contains(value, "127.0.0.1") {
			t.Error(name, value)
		}
	}
	key, err := world.Caller("demo/ci")
	must(t, err)
	response, err := direct.Get(endpoint + "/?Action=ListUsers&Version=2015-05-01&AccessKeyId=" + key.ID)
	must(t, err)
	must(t, response.Body.Close())
	calls, err := world.Calls()
	must(t, err)
	if len(calls) != 1 {
		t.Error(calls)
	}
	if _, err := server.Fork(world); err == nil {
		t.Error("no error")
	}
	var refused *Error
	if _, err := server.World(Scenario("key-leaked")); !errors.As(err, &refused) || refused.Code != "access_key_taken" {
		t.Error(err)
	}
}
