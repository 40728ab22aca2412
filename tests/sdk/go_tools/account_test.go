// Package tools drives tools that nobody told of an emulator: their hosts are the real ones, and the proxy leads to alimock.
package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

const region = "cn-hangzhou"

// versions are those of the products that tests call.
var versions = map[string]string{"Ram": "2015-05-01", "Ims": "2019-08-15", "Sts": "2015-04-01", "Ecs": "2014-05-26"}

// key is an AccessKey, or a temporary one.
type key struct{ id, secret, token string }

// root is the key of the account.
var root = key{id: os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_ID"), secret: os.Getenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET")}

type fields = map[string]any

// call makes a call with the classic SDK, and gives the answer or the error.
func (k key) call(product, action string, params map[string]string) (fields, error) {
	credential := credentials.NewStsTokenCredential(k.id, k.secret, k.token)
	config := sdk.NewConfig().WithScheme("HTTPS")
	client, err := sdk.NewClientWithOptions(region, config, credential)
	if err != nil {
		return nil, err
	}
	request := requests.NewCommonRequest()
	request.Product, request.ServiceCode, request.Version = product, product, versions[product]
	request.ApiName, request.Scheme = action, "HTTPS"
	for name, value := range params {
		request.QueryParams[name] = value
	}
	if product != "Ecs" {
		request.Domain = map[string]string{"Ram": "ram", "Ims": "ims", "Sts": "sts"}[product] + ".aliyuncs.com"
	}
	answer, err := client.ProcessCommonRequest(request)
	if err != nil {
		return nil, err
	}
	var body fields
	return body, json.Unmarshal(answer.GetHttpContentBytes(), &body)
}

// ok makes a call that must succeed.
func (k key) ok(t *testing.T, product, action string, params map[string]string) fields {
	t.Helper()
	body, err := k.call(product, action, params)
	if err != nil {
		t.Fatal(action, err)
	}
	return body
}

// at is a text within an answer.
func at(value any, path ...string) string {
	for _, name := range path {
		value = value.(fields)[name]
	}
	return fmt.Sprint(value)
}

// user makes a user with policies and a key.
func user(t *testing.T, name string, policies ...string) key {
	t.Helper()
	root.ok(t, "Ram", "CreateUser", map[string]string{"UserName": name})
	for _, policy := range policies {
		root.ok(t, "Ram", "AttachPolicyToUser", map[string]string{"UserName": name, "PolicyName": policy, "PolicyType": "System"})
	}
	made := root.ok(t, "Ram", "CreateAccessKey", map[string]string{"UserName": name})["AccessKey"]
	return key{id: at(made, "AccessKeyId"), secret: at(made, "AccessKeySecret")}
}

// role makes a role that trusts somebody and may read RAM; it gives the ARN.
func role(t *testing.T, name, kind, trusted string) string {
	t.Helper()
	trust, err := json.Marshal(fields{"Version": "1", "Statement": []fields{
		{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": fields{kind: []string{trusted}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	made := root.ok(t, "Ram", "CreateRole", map[string]string{"RoleName": name, "AssumeRolePolicyDocument": string(trust)})
	root.ok(t, "Ram", "AttachPolicyToRole", map[string]string{"RoleName": name, "PolicyName": "AliyunRAMReadOnlyAccess", "PolicyType": "System"})
	return at(made, "Role", "Arn")
}

// uid is the account.
func uid(t *testing.T) string {
	t.Helper()
	return at(root.ok(t, "Sts", "GetCallerIdentity", nil), "AccountId")
}

// control calls the control API.
func control(t *testing.T, method, path string, body any) (answer fields) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(method, os.Getenv("ALIMOCK_ENDPOINT")+"/_alimock/worlds/default/"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	direct := http.Client{Transport: &http.Transport{}}
	response, err := direct.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %v %v", method, path, response.StatusCode, answer, err)
	}
	return answer
}
