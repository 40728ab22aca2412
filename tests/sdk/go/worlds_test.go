package sdk

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
)

// start is when the clock of a standing world starts.
const start = "2026-01-01T00:00:00Z"

// standing is a world of one test, whose clock stands still until the test moves it.
type standing struct {
	*testing.T
	name string
}

// control calls the control API.
func control(t *testing.T, method, path string, body any) (answer reply) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, "http://"+endpoint()+"/_alimock/"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	// An answer may have no body.
	_ = json.NewDecoder(response.Body).Decode(&answer)
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %v", method, path, response.StatusCode, answer)
	}
	return answer
}

// eachStanding runs a test once per SDK, with the root of an account in a world of its own.
func eachStanding(t *testing.T, test func(root actor, world standing)) {
	for _, sdk := range sdks {
		t.Run(sdk.name, func(t *testing.T) {
			test(stand(t, sdk))
		})
	}
}

// stand makes a world with one account, whose key leads calls there.
func stand(t *testing.T, sdk sdk) (actor, standing) {
	t.Helper()
	registered++
	world := standing{t, fmt.Sprint("go-", registered)}
	scenario := params{
		"clock":    params{"resource": start},
		"accounts": []params{{"name": "shop", "keys": []params{{}}}},
	}
	made := control(t, http.MethodPost, "worlds?name="+world.name, scenario)
	t.Cleanup(func() { control(t, http.MethodDelete, "worlds/"+world.name, nil) })
	account := made["accounts"].([]any)[0].(reply)
	first := account["keys"].([]any)[0]
	root := key{id: at(first, "accessKeyId"), secret: at(first, "accessKeySecret")}
	return actor{t, sdk, root, at(account, "uid")}, world
}

// post calls the control API about this world.
func (world standing) post(path string, body params) reply {
	world.Helper()
	return control(world.T, http.MethodPost, "worlds/"+world.name+"/"+path, body)
}

// advance moves the clock that dates things and ends sessions.
func (world standing) advance(by string) {
	world.Helper()
	world.post("clock/advance", params{"by": by})
}

// user makes a user with a key.
func (a actor) user(name string) actor {
	a.Helper()
	a.ok("Ram.CreateUser", params{"UserName": name})
	return a.with(a.made("Ram.CreateAccessKey", params{"UserName": name}))
}

// denied makes a call for which permission is missing, and gives the detail.
func (a actor) denied(api string, given params, resource, action, kind, layer string) params {
	a.Helper()
	seen := a.refused(api, given, 403, "NoPermission")
	a.equal(seen.message, "You are not authorized to do this action. Resource: "+resource+" Action: "+action)
	asked := fmt.Sprint(at(seen.detail, "AuthAction"), " ", at(seen.detail, "NoPermissionType"), " ", at(seen.detail, "PolicyType"))
	a.equal(asked, action+" "+kind+" "+layer)
	return seen.detail
}

func document(statement params) string {
	text, err := json.Marshal(params{"Version": "1", "Statement": []params{statement}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// policy is a policy of one statement about everything.
func policy(effect, action string) string {
	return document(params{"Effect": effect, "Action": action, "Resource": "*"})
}

// trust is a trust policy, such as one of a `RAM` principal.
func trust(kind, principal string) string {
	return document(params{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": params{kind: []string{principal}}})
}

// and is both.
func and(some, others params) params {
	both := params{}
	for _, one := range []params{some, others} {
		for name, value := range one {
			both[name] = value
		}
	}
	return both
}
