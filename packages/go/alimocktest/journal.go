package alimocktest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
)

// Call is a recorded call of a client.
type Call struct {
	// Name is product and action, such as "Ram.CreateUser". If it is unknown, Name is method and path.
	Name string
	// Status is the HTTP status of the response.
	Status int
	// Code is the error code. It is empty for a successful call.
	Code string
	// Who called: "demo/dev", or an ARN. It is "-" if nobody is known.
	Who string
	// Why is the reason of the response. It is empty for a successful call.
	Why string
	// RequestID is the id of the request.
	RequestID string
	// Record has all fields, as docs/control-api.md describes them.
	Record json.RawMessage
}

// UnmarshalJSON reads a record of the journal.
func (c *Call) UnmarshalJSON(text []byte) error {
	var record struct {
		Product, Action, Method, Path, Code, Who, Why, RequestID string
		Status                                                   int
	}
	if err := json.Unmarshal(text, &record); err != nil {
		return err
	}
	name := record.Product + "." + record.Action
	if record.Product == "" || record.Action == "" {
		name = record.Method + " " + record.Path
	}
	if record.Who == "" {
		record.Who = "-"
	}
	*c = Call{name, record.Status, record.Code, record.Who, record.Why, record.RequestID, slices.Clone(text)}
	return nil
}

// String returns the call on one line, with its reason.
func (c Call) String() string {
	reason := ""
	if c.Code != "" {
		reason = fmt.Sprintf(" %s: %s", c.Code, c.Why)
	}
	return fmt.Sprintf("%d %s %s%s (%s)", c.Status, c.Name, c.Who, reason, c.RequestID)
}

// Calls returns the recorded calls, oldest first.
func (w *World) Calls() ([]Call, error) { return w.calls(url.Values{}) }

// Refused returns the recorded calls that were refused, oldest first.
func (w *World) Refused() ([]Call, error) { return w.calls(url.Values{"refused": {"true"}}) }

func (w *World) calls(query url.Values) (found []Call, err error) {
	query.Set("limit", "1000")
	query.Set("after", "0")
	for {
		var page struct {
			Requests []Call
			Next     int64
		}
		if err := w.Call("GET", "/requests", nil, &page, query); err != nil {
			return nil, err
		}
		if len(page.Requests) == 0 {
			return found, nil
		}
		found = append(found, page.Requests...)
		query.Set("after", strconv.FormatInt(page.Next, 10))
	}
}

// Explanation says why a call was answered as it was.
type Explanation struct {
	// Request is the call. It is nil if no call was refused.
	Request *Call
	// Advice says what to do, one step each.
	Advice []string
	// Permission is the decision of the policies, if they decided.
	Permission json.RawMessage
	// Rules are the fault rules that applied.
	Rules json.RawMessage
}

// Why explains a call by its request id. An empty id explains the last refused call.
func (w *World) Why(requestID string) (Explanation, error) {
	var why Explanation
	err := w.Call("GET", "/why", nil, &why, queryOf(map[string]string{"request": requestID}))
	return why, err
}
