package app

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/alimock/alimock/packages/go/alimocktest"
)

// account returns a caller of a world.
func account(t *testing.T, world *alimocktest.World, caller string) Account {
	t.Helper()
	key, err := world.Caller(caller)
	if err != nil {
		t.Fatal(err)
	}
	return Account{ID: key.ID, Secret: key.Secret, Endpoint: world.Host()}
}

func TestARotationSurvivesALostAnswer(t *testing.T) {
	t.Parallel()
	world := alimocktest.Start(t, alimocktest.Scenario("key-answer-lost"))

	id, _, err := Rotate(account(t, world, "demo"), "ci")
	if err != nil {
		t.Fatal(err)
	}

	var left struct{ AccessKeys []alimocktest.AccessKey }
	if err := world.Call("GET", "/accounts/demo/access-keys", nil, &left, url.Values{"user": {"ci"}}); err != nil {
		t.Fatal(err)
	}
	if len(left.AccessKeys) != 1 || left.AccessKeys[0].ID != id {
		t.Errorf("the user has the keys %v, not only %s", left.AccessKeys, id)
	}
}

func TestWorkGoesOnWhenTheCredentialsOfARoleExpire(t *testing.T) {
	t.Parallel()
	world := alimocktest.Start(t, alimocktest.ScenarioFile("session.yaml"))
	session := NewSession(account(t, world, "demo/ci"), "acs:ram::1897304235598129:role/deploy")
	if names, err := session.Users(); err != nil || !slices.Equal(names, []string{"ci"}) {
		t.Fatal(names, err)
	}

	if _, err := world.Clock.Advance(2 * time.Hour); err != nil {
		t.Fatal(err)
	}

	if names, err := session.Users(); err != nil || !slices.Equal(names, []string{"ci"}) {
		t.Error(names, err)
	}
}
