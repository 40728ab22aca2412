package alimocktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// World is an isolated set of accounts with clocks, fault rules and a journal. Its methods may be called by several
// goroutines at a time.
type World struct {
	// Name of the world.
	Name string
	// Endpoint is its address, such as "http://127.0.0.1:45123".
	Endpoint string
	// Accounts with their keys, in the order of the scenario, as they were when the world was made.
	Accounts []Account
	// Clock changes the time.
	Clock Clock
	// Faults are the fault rules.
	Faults Faults
	// Keys changes AccessKeys.
	Keys Keys

	control   control
	variables map[string]string
	unset     *regexp.Regexp
	deleted   atomic.Bool
}

// Account is an account of a world.
type Account struct {
	// Name in the scenario.
	Name string
	// UID is the id of the account.
	UID string
	// Users are the names of the RAM users.
	Users []string
	// Keys of the account and of its users.
	Keys []AccessKey
	// Record has all fields, as the control API returns them.
	Record json.RawMessage `json:"-"`
}

// AccessKey is an AccessKey of an account or of a RAM user.
type AccessKey struct {
	// ID is the AccessKeyId.
	ID string `json:"accessKeyId"`
	// Secret is the AccessKeySecret. It is empty if it cannot be read any more.
	Secret string `json:"accessKeySecret"`
	// User is the RAM user that owns the key. It is empty if the account owns it.
	User string
	// Status is "Active" or "Inactive".
	Status string
	// Leaked is true if the key is marked as leaked.
	Leaked bool
}

// UnmarshalJSON reads an account as the control API returns it.
func (a *Account) UnmarshalJSON(text []byte) error {
	type fields Account
	if err := json.Unmarshal(text, (*fields)(a)); err != nil {
		return err
	}
	a.Record = slices.Clone(text)
	return nil
}

// created is the answer to a call that makes a world.
type created struct {
	World, Endpoint, Unset string
	Env                    map[string]string
	Accounts               []Account
}

// moveTo replaces the address by one that can be reached from here.
func (c *created) moveTo(endpoint string) {
	from, to := c.Endpoint, endpoint
	for name, value := range c.Env {
		switch value {
		case from:
			c.Env[name] = to
		case withoutScheme(from):
			c.Env[name] = withoutScheme(to)
		}
	}
	c.Endpoint = to
}

func newWorld(control control, made created) (*World, error) {
	unset, err := regexp.Compile(made.Unset)
	if err != nil {
		return nil, fmt.Errorf("unexpected answer: unset: %w", err)
	}
	world := &World{
		Name: made.World, Endpoint: made.Endpoint, Accounts: made.Accounts,
		control: control, variables: made.Env, unset: unset,
	}
	world.Clock, world.Faults, world.Keys = Clock{world}, Faults{world}, Keys{world}
	return world, nil
}

func withoutScheme(endpoint string) string {
	_, host, _ := strings.Cut(endpoint, "//")
	return host
}

// Host returns the endpoint without a scheme, as SDKs take it.
func (w *World) Host() string { return withoutScheme(w.Endpoint) }

// Variables returns the environment variables for a client: endpoint, region and credentials of the caller.
func (w *World) Variables() map[string]string { return maps.Clone(w.variables) }

// Unset returns a regular expression for names of variables that are credentials or choose them.
func (w *World) Unset() *regexp.Regexp { return w.unset }

// Env returns the environment of a child process: that of this process without credentials, and the variables of the
// world. Use it as the Env of an [os/exec.Cmd].
func (w *World) Env() []string {
	environment := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		name, _, _ := strings.Cut(variable, "=")
		_, replaced := w.variables[name]
		return replaced || w.unset.MatchString(name)
	})
	for _, name := range slices.Sorted(maps.Keys(w.variables)) {
		environment = append(environment, name+"="+w.variables[name])
	}
	return environment
}

// Setenv removes credentials from the environment of this process and sets the variables of the world, until the test
// ends. It panics in a parallel test, as [testing.T.Setenv] does.
func (w *World) Setenv(t testing.TB) {
	t.Helper()
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); w.unset.MatchString(name) {
			// Setenv restores the variable at the end.
			t.Setenv(name, "")
			if err := os.Unsetenv(name); err != nil {
				t.Fatalf("alimock: %v", err)
			}
		}
	}
	for name, value := range w.variables {
		t.Setenv(name, value)
	}
}

// Caller returns the first key of an account, or of "account/user", that the world was made with.
func (w *World) Caller(name string) (AccessKey, error) {
	var known []string
	wanted, user, _ := strings.Cut(name, "/")
	for _, account := range w.Accounts {
		for _, key := range account.Keys {
			if (wanted == account.Name || wanted == account.UID) && user == key.User && key.Secret != "" {
				return key, nil
			}
			owner := strings.TrimSuffix(account.Name+"/"+key.User, "/")
			if !slices.Contains(known, owner) {
				known = append(known, owner)
			}
		}
	}
	return AccessKey{}, fmt.Errorf("`%s` has no key in the scenario; these have one: %s", name, strings.Join(known, ", "))
}

// Call makes a call of the control API, as [Server.Call] does; the path is below the world.
func (w *World) Call(method, path string, body, answer any, query url.Values) error {
	return w.control.call(method, "/worlds/"+w.Name+path, body, answer, query)
}

// Do runs a command of docs/commands.md and returns what it says:
//
//	world.Do("setState", alimocktest.Fields{"account": "demo", "status": "ARREARS"})
func (w *World) Do(command string, fields Fields) (Fields, error) {
	if fields == nil {
		fields = Fields{}
	}
	var said Fields
	err := w.Call("POST", "/commands", Fields{command: fields}, &said, nil)
	return said, err
}

// Verify checks expectations, by default those of the scenario. It returns what is not as expected.
func (w *World) Verify(expect ...Fields) (wrong []string, err error) {
	var body any
	if len(expect) > 0 {
		body = Fields{"expect": expect}
	}
	var said struct {
		Results []struct {
			Name, Message string
			Passed        bool
		}
	}
	if err := w.Call("POST", "/verify", body, &said, nil); err != nil {
		return nil, err
	}
	for _, one := range said.Results {
		if one.Passed {
			continue
		}
		if one.Message == "" {
			one.Message = one.Name
		}
		wrong = append(wrong, one.Message)
	}
	return wrong, nil
}

// Export returns the world as a scenario file, with ids and secrets.
func (w *World) Export() (string, error) {
	var text string
	err := w.Call("GET", "/export", nil, &text, nil)
	return text, err
}

// Delete deletes the world and frees its port.
func (w *World) Delete() error {
	err := w.Call("DELETE", "", nil, nil, nil)
	if err == nil {
		w.deleted.Store(true)
	}
	return err
}
