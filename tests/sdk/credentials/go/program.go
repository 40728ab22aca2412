// Takes credentials from credentials-go: see `check`.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/aliyun/credentials-go/credentials"
)

type wanted struct {
	Type          string
	RoleName      *string
	DisableIMDSv1 *bool
	URI           *string

	AccessKeyID, AccessKeySecret, SecurityToken, RoleArn, RoleSessionName *string
	OIDCProviderArn, OIDCTokenFilePath, STSEndpoint                       *string
}

type told struct {
	ID     string `json:"id,omitempty"`
	Secret string `json:"secret,omitempty"`
	Token  string `json:"token,omitempty"`
	Error  string `json:"error,omitempty"`
}

func provider(asked *wanted) (credentials.Credential, error) {
	if asked.Type == "default" {
		return credentials.NewCredential(nil)
	}
	return credentials.NewCredential(&credentials.Config{
		Type: &asked.Type, RoleName: asked.RoleName, DisableIMDSv1: asked.DisableIMDSv1, Url: asked.URI,
		AccessKeyId: asked.AccessKeyID, AccessKeySecret: asked.AccessKeySecret, SecurityToken: asked.SecurityToken, RoleArn: asked.RoleArn,
		RoleSessionName: asked.RoleSessionName, OIDCProviderArn: asked.OIDCProviderArn,
		OIDCTokenFilePath: asked.OIDCTokenFilePath, STSEndpoint: asked.STSEndpoint,
	})
}

func get(from credentials.Credential) told {
	made, err := from.GetCredential()
	if err != nil {
		return told{Error: err.Error()}
	}
	seen := told{ID: *made.AccessKeyId, Secret: *made.AccessKeySecret}
	if made.SecurityToken != nil {
		seen.Token = *made.SecurityToken
	}
	return seen
}

func main() {
	var from credentials.Credential
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked struct{ Make *wanted }
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		var answer told
		if asked.Make == nil {
			answer = get(from)
		} else if made, err := provider(asked.Make); err != nil {
			answer.Error = err.Error()
		} else {
			from = made
		}
		text, _ := json.Marshal(answer)
		fmt.Println(string(text))
	}
}
