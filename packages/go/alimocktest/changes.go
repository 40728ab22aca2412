package alimocktest

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Clock is the time of a world: the resource clock dates objects and ends sessions, and the gateway clock checks the time
// of requests.
type Clock struct{ world *World }

// Clocks are both clocks of a world.
type Clocks struct {
	// Resource dates objects and ends sessions.
	Resource ClockState
	// Gateway checks the time of requests.
	Gateway ClockState
}

// ClockState is a clock at a moment.
type ClockState struct {
	// Now is the time of the clock.
	Now time.Time
	// Run says how the clock runs: "real", ahead by a span such as "30m", or frozen.
	Run string
}

// ClockSetting sets clocks. A value is a [time.Time] at which the clock stands still, a [time.Duration] that it is ahead,
// a number that is its speed, or "real". The clock of a nil value does not change.
type ClockSetting struct {
	// Resource is the clock that dates objects and ends sessions.
	Resource any
	// Gateway is the clock that checks the time of requests.
	Gateway any
}

// Event is something that fell due.
type Event struct {
	// At is the time at which it fell due.
	At time.Time
	// What happened, in words.
	What string
}

// Advance moves the resource clock. It returns what fell due.
func (c Clock) Advance(by time.Duration) ([]Event, error) {
	var said struct{ FellDue []Event }
	err := c.world.Call("POST", "/clock/advance", Fields{"by": by.String()}, &said, nil)
	return said.FellDue, err
}

// Read returns both clocks.
func (c Clock) Read() (Clocks, error) {
	var clocks Clocks
	err := c.world.Call("GET", "/clock", nil, &clocks, nil)
	return clocks, err
}

// Set sets the resource clock, the gateway clock, or both.
func (c Clock) Set(setting ClockSetting) (Clocks, error) {
	body := Fields{}
	for name, value := range (Fields{"resource": setting.Resource, "gateway": setting.Gateway}) {
		switch value := value.(type) {
		case nil:
		case time.Duration:
			body[name] = value.String()
		default:
			body[name] = value
		}
	}
	var clocks Clocks
	err := c.world.Call("PUT", "/clock", body, &clocks, nil)
	return clocks, err
}

// Faults are the fault rules of a world.
type Faults struct{ world *World }

// Fault is a fault rule with its counters.
type Fault struct {
	// ID of the rule in its world.
	ID int
	// Name of the rule.
	Name string
	// Matched is the number of calls that the rule matched.
	Matched int
	// Struck is the number of calls that the rule disturbed.
	Struck int
	// Record has all fields, in the words of docs/scenarios.md.
	Record json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a rule as the control API returns it.
func (f *Fault) UnmarshalJSON(text []byte) error {
	type fields Fault
	if err := json.Unmarshal(text, (*fields)(f)); err != nil {
		return err
	}
	f.Record = slices.Clone(text)
	return nil
}

// Add adds a rule of docs/scenarios.md. The rule is a text in YAML or JSON, or [Fields]:
//
//	world.Faults.Add("{match: {action: ListUsers}, do: {error: {code: Throttling.User}}}")
func (f Faults) Add(rule any) (Fault, error) {
	var added Fault
	err := f.world.Call("POST", "/faults", rule, &added, nil)
	return added, err
}

// List returns the rules with their counters.
func (f Faults) List() ([]Fault, error) {
	var said struct{ Faults []Fault }
	err := f.world.Call("GET", "/faults", nil, &said, nil)
	return said.Faults, err
}

// Remove deletes a rule by its id.
func (f Faults) Remove(id int) error {
	return f.world.Call("DELETE", fmt.Sprintf("/faults/%d", id), nil, nil, nil)
}

// Keys changes AccessKeys. A key is an AccessKeyId, or an account or "account/user": then its newest key that the method
// can change.
type Keys struct{ world *World }

// Disable disables a key.
func (k Keys) Disable(key string) error { return k.do("disableKey", key) }

// Enable enables a key.
func (k Keys) Enable(key string) error { return k.do("enableKey", key) }

// Delete deletes a key.
func (k Keys) Delete(key string) error { return k.do("deleteKey", key) }

// Leak marks a key as leaked.
func (k Keys) Leak(key string) error { return k.do("leakKey", key) }

func (k Keys) do(command, key string) error {
	_, err := k.world.Do(command, Fields{"key": key})
	return err
}
