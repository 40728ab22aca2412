package alimocktest

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestKeysAreChanged(t *testing.T) {
	t.Parallel()
	world := Start(t)
	key, err := world.Caller("demo/dev")
	must(t, err)
	for _, step := range []struct {
		change func(string) error
		key    string
		status string
	}{
		{world.Keys.Disable, "demo/dev", "Inactive false"},
		{world.Keys.Enable, key.ID, "Active false"},
		{world.Keys.Leak, "demo/dev", "Active true"},
		{world.Keys.Delete, key.ID, "none"},
	} {
		must(t, step.change(step.key))
		if got := status(t, world, key.ID); got != step.status {
			t.Errorf("%q, not %q", got, step.status)
		}
	}
}

func TestTheClockIsMovedAndSaysWhatFellDue(t *testing.T) {
	t.Parallel()
	world := Start(t, Scenario("key-disabled-in-rotation"), NoExpectations())
	before, err := world.Clock.Read()
	must(t, err)

	due, err := world.Clock.Advance(90*time.Minute + 500*time.Millisecond)
	must(t, err)

	if len(due) != 1 || !strings.HasSuffix(due[0].What, " was made Inactive") || due[0].At.IsZero() {
		t.Error(due)
	}
	after, err := world.Clock.Read()
	must(t, err)
	if ahead := after.Resource.Now.Sub(before.Resource.Now); ahead < 90*time.Minute || after.Gateway.Run != "real" {
		t.Error(ahead, after)
	}

	when := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	clocks, err := world.Clock.Set(ClockSetting{Resource: when, Gateway: -20 * time.Minute})
	must(t, err)
	if !clocks.Resource.Now.Equal(when) || clocks.Gateway.Run != "-20m" {
		t.Error(clocks)
	}
	clocks, err = world.Clock.Set(ClockSetting{Gateway: "real"})
	must(t, err)
	if !clocks.Resource.Now.Equal(when) || clocks.Gateway.Run != "real" {
		t.Error(clocks)
	}
}

func TestARuleDisturbsCallsUntilItIsRemoved(t *testing.T) {
	t.Parallel()
	world := Start(t)
	rule, err := world.Faults.Add("{name: busy, match: {action: ListUsers}, do: {error: {code: Throttling.User}}}")
	must(t, err)
	other, err := world.Faults.Add(Fields{"match": Fields{"action": "GetUser"}, "do": Fields{"error": Fields{"code": "Throttling.User"}}})
	must(t, err)
	unsigned(t, world)

	calls, err := world.Calls()
	must(t, err)
	if len(calls) != 1 || calls[0].Code != "Throttling.User" || !strings.Contains(string(calls[0].Record), `"step":"rule"`) {
		t.Error(calls)
	}
	rules, err := world.Faults.List()
	must(t, err)
	if len(rules) != 2 || rules[0].ID != rule.ID || rules[0].Name != "busy" || rules[0].Struck != 1 || rules[1].Matched != 0 {
		t.Error(rules)
	}
	must(t, world.Faults.Remove(rule.ID))
	must(t, world.Faults.Remove(other.ID))
	if rules, err = world.Faults.List(); err != nil || len(rules) != 0 {
		t.Error(rules, err)
	}
}

func TestARefusedCallIsExplained(t *testing.T) {
	t.Parallel()
	world := Start(t)
	why, err := world.Why("")
	must(t, err)
	if why.Request != nil {
		t.Error(why)
	}
	unsigned(t, world)

	why, err = world.Why("")
	must(t, err)

	if why.Request == nil || why.Request.Code != "MissingAccessKeyId" || len(why.Advice) == 0 {
		t.Fatal(why)
	}
	again, err := world.Why(why.Request.RequestID)
	must(t, err)
	if again.Request == nil || again.Request.RequestID != why.Request.RequestID {
		t.Error(again)
	}
}

