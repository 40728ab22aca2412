package alimocktest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestEachTestHasAWorld(t *testing.T) {
	t.Parallel()
	server, err := DefaultServer()
	must(t, err)
	var name string
	t.Run("one", func(t *testing.T) {
		world := Start(t)
		name = world.Name
		if status := unsigned(t, world); status != 400 {
			t.Error(status)
		}
		refused, err := world.Refused()
		must(t, err)
		if len(refused) != 1 || refused[0].Code != "MissingAccessKeyId" {
			t.Error(refused)
		}
	})
	if !strings.HasPrefix(name, "TestEachTestHasAWorld-one") {
		t.Error(name)
	}

	err = server.Call("GET", "/worlds/"+name, nil, nil, nil)
	if err == nil || !strings.Contains(err.Error(), "world_not_found") {
		t.Error(err)
	}
}

func TestTwentyParallelTestsShareOneEmulatorAndNothingElse(t *testing.T) {
	t.Parallel()
	said := outputOf(t, "TestInnerTwenty", true, "-test.parallel=20")
	if passed := strings.Count(said, "--- PASS: TestInnerTwenty/"); passed != 20 {
		t.Errorf("%d passed\n%s", passed, said)
	}
	one, all := map[string]bool{}, map[string]bool{}
	for _, line := range strings.Split(said, "\n") {
		if _, both, is := strings.Cut(line, "at http://"); is {
			server, world, _ := strings.Cut(both, " ")
			one[server], all[world] = true, true
		}
	}
	if len(one) != 1 || len(all) != 20 {
		t.Errorf("%d servers, %d ports of worlds\n%s", len(one), len(all), said)
	}
}

func TestInnerTwenty(t *testing.T) {
	inner(t)
	// All wait for each other, so twenty worlds exist at a time.
	var arrived sync.WaitGroup
	arrived.Add(20)
	for n := range 20 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			world := Start(t, Scenario("key-leaked"), NoExpectations())
			server, err := DefaultServer()
			must(t, err)
			t.Logf("at %s %s", server.Endpoint(), world.Endpoint)
			arrived.Done()
			arrived.Wait()
			for range n {
				unsigned(t, world)
			}
			calls, err := world.Calls()
			must(t, err)
			if len(calls) != n {
				t.Errorf("%d calls, not %d", len(calls), n)
			}
			if n%2 == 0 {
				must(t, world.Keys.Disable("demo/ci"))
			}
			key, err := world.Caller("demo/ci")
			must(t, err)
			if got, want := status(t, world, key.ID), []string{"Inactive true", "Active true"}[n%2]; got != want {
				t.Errorf("%q, not %q", got, want)
			}
		})
	}
}

func TestATestMayHaveTwoWorlds(t *testing.T) {
	t.Parallel()
	one, two := Start(t), Start(t)
	if one.Name == two.Name || one.Endpoint == two.Endpoint {
		t.Error(one.Name, two.Name)
	}
}

func TestATestMayDeleteItsWorld(t *testing.T) {
	t.Parallel()
	must(t, Start(t, Scenario("key-leaked")).Delete())
}

func TestAScenarioIsAFileATextOrAName(t *testing.T) {
	t.Parallel()
	text := "accounts: [{name: shop, keys: [{}], users: [{name: ci, keys: [{}]}]}]"
	path := filepath.Join(t.TempDir(), "shop.yaml")
	must(t, os.WriteFile(path, []byte(text), 0o600))
	for name, option := range map[string]Option{"file": ScenarioFile(path), "text": ScenarioText(text)} {
		t.Run(name, func(t *testing.T) {
			world := Start(t, option, As("shop/ci"))
			key, err := world.Caller("shop/ci")
			must(t, err)
			if key.ID == "" || key.ID != world.Variables()["ALIBABA_CLOUD_ACCESS_KEY_ID"] {
				t.Error(key, world.Variables())
			}
		})
	}
}

func TestExpectationsFailATestThatPassed(t *testing.T) {
	t.Parallel()
	said := outputOf(t, "TestInnerExpected", false)
	contains(t, said, "--- FAIL: TestInnerExpected", "alimock: not as the scenario expects: the leaked key is replaced", "no call arrived")
	outputOf(t, "TestInnerNotVerified", true)
	outputOf(t, "TestInnerSkipped", true)
}

func TestInnerExpected(t *testing.T) {
	inner(t)
	Start(t, Scenario("key-leaked"))
}

func TestInnerNotVerified(t *testing.T) {
	inner(t)
	Start(t, Scenario("key-leaked"), NoExpectations())
}

