package sdk

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// inWorld returns a client in a new world for this test, which starts with a scenario.
func inWorld(t *testing.T, scenario string) *ram.Client {
	t.Helper()
	endpoint := os.Getenv("ALIMOCK_ENDPOINT")
	worlds := endpoint + "/_alimock/worlds"
	answer, err := http.Post(worlds+"?scenario="+scenario, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var world struct {
		World string
		Env   map[string]string
	}
	if err := json.NewDecoder(answer.Body).Decode(&world); err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatal(answer.Status, err)
	}
	t.Cleanup(func() {
		request, _ := http.NewRequest(http.MethodDelete, worlds+"/"+world.World, nil)
		if _, err := http.DefaultClient.Do(request); err != nil {
			t.Error(err)
		}
	})
	client, err := ram.NewClient(&openapi.Config{
		AccessKeyId:     tea.String(world.Env["ALIBABA_CLOUD_ACCESS_KEY_ID"]),
		AccessKeySecret: tea.String(world.Env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]),
		Endpoint:        tea.String(world.Env["ALIBABA_CLOUD_ENDPOINT"]), Protocol: tea.String("HTTP"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestTheFourthTryArrivesAfterTheMaintenance(t *testing.T) {
	client := inWorld(t, "region-maintained")

	for range 3 {
		_, err := client.ListUsers(&ram.ListUsersRequest{})
		var refused *tea.SDKError
		if !errors.As(err, &refused) || tea.StringValue(refused.Code) != "ServiceUnavailable.RegionMaintaining" {
			t.Fatal(err)
		}
	}

	listed, err := client.ListUsers(&ram.ListUsersRequest{})
	if err != nil || len(listed.Body.Users.User) != 1 {
		t.Fatal(listed, err)
	}
}
