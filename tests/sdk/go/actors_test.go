package sdk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// actor is somebody who calls with a key through one of the SDKs.
type actor struct {
	*testing.T
	sdk sdk
	key key
	pk  string
}

// each runs a test once per SDK, with the operator and with the root of an account that it just registered.
func each(t *testing.T, test func(operator, root actor)) {
	for _, sdk := range sdks {
		t.Run(sdk.name, func(t *testing.T) {
			operator := seeded(t, sdk, "operator")
			test(operator, operator.register())
		})
	}
}

// seeded is the root of an account that the emulator was seeded with.
func seeded(t *testing.T, sdk sdk, name string) actor {
	t.Helper()
	response, err := http.Get("http://" + endpoint() + "/_alimock/worlds/default")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var world struct {
		Accounts []struct {
			Name, UID string
			Keys      []struct{ AccessKeyID, AccessKeySecret, User string }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&world); err != nil {
		t.Fatal(err)
	}
	for _, account := range world.Accounts {
		for _, made := range account.Keys {
			if account.Name == name && made.User == "" {
				return actor{t, sdk, key{id: made.AccessKeyID, secret: made.AccessKeySecret}, account.UID}
			}
		}
	}
	t.Fatalf("no account %s", name)
	return actor{}
}

var registered int

func (operator actor) register() actor {
	operator.Helper()
	registered++
	reply := operator.ok("Aas.CreateAliyunAccount", params{"AliyunId": fmt.Sprint("go-account-", registered)})
	pk := at(reply, "PK")
	return actor{operator.T, operator.sdk, operator.made("Aas.CreateAccessKeyForAccount", params{"PK": pk}), pk}
}

// with is the same SDK with another key.
func (a actor) with(key key) actor {
	a.key = key
	return a
}

func (a actor) ok(api string, given params) reply {
	a.Helper()
	reply, err := a.sdk.call(a.key, api, given)
	if err != nil {
		a.Fatalf("%s %v: %v", api, given, err)
	}
	return reply
}

// made is the key that a call makes.
func (a actor) made(api string, given params) key {
	a.Helper()
	reply := a.ok(api, given)
	return key{id: at(reply, "AccessKey.AccessKeyId"), secret: at(reply, "AccessKey.AccessKeySecret")}
}

var requestID = regexp.MustCompile(`^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$`)

// refused makes a call that must be refused as `status code`, and gives what else the SDK says.
func (a actor) refused(api string, given params, status int, code string) refusal {
	a.Helper()
	reply, err := a.sdk.call(a.key, api, given)
	if err == nil {
		a.Fatalf("%s %v: not refused: %v", api, given, reply)
	}
	seen := a.sdk.read(a.T, err)
	a.equal(fmt.Sprint(seen.status, " ", seen.code), fmt.Sprint(status, " ", code))
	if seen.message == "" || !requestID.MatchString(seen.requestID) {
		a.Errorf("%s: message %q, request id %q", api, seen.message, seen.requestID)
	}
	return seen
}

func (a actor) equal(got, want string) {
	a.Helper()
	if got != want {
		a.Errorf("got %q, want %q", got, want)
	}
}

// at is the text at a path such as `User.UserName`, and empty when there is none.
func at(value any, path string) string {
	for _, name := range strings.Split(path, ".") {
		object, _ := value.(reply)
		value = object[name]
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// column joins a field of each item of the list at `list.item`.
func column(seen reply, list, item, field string) string {
	var texts []string
	outer, _ := seen[list].(reply)
	items, _ := outer[item].([]any)
	for _, value := range items {
		texts = append(texts, at(value, field))
	}
	return strings.Join(texts, " ")
}
