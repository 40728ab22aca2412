package alimocktest

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// unsigned makes a call that nobody signs. The answer is a refusal.
func unsigned(t testing.TB, world *World) int {
	t.Helper()
	response, err := direct.Get(world.Endpoint + "/?Action=ListUsers&Version=2015-05-01")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// inner marks a test that runs only in a test binary that another test starts, and returns what that test tells it.
func inner(t testing.TB) string {
	t.Helper()
	told, is := os.LookupEnv("INNER")
	if !is {
		t.Skip("another test runs this")
	}
	return told
}

// binary runs a test in a new test binary. What is added are flags, and variables of the environment.
func binary(test, told string, added ...string) *exec.Cmd {
	command := exec.Command(os.Args[0], "-test.run", "^"+test+"$", "-test.v")
	command.Env = append(os.Environ(), "INNER="+told)
	for _, one := range added {
		if strings.HasPrefix(one, "-") {
			command.Args = append(command.Args, one)
		} else {
			command.Env = append(command.Env, one)
		}
	}
	return command
}

// outputOf runs a test in a new test binary, and checks how it ends.
func outputOf(t *testing.T, test string, passes bool, added ...string) string {
	t.Helper()
	said, err := binary(test, "", added...).CombinedOutput()
	if (err == nil) != passes {
		t.Fatalf("%s: %v\n%s", test, err, said)
	}
	return string(said)
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in:\n%s", part, text)
		}
	}
}

// ends waits until nothing answers any more.
func ends(t *testing.T, endpoint string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		response, err := direct.Get(endpoint + "/_alimock/ready")
		if err != nil {
			return
		}
		_ = response.Body.Close()
	}
	t.Errorf("the emulator at %s still runs", endpoint)
}

// must ends a test that an error makes useless.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func status(t *testing.T, world *World, key string) string {
	t.Helper()
	var said struct{ AccessKeys []AccessKey }
	must(t, world.Call(http.MethodGet, "/accounts/demo/access-keys", nil, &said, nil))
	for _, one := range said.AccessKeys {
		if one.ID == key {
			return fmt.Sprint(one.Status, " ", one.Leaked)
		}
	}
	return "none"
}