func TestCommandsAreRunAndARefusedOneHasACodeAndAMessage(t *testing.T) {
	t.Parallel()
	world := Start(t)
	said, err := world.Do("setState", Fields{"account": "demo", "status": "ARREARS"})
	must(t, err)
	if text, _ := said["done"].(string); text == "" {
		t.Error(said)
	}

	_, err = world.Do("disableKey", Fields{"key": "nobody"})

	var refused *Error
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	if refused.Code != "access_key_not_found" || refused.Status != 404 || !strings.Contains(err.Error(), "`nobody` is neither") {
		t.Errorf("%#v", refused)
	}
}

func TestExpectationsMayBeGiven(t *testing.T) {
	t.Parallel()
	world := Start(t)
	none := Fields{"name": "nobody calls", "calls": Fields{"action": "*"}, "times": 0}
	if wrong, err := world.Verify(none); err != nil || len(wrong) != 0 {
		t.Error(wrong, err)
	}
	unsigned(t, world)
	if wrong, err := world.Verify(none); err != nil || len(wrong) != 1 || !strings.Contains(wrong[0], "nobody calls") {
		t.Error(wrong, err)
	}
}

func TestAWorldIsExportedAsAScenario(t *testing.T) {
	t.Parallel()
	world := Start(t, Scenario("key-leaked"), NoExpectations())
	text, err := world.Export()
	must(t, err)
	again := Start(t, ScenarioText(text), NoExpectations())
	one, err := world.Caller("demo")
	must(t, err)
	if two, err := again.Caller("demo"); err != nil || one != two {
		t.Error(one, two, err)
	}
}

func TestACallerWithoutAKeyIsAnErrorThatNamesThoseWithOne(t *testing.T) {
	t.Parallel()
	_, err := Start(t).Caller("demo/nobody")
	if err == nil || err.Error() != "`demo/nobody` has no key in the scenario; these have one: operator, demo, demo/dev" {
		t.Error(err)
	}
}

func TestAnAccountHasItsRecord(t *testing.T) {
	t.Parallel()
	for _, account := range Start(t).Accounts {
		if account.UID == "" || !strings.Contains(string(account.Record), account.UID) {
			t.Error(account)
		}
	}
}

func TestTheEnvironmentHasTheWorldUntilTheTestEnds(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "real")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "real")
	t.Setenv("ALIMOCK_ENDPOINT", "")
	must(t, os.Unsetenv("ALIMOCK_ENDPOINT"))

	t.Run("with", func(t *testing.T) {
		world := Start(t, As("demo/dev"))
		world.Setenv(t)
		if _, is := os.LookupEnv("ALIBABA_CLOUD_SECURITY_TOKEN"); is {
			t.Error("a credential remains")
		}
		for name, value := range world.Variables() {
			if os.Getenv(name) != value {
				t.Error(name)
			}
		}
	})

	if os.Getenv("ALIBABA_CLOUD_SECURITY_TOKEN") != "real" || os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID") != "real" {
		t.Error("the environment is another one")
	}
	if _, is := os.LookupEnv("ALIMOCK_ENDPOINT"); is {
		t.Error("a variable of the world remains")
	}
}

func TestAChildProcessHasTheWorldAndNoOtherCredentials(t *testing.T) {
	t.Setenv("ALIBABA_CLOUD_SECURITY_TOKEN", "real")
	t.Setenv("ALIBABA_CLOUD_ACCESS_KEY_ID", "real")
	t.Setenv("ANOTHER", "kept")
	world := Start(t, As("demo/dev"))
	key, err := world.Caller("demo/dev")
	must(t, err)
	child := exec.Command("sh", "-c", "echo $ALIBABA_CLOUD_ACCESS_KEY_ID,$ALIBABA_CLOUD_ENDPOINT,${ALIBABA_CLOUD_SECURITY_TOKEN-none},$ANOTHER")
	child.Env = world.Env()

	said, err := child.Output()

	must(t, err)
	if want := key.ID + "," + world.Host() + ",none,kept\n"; string(said) != want {
		t.Errorf("%q, not %q", said, want)
	}
}
