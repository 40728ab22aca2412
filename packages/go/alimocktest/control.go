package alimocktest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Fields are named values of a command or a rule, in the words of the documentation of alimock.
type Fields = map[string]any

// Error is a refusal of the control API. Use [errors.As] to get it.
type Error struct {
	// Code of the refusal, such as "world_exists".
	Code string
	// Message says what is wrong.
	Message string
	// Hint says what to do. It may be empty.
	Hint string
	// Status is the HTTP status.
	Status int
	call   string
}

// Error returns the call, the code, the message and the hint.
func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %s: %s", e.call, e.Code, e.Message)
	if e.Hint != "" {
		text += "; " + e.Hint
	}
	return text
}

// control is the control API at an endpoint, with its token if it needs one.
type control struct {
	endpoint, token string
}

// direct uses no proxy: proxies of the environment are for the tested program.
var direct = &http.Client{
	Transport: &http.Transport{MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute},
	Timeout:   time.Minute,
}

// call makes a call below /_alimock. The body is a text that is sent as it is, or a value that is sent as JSON. The answer
// is read into a *string as it is, or into another value as JSON.
func (c control) call(method, path string, body, answer any, query url.Values) error {
	address := c.endpoint + "/_alimock" + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	content, err := contentOf(body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	request, err := http.NewRequest(method, address, content)
	if err != nil {
		return err
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := direct.Do(request)
	if err != nil {
		return fmt.Errorf("no emulator answers: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if response.StatusCode >= 300 {
		return refusal(method+" "+path, response.StatusCode, text)
	}
	switch answer := answer.(type) {
	case nil:
		return nil
	case *string:
		*answer = string(text)
		return nil
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("%s %s: unexpected answer: %w", method, path, err)
	}
	return nil
}

func contentOf(body any) (io.Reader, error) {
	switch body := body.(type) {
	case nil:
		return http.NoBody, nil
	case string:
		return bytes.NewReader([]byte(body)), nil
	}
	text, err := json.Marshal(body)
	return bytes.NewReader(text), err
}

// refusal reads the body of a refused call.
func refusal(call string, status int, text []byte) error {
	var said struct{ Error *Error }
	if json.Unmarshal(text, &said) != nil || said.Error == nil || said.Error.Code == "" {
		return &Error{Message: string(text), Code: http.StatusText(status), Status: status, call: call}
	}
	said.Error.Status, said.Error.call = status, call
	return said.Error
}

// queryOf leaves out parameters without a value.
func queryOf(given map[string]string) url.Values {
	query := url.Values{}
	for name, value := range given {
		if value != "" {
			query.Set(name, value)
		}
	}
	return query
}