func TestInnerSkipped(t *testing.T) {
	inner(t)
	Start(t, Scenario("key-leaked"))
	t.Skip("a skipped test did nothing that could be verified")
}

func TestTheReportOfAFailedTestListsItsCalls(t *testing.T) {
	t.Parallel()
	said := outputOf(t, "TestInnerFailed", false)
	contains(t, said, "alimock calls in world TestInnerFailed", "(5 earlier calls)", "400 Ram.ListUsers - MissingAccessKeyId: ")
	if shown := strings.Count(said, "400 Ram.ListUsers"); shown != 20 {
		t.Errorf("%d calls\n%s", shown, said)
	}
	if strings.Contains(said, "not as the scenario expects") {
		t.Error(said)
	}
	contains(t, outputOf(t, "TestInnerPanic", false), "alimock calls in world TestInnerPanic", "panic: as wanted")
}

func TestInnerFailed(t *testing.T) {
	inner(t)
	world := Start(t, Scenario("key-leaked"))
	for range 25 {
		unsigned(t, world)
	}
	t.Error("as wanted")
}

func TestInnerPanic(t *testing.T) {
	inner(t)
	Start(t)
	panic("as wanted")
}

func TestAMissingProgramIsAnErrorThatSaysWhatToDo(t *testing.T) {
	t.Parallel()
	said := outputOf(t, "TestInnerStarted", false, "ALIMOCK_BIN=/nowhere/alimock")
	contains(t, said, "alimock: ALIMOCK_BIN: no program `/nowhere/alimock`: ")
	said = outputOf(t, "TestInnerStarted", false, "ALIMOCK_BIN=", "PATH="+t.TempDir())
	contains(t, said, "alimock: no program `alimock` on the PATH: install it, or name it with ALIMOCK_BIN")

	path, err := program()
	must(t, err)
	path, err = filepath.Abs(path)
	must(t, err)
	folder := t.TempDir()
	must(t, os.Symlink(path, filepath.Join(folder, "alimock")))
	outputOf(t, "TestInnerStarted", true, "ALIMOCK_BIN=", "PATH="+folder)
}

func TestInnerStarted(t *testing.T) {
	inner(t)
	Start(t)
}

func TestAScenarioWithAMistakeIsAnErrorThatShowsIt(t *testing.T) {
	t.Parallel()
	contains(t, outputOf(t, "TestInnerMistake", false), "invalid_scenario", "unknown field `nme`, did you mean `name`?")
	contains(t, outputOf(t, "TestInnerNoFile", false), "open nowhere.yaml: ")
}

func TestInnerMistake(t *testing.T) {
	inner(t)
	Start(t, ScenarioText("accounts: [{nme: shop}]"))
}

func TestInnerNoFile(t *testing.T) {
	inner(t)
	Start(t, ScenarioFile("nowhere.yaml"))
}

func TestAnEmulatorThatRunsIsUsedAndLeftAsItWas(t *testing.T) {
	t.Parallel()
	server, err := StartServer("--control-token", "a-token-for-this-test")
	must(t, err)
	defer server.Stop()
	running := "ALIMOCK_ENDPOINT=" + server.Endpoint()

	contains(t, outputOf(t, "TestInnerStarted", false, running), "token_required")
	outputOf(t, "TestInnerStarted", true, running, "ALIMOCK_CONTROL_TOKEN=a-token-for-this-test", "ALIMOCK_BIN=/nowhere/alimock")

	var said struct{ Worlds []struct{ World string } }
	must(t, Connect(server.Endpoint(), "a-token-for-this-test").Call("GET", "/worlds", nil, &said, nil))
	if len(said.Worlds) != 1 || said.Worlds[0].World != "default" {
		t.Error(said)
	}
}

func TestTwoTestBinariesMayUseOneEmulatorAtATime(t *testing.T) {
	t.Parallel()
	server, err := StartServer()
	must(t, err)
	defer server.Stop()
	var both sync.WaitGroup
	for range 2 {
		both.Add(1)
		go func() {
			defer both.Done()
			said, err := binary("TestInnerSlow", "", "ALIMOCK_ENDPOINT="+server.Endpoint()).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, said)
			}
		}()
	}
	both.Wait()
}

func TestInnerSlow(t *testing.T) {
	inner(t)
	world := Start(t)
	unsigned(t, world)
	time.Sleep(time.Second)
	calls, err := world.Calls()
	must(t, err)
	if len(calls) != 1 {
		t.Error(calls)
	}
}
