// Package alimocktest gives Go tests the emulator alimock, which behaves like the account services of Alibaba Cloud.
//
// [Start] makes a world for a test: an isolated set of accounts with clocks, fault rules and a journal, on a port of its
// own. All tests of a test binary share one emulator, which is started at first use and ends with the test binary.
// Tests may run in parallel.
//
//	world := alimocktest.Start(t, alimocktest.Scenario("key-leaked"), alimocktest.As("demo/ci"))
//	key, err := world.Caller("demo/ci")
//
// Give clients the endpoint and a key of the world. [World.Env] is for child processes, and [World.Setenv] is for clients
// that read the environment.
//
// The program alimock is the one that ALIMOCK_BIN names, or the one on the PATH. If ALIMOCK_ENDPOINT is set, tests use the
// emulator there, and ALIMOCK_CONTROL_TOKEN is the token of its control API.
package alimocktest

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

// shownCalls is the maximum number of calls in the report of a failed test.
const shownCalls = 20

// Start makes a world for a test and deletes it at the end of the test.
//
// After a test that passed, the expectations of its scenario are verified, and each broken one is an error of the test.
// [NoExpectations] omits this. A test that failed logs the last calls of its world, with the reason of each refusal.
//
// Start ends the test if the emulator does not start or rejects the scenario. Call it in the goroutine of the test.
func Start(t testing.TB, options ...Option) *World {
	t.Helper()
	wanted, err := read(options)
	if err == nil && wanted.server == nil {
		wanted.server, err = DefaultServer()
	}
	if err != nil {
		t.Fatalf("alimock: %v", err)
	}
	if wanted.name == "" {
		wanted.name = t.Name()
	}
	world, release, err := wanted.server.worldOfTest(wanted)
	if err != nil {
		t.Fatalf("alimock: %v", err)
	}
	t.Cleanup(func() {
		t.Helper()
		if !world.deleted.Load() {
			finish(t, world, wanted.expectations)
			if err := world.Delete(); err != nil {
				t.Errorf("alimock: %v", err)
			}
		}
		if err := release(); err != nil {
			t.Errorf("alimock: %v", err)
		}
	})
	return world
}

// finish verifies the expectations after a test that passed, and reports the calls of a test that failed.
func finish(t testing.TB, world *World, expectations bool) {
	t.Helper()
	failed := t.Failed() || panics()
	if expectations && !failed && !t.Skipped() {
		wrong, err := world.Verify()
		if err != nil {
			t.Errorf("alimock: %v", err)
		} else if len(wrong) > 0 {
			t.Errorf("alimock: not as the scenario expects: %s", strings.Join(wrong, "; "))
		}
	}
	if failed || t.Failed() {
		t.Log(report(world))
	}
}

// panics says if a panic ends the test. Cleanup functions run before the test counts as failed.
//
// Source: go1.26, testing.tRunner.
func panics() bool {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(0, callers)])
	for frame, more := frames.Next(); more; frame, more = frames.Next() {
		if frame.Function == "runtime.gopanic" {
			return true
		}
	}
	return false
}

// report lists the last calls of a world.
func report(world *World) string {
	calls, err := world.Calls()
	if err != nil {
		return fmt.Sprintf("alimock: %v", err)
	}
	lines := []string{fmt.Sprintf("alimock calls in world %s:", world.Name)}
	if len(calls) == 0 {
		lines = append(lines, "no call arrived")
	}
	if earlier := len(calls) - shownCalls; earlier > 0 {
		lines = append(lines, fmt.Sprintf("(%d earlier calls)", earlier))
		calls = calls[earlier:]
	}
	for _, call := range calls {
		lines = append(lines, call.String())
	}
	return strings.Join(lines, "\n")
}

// Option is a choice about a world.
type Option func(*settings)

type settings struct {
	// Name of a built-in scenario, or the text of a scenario.
	scenario, text string
	as, name       string
	expectations   bool
	server         *Server
	err            error
}

func read(options []Option) (settings, error) {
	wanted := settings{expectations: true}
	for _, option := range options {
		option(&wanted)
	}
	return wanted, wanted.err
}

// Scenario names a built-in scenario, such as "key-leaked". Without a scenario, the world starts as the emulator did.
func Scenario(name string) Option {
	return func(wanted *settings) { wanted.scenario, wanted.text = name, "" }
}

// ScenarioFile names a scenario file. A relative path begins at the folder of the package, where go test runs tests.
func ScenarioFile(path string) Option {
	return func(wanted *settings) {
		text, err := os.ReadFile(path)
		if err != nil {
			wanted.err = err
			return
		}
		wanted.scenario, wanted.text = "", string(text)
	}
}

// ScenarioText is a scenario as YAML or JSON.
func ScenarioText(text string) Option {
	return func(wanted *settings) { wanted.scenario, wanted.text = "", text }
}

// As names the caller whose credentials [World.Env] and [World.Setenv] give: an account, or "account/user". Default: the
// caller that the scenario names.
func As(caller string) Option {
	return func(wanted *settings) { wanted.as = caller }
}

// Name is the name of the world; the emulator replaces characters that names cannot have. Default: the name of the test,
// and for [Server.World] and [Server.Fork] a new name.
func Name(name string) Option {
	return func(wanted *settings) { wanted.name = name }
}

// NoExpectations omits the check of the scenario's expectations at the end of the test.
func NoExpectations() Option {
	return func(wanted *settings) { wanted.expectations = false }
}

// On makes the world in this emulator, for instance one in a container. Default: [DefaultServer].
func On(server *Server) Option {
	return func(wanted *settings) { wanted.server = server }
}
