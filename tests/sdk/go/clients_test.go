// Package sdk runs official Go SDKs against alimock.
package sdk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	teaims "github.com/alibabacloud-go/ims-20190815/v4/client"
	tearam "github.com/alibabacloud-go/ram-20150501/v2/client"
	teasts "github.com/alibabacloud-go/sts-20150401/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
	core "github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	coreerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/responses"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/crm"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ecs"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ims"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ram"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/sts"
)

const (
	region      = "cn-hangzhou"
	worldHeader = "x-alimock-world"
)

var versions = map[string]string{
	"Aas": "2015-07-01",
	"Crm": "2015-04-08",
	"Ecs": "2014-05-26",
	"Ims": "2019-08-15",
	"Ram": "2015-05-01",
	"Sts": "2015-04-01",
}

// The SDKs are brought to one shape so that a walk is written once: an API such as `Ram.CreateUser`, parameters and a
// reply in wire names, and what the SDK's own error says of a refusal.
type (
	params = map[string]any
	reply  = map[string]any
	// A temporary key has a token. A call that no key signs names its world.
	key struct{ id, secret, token, world string }
)

type sdk struct {
	name string
	call func(key, string, params) (reply, error)
	read func(*testing.T, error) refusal
	// How the message about a wrong secret begins.
	mismatch string
	// What the SDK itself adds to it.
	hint string
	// Whether a parameter can be an empty text.
	sendsEmpty bool
}

type refusal struct {
	status                         int
	code, message, requestID, hint string
	detail                         params
}

var sdks = []sdk{
	{
		name: "tea", call: teaCall, read: readTea, sendsEmpty: true,
		mismatch: "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n",
	},
	sdkGo("packages", packageCall, false),
	sdkGo("common_request_by_GET", commonCall(requests.GET), true),
	sdkGo("common_request_by_POST", commonCall(requests.POST), true),
}

func sdkGo(name string, call func(key, string, params) (reply, error), sendsEmpty bool) sdk {
	return sdk{
		name: name, call: call, read: readSdkGo, sendsEmpty: sendsEmpty,
		mismatch: "Specified signature is not matched with our calculation. server string to sign is:",
		hint:     "InvalidAccessKeySecret",
	}
}

// How clients get to the emulator: see `run`.
var way = os.Getenv("ALIMOCK_WAY")

// told is the endpoint and the scheme that clients are given: none by the ways that lead real hosts to the emulator.
func told() (address, scheme string) {
	switch way {
	case "", "plain":
		return endpoint(), "HTTP"
	case "tls":
		return endpoint(), "HTTPS"
	default:
		return "", ""
	}
}

// endpoint is where the emulator listens, as host and port.
func endpoint() string {
	address, err := url.Parse(os.Getenv("ALIMOCK_ENDPOINT"))
	if err != nil || address.Host == "" {
		panic("ALIMOCK_ENDPOINT is not set to an address")
	}
	return address.Host
}

// flat writes lists as the wire has them: `AttributeName.1`.
func flat(given params) map[string]string {
	texts := map[string]string{}
	for name, value := range given {
		if list, ok := value.([]string); ok {
			for i, item := range list {
				texts[fmt.Sprintf("%s.%d", name, i+1)] = item
			}
		} else {
			texts[name] = value.(string)
		}
	}
	return texts
}

// wire is what a request or response struct holds, in wire names.
func wire(value any) (reply, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return parsed(text)
}

func parsed(text []byte) (seen reply, err error) {
	err = json.Unmarshal(text, &seen)
	return seen, err
}

// methods are what the clients of alibabacloud-go made for one product have for the APIs used here.
var methods = map[string]func(*openapi.Config, params) (reply, error){
	"Ims.CreateAccessKey":         method(teaims.NewClient, (*teaims.Client).CreateAccessKey),
	"Ims.DeleteAccessKey":         method(teaims.NewClient, (*teaims.Client).DeleteAccessKey),
	"Ims.GetAccessKeyLastUsed":    method(teaims.NewClient, (*teaims.Client).GetAccessKeyLastUsed),
	"Ims.ListAccessKeys":          method(teaims.NewClient, (*teaims.Client).ListAccessKeys),
	"Ims.UpdateAccessKey":         method(teaims.NewClient, (*teaims.Client).UpdateAccessKey),
	"Ram.AddUserToGroup":          method(tearam.NewClient, (*tearam.Client).AddUserToGroup),
	"Ram.AttachPolicyToGroup":     method(tearam.NewClient, (*tearam.Client).AttachPolicyToGroup),
	"Ram.AttachPolicyToRole":      method(tearam.NewClient, (*tearam.Client).AttachPolicyToRole),
	"Ram.AttachPolicyToUser":      method(tearam.NewClient, (*tearam.Client).AttachPolicyToUser),
	"Ram.CreateAccessKey":         method(tearam.NewClient, (*tearam.Client).CreateAccessKey),
	"Ram.CreateGroup":             method(tearam.NewClient, (*tearam.Client).CreateGroup),
	"Ram.CreatePolicy":            method(tearam.NewClient, (*tearam.Client).CreatePolicy),
	"Ram.CreatePolicyVersion":     method(tearam.NewClient, (*tearam.Client).CreatePolicyVersion),
	"Ram.CreateRole":              method(tearam.NewClient, (*tearam.Client).CreateRole),
	"Ram.CreateUser":              method(tearam.NewClient, (*tearam.Client).CreateUser),
	"Ram.DecodeDiagnosticMessage": method(tearam.NewClient, (*tearam.Client).DecodeDiagnosticMessage),
	"Ram.DeleteAccessKey":         method(tearam.NewClient, (*tearam.Client).DeleteAccessKey),
	"Ram.DeleteGroup":             method(tearam.NewClient, (*tearam.Client).DeleteGroup),
	"Ram.DeletePolicy":            method(tearam.NewClient, (*tearam.Client).DeletePolicy),
	"Ram.DeletePolicyVersion":     method(tearam.NewClient, (*tearam.Client).DeletePolicyVersion),
	"Ram.DeleteRole":              method(tearam.NewClient, (*tearam.Client).DeleteRole),
	"Ram.DeleteUser":              method(tearam.NewClient, (*tearam.Client).DeleteUser),
	"Ram.DetachPolicyFromGroup":   method(tearam.NewClient, (*tearam.Client).DetachPolicyFromGroup),
	"Ram.DetachPolicyFromRole":    method(tearam.NewClient, (*tearam.Client).DetachPolicyFromRole),
	"Ram.DetachPolicyFromUser":    method(tearam.NewClient, (*tearam.Client).DetachPolicyFromUser),
	"Ram.GetAccessKeyLastUsed":    method(tearam.NewClient, (*tearam.Client).GetAccessKeyLastUsed),
	"Ram.GetGroup":                method(tearam.NewClient, (*tearam.Client).GetGroup),
	"Ram.GetPolicy":               method(tearam.NewClient, (*tearam.Client).GetPolicy),
	"Ram.GetPolicyVersion":        method(tearam.NewClient, (*tearam.Client).GetPolicyVersion),
	"Ram.GetRole":                 method(tearam.NewClient, (*tearam.Client).GetRole),
	"Ram.GetUser":                 method(tearam.NewClient, (*tearam.Client).GetUser),
	"Ram.ListAccessKeys":          method(tearam.NewClient, (*tearam.Client).ListAccessKeys),
	"Ram.ListEntitiesForPolicy":   method(tearam.NewClient, (*tearam.Client).ListEntitiesForPolicy),
	"Ram.ListGroups":              method(tearam.NewClient, (*tearam.Client).ListGroups),
	"Ram.ListGroupsForUser":       method(tearam.NewClient, (*tearam.Client).ListGroupsForUser),
	"Ram.ListPolicies":            method(tearam.NewClient, (*tearam.Client).ListPolicies),
	"Ram.ListPoliciesForGroup":    method(tearam.NewClient, (*tearam.Client).ListPoliciesForGroup),
	"Ram.ListPoliciesForRole":     method(tearam.NewClient, (*tearam.Client).ListPoliciesForRole),
	"Ram.ListPoliciesForUser":     method(tearam.NewClient, (*tearam.Client).ListPoliciesForUser),
	"Ram.ListPolicyVersions":      method(tearam.NewClient, (*tearam.Client).ListPolicyVersions),
	"Ram.ListRoles":               method(tearam.NewClient, (*tearam.Client).ListRoles),
	"Ram.ListUsers":               method(tearam.NewClient, (*tearam.Client).ListUsers),
	"Ram.ListUsersForGroup":       method(tearam.NewClient, (*tearam.Client).ListUsersForGroup),
	"Ram.RemoveUserFromGroup":     method(tearam.NewClient, (*tearam.Client).RemoveUserFromGroup),
	"Ram.SetDefaultPolicyVersion": method(tearam.NewClient, (*tearam.Client).SetDefaultPolicyVersion),
	"Ram.UpdateAccessKey":         method(tearam.NewClient, (*tearam.Client).UpdateAccessKey),
	"Ram.UpdateGroup":             method(tearam.NewClient, (*tearam.Client).UpdateGroup),
	"Ram.UpdateRole":              method(tearam.NewClient, (*tearam.Client).UpdateRole),
	"Ram.UpdateUser":              method(tearam.NewClient, (*tearam.Client).UpdateUser),
	"Sts.AssumeRole":              method(teasts.NewClient, (*teasts.Client).AssumeRole),
	"Sts.AssumeRoleWithOIDC":      method(teasts.NewClient, (*teasts.Client).AssumeRoleWithOIDC),
	"Sts.AssumeRoleWithSAML":      method(teasts.NewClient, (*teasts.Client).AssumeRoleWithSAML),
	"Sts.GetCallerIdentity": method(teasts.NewClient, func(client *teasts.Client, _ *struct{}) (*teasts.GetCallerIdentityResponse, error) {
		return client.GetCallerIdentity()
	}),
}

// method fills the request struct of a client's method and reads the reply out of its response struct.
func method[C, Q, R any](newClient func(*openapi.Config) (C, error), call func(C, *Q) (R, error)) func(*openapi.Config, params) (reply, error) {
	return func(config *openapi.Config, given params) (reply, error) {
		client, err := newClient(config)
		if err != nil {
			return nil, err
		}
		// Unlike encoding/json, Convert reads the number in "2".
		request := new(Q)
		if err := tea.Convert(given, request); err != nil {
			return nil, err
		}
		taken, err := wire(request)
		if err != nil {
			return nil, err
		}
		if len(taken) != len(given) {
			return nil, fmt.Errorf("%T takes %v of %v", request, taken, given)
		}
		response, err := call(client, request)
		if err != nil {
			return nil, err
		}
		seen, err := wire(response)
		if err != nil {
			return nil, err
		}
		return seen["body"].(reply), nil
	}
}

// teaCall goes through the client made for the product: signature version 3.
func teaCall(key key, api string, given params) (reply, error) {
	config := &openapi.Config{
		AccessKeyId: &key.id, AccessKeySecret: &key.secret, RegionId: tea.String(region),
	}
	address, scheme := told()
	if address != "" {
		config.Endpoint, config.Protocol = &address, &scheme
	}
	if key.token != "" {
		config.SecurityToken = &key.token
	}
	if key.world != "" {
		config.GlobalParameters = &openapi.GlobalParameters{Headers: map[string]*string{worldHeader: &key.world}}
	}
	if call, ok := methods[api]; ok {
		return call(config, given)
	}
	// The others go through the generic call that those clients are built on, which knows no host.
	product, action, _ := strings.Cut(api, ".")
	if address == "" {
		config.Endpoint, scheme = tea.String(strings.ToLower(product)+".aliyuncs.com"), "HTTPS"
	}
	client, err := openapi.NewClient(config)
	if err != nil {
		return nil, err
	}
	call := &openapi.Params{
		Action: &action, Version: tea.String(versions[product]), Protocol: &scheme, Pathname: tea.String("/"),
		Method: tea.String("POST"), AuthType: tea.String("AK"), Style: tea.String("RPC"),
		ReqBodyType: tea.String("formData"), BodyType: tea.String("json"),
	}
	query := map[string]*string{}
	for name, value := range flat(given) {
		query[name] = &value
	}
	result, err := client.CallApi(call, &openapi.OpenApiRequest{Query: query}, &dara.RuntimeOptions{})
	if err != nil {
		return nil, err
	}
	return result["body"].(reply), nil
}

func readTea(t *testing.T, err error) refusal {
	t.Helper()
	var failure *tea.SDKError
	if !errors.As(err, &failure) {
		t.Fatalf("%T: %v", err, err)
	}
	body, err := parsed([]byte(tea.StringValue(failure.Data)))
	if err != nil {
		t.Fatalf("%v: %v", err, failure)
	}
	seen := refusal{
		status:    tea.IntValue(failure.StatusCode),
		code:      tea.StringValue(failure.Code),
		message:   at(body, "Message"),
		requestID: at(body, "RequestId"),
		detail:    failure.AccessDeniedDetail,
	}
	full := fmt.Sprintf("code: %d, %s request id: %s", seen.status, seen.message, seen.requestID)
	if got := tea.StringValue(failure.Message); got != full {
		t.Errorf("got message %q, want %q", got, full)
	}
	return seen
}

// operations are what the packages of alibaba-cloud-sdk-go have for the APIs used here.
var operations = map[string]func() (requests.AcsRequest, responses.AcsResponse){
	"Crm.AddIdentityCertifiedForBidUser":    of(crm.CreateAddIdentityCertifiedForBidUserRequest, crm.CreateAddIdentityCertifiedForBidUserResponse),
	"Crm.QueryBidUserCertifiedInfo":         of(crm.CreateQueryBidUserCertifiedInfoRequest, crm.CreateQueryBidUserCertifiedInfoResponse),
	"Crm.RemoveIdentityCertifiedForBidUser": of(crm.CreateRemoveIdentityCertifiedForBidUserRequest, crm.CreateRemoveIdentityCertifiedForBidUserResponse),
	"Ecs.DescribeAccountAttributes":         of(ecs.CreateDescribeAccountAttributesRequest, ecs.CreateDescribeAccountAttributesResponse),
	"Ims.CreateAccessKey":                   of(ims.CreateCreateAccessKeyRequest, ims.CreateCreateAccessKeyResponse),
	"Ims.DeleteAccessKey":                   of(ims.CreateDeleteAccessKeyRequest, ims.CreateDeleteAccessKeyResponse),
	"Ims.GetAccessKeyLastUsed":              of(ims.CreateGetAccessKeyLastUsedRequest, ims.CreateGetAccessKeyLastUsedResponse),
	"Ims.ListAccessKeys":                    of(ims.CreateListAccessKeysRequest, ims.CreateListAccessKeysResponse),
	"Ims.UpdateAccessKey":                   of(ims.CreateUpdateAccessKeyRequest, ims.CreateUpdateAccessKeyResponse),
	"Ram.AddUserToGroup":                    of(ram.CreateAddUserToGroupRequest, ram.CreateAddUserToGroupResponse),
	"Ram.AttachPolicyToGroup":               of(ram.CreateAttachPolicyToGroupRequest, ram.CreateAttachPolicyToGroupResponse),
	"Ram.AttachPolicyToRole":                of(ram.CreateAttachPolicyToRoleRequest, ram.CreateAttachPolicyToRoleResponse),
	"Ram.AttachPolicyToUser":                of(ram.CreateAttachPolicyToUserRequest, ram.CreateAttachPolicyToUserResponse),
	"Ram.CreateAccessKey":                   of(ram.CreateCreateAccessKeyRequest, ram.CreateCreateAccessKeyResponse),
	"Ram.CreateGroup":                       of(ram.CreateCreateGroupRequest, ram.CreateCreateGroupResponse),
	"Ram.CreateLoginProfile":                of(ram.CreateCreateLoginProfileRequest, ram.CreateCreateLoginProfileResponse),
	"Ram.CreatePolicy":                      of(ram.CreateCreatePolicyRequest, ram.CreateCreatePolicyResponse),
	"Ram.CreatePolicyVersion":               of(ram.CreateCreatePolicyVersionRequest, ram.CreateCreatePolicyVersionResponse),
	"Ram.CreateRole":                        of(ram.CreateCreateRoleRequest, ram.CreateCreateRoleResponse),
	"Ram.CreateUser":                        of(ram.CreateCreateUserRequest, ram.CreateCreateUserResponse),
	"Ram.DeleteAccessKey":                   of(ram.CreateDeleteAccessKeyRequest, ram.CreateDeleteAccessKeyResponse),
	"Ram.DeleteGroup":                       of(ram.CreateDeleteGroupRequest, ram.CreateDeleteGroupResponse),
	"Ram.DeleteLoginProfile":                of(ram.CreateDeleteLoginProfileRequest, ram.CreateDeleteLoginProfileResponse),
	"Ram.DeletePolicy":                      of(ram.CreateDeletePolicyRequest, ram.CreateDeletePolicyResponse),
	"Ram.DeletePolicyVersion":               of(ram.CreateDeletePolicyVersionRequest, ram.CreateDeletePolicyVersionResponse),
	"Ram.DeleteRole":                        of(ram.CreateDeleteRoleRequest, ram.CreateDeleteRoleResponse),
	"Ram.DeleteUser":                        of(ram.CreateDeleteUserRequest, ram.CreateDeleteUserResponse),
	"Ram.DetachPolicyFromGroup":             of(ram.CreateDetachPolicyFromGroupRequest, ram.CreateDetachPolicyFromGroupResponse),
	"Ram.DetachPolicyFromRole":              of(ram.CreateDetachPolicyFromRoleRequest, ram.CreateDetachPolicyFromRoleResponse),
	"Ram.DetachPolicyFromUser":              of(ram.CreateDetachPolicyFromUserRequest, ram.CreateDetachPolicyFromUserResponse),
	"Ram.GetAccessKeyLastUsed":              of(ram.CreateGetAccessKeyLastUsedRequest, ram.CreateGetAccessKeyLastUsedResponse),
	"Ram.GetGroup":                          of(ram.CreateGetGroupRequest, ram.CreateGetGroupResponse),
	"Ram.GetLoginProfile":                   of(ram.CreateGetLoginProfileRequest, ram.CreateGetLoginProfileResponse),
	"Ram.GetPolicy":                         of(ram.CreateGetPolicyRequest, ram.CreateGetPolicyResponse),
	"Ram.GetPolicyVersion":                  of(ram.CreateGetPolicyVersionRequest, ram.CreateGetPolicyVersionResponse),
	"Ram.GetRole":                           of(ram.CreateGetRoleRequest, ram.CreateGetRoleResponse),
	"Ram.GetUser":                           of(ram.CreateGetUserRequest, ram.CreateGetUserResponse),
	"Ram.ListAccessKeys":                    of(ram.CreateListAccessKeysRequest, ram.CreateListAccessKeysResponse),
	"Ram.ListEntitiesForPolicy":             of(ram.CreateListEntitiesForPolicyRequest, ram.CreateListEntitiesForPolicyResponse),
	"Ram.ListGroups":                        of(ram.CreateListGroupsRequest, ram.CreateListGroupsResponse),
	"Ram.ListGroupsForUser":                 of(ram.CreateListGroupsForUserRequest, ram.CreateListGroupsForUserResponse),
	"Ram.ListPolicies":                      of(ram.CreateListPoliciesRequest, ram.CreateListPoliciesResponse),
	"Ram.ListPoliciesForGroup":              of(ram.CreateListPoliciesForGroupRequest, ram.CreateListPoliciesForGroupResponse),
	"Ram.ListPoliciesForRole":               of(ram.CreateListPoliciesForRoleRequest, ram.CreateListPoliciesForRoleResponse),
	"Ram.ListPoliciesForUser":               of(ram.CreateListPoliciesForUserRequest, ram.CreateListPoliciesForUserResponse),
	"Ram.ListPolicyVersions":                of(ram.CreateListPolicyVersionsRequest, ram.CreateListPolicyVersionsResponse),
	"Ram.ListRoles":                         of(ram.CreateListRolesRequest, ram.CreateListRolesResponse),
	"Ram.ListUsers":                         of(ram.CreateListUsersRequest, ram.CreateListUsersResponse),
	"Ram.ListUsersForGroup":                 of(ram.CreateListUsersForGroupRequest, ram.CreateListUsersForGroupResponse),
	"Ram.RemoveUserFromGroup":               of(ram.CreateRemoveUserFromGroupRequest, ram.CreateRemoveUserFromGroupResponse),
	"Ram.SetAccountAlias":                   of(ram.CreateSetAccountAliasRequest, ram.CreateSetAccountAliasResponse),
	"Ram.SetDefaultPolicyVersion":           of(ram.CreateSetDefaultPolicyVersionRequest, ram.CreateSetDefaultPolicyVersionResponse),
	"Ram.UnbindMFADevice":                   of(ram.CreateUnbindMFADeviceRequest, ram.CreateUnbindMFADeviceResponse),
	"Ram.UpdateAccessKey":                   of(ram.CreateUpdateAccessKeyRequest, ram.CreateUpdateAccessKeyResponse),
	"Ram.UpdateGroup":                       of(ram.CreateUpdateGroupRequest, ram.CreateUpdateGroupResponse),
	"Ram.UpdateLoginProfile":                of(ram.CreateUpdateLoginProfileRequest, ram.CreateUpdateLoginProfileResponse),
	"Ram.UpdateRole":                        of(ram.CreateUpdateRoleRequest, ram.CreateUpdateRoleResponse),
	"Ram.UpdateUser":                        of(ram.CreateUpdateUserRequest, ram.CreateUpdateUserResponse),
	"Sts.AssumeRole":                        of(sts.CreateAssumeRoleRequest, sts.CreateAssumeRoleResponse),
	"Sts.AssumeRoleWithOIDC":                of(sts.CreateAssumeRoleWithOIDCRequest, sts.CreateAssumeRoleWithOIDCResponse),
	"Sts.AssumeRoleWithSAML":                of(sts.CreateAssumeRoleWithSAMLRequest, sts.CreateAssumeRoleWithSAMLResponse),
	"Sts.GetCallerIdentity":                 of(sts.CreateGetCallerIdentityRequest, sts.CreateGetCallerIdentityResponse),
}

func of[Q requests.AcsRequest, R responses.AcsResponse](request func() Q, response func() R) func() (requests.AcsRequest, responses.AcsResponse) {
	return func() (requests.AcsRequest, responses.AcsResponse) { return request(), response() }
}

// newCore is a client of alibaba-cloud-sdk-go.
func newCore(key key) (*core.Client, error) {
	if key.token != "" {
		return core.NewClientWithStsToken(region, key.id, key.secret, key.token)
	}
	return core.NewClientWithAccessKey(region, key.id, key.secret)
}

// address sends a request to the emulator.
func address(request requests.AcsRequest, key key) {
	if address, scheme := told(); address != "" {
		request.SetDomain(address)
		request.SetScheme(scheme)
	}
	if key.world != "" {
		request.GetHeaders()[worldHeader] = key.world
	}
}

// packageCall fills the request struct of the product's package and reads the reply out of its response struct, so what
// the struct does not take is lost. The clients of the packages do no more than DoAction.
func packageCall(key key, api string, given params) (reply, error) {
	operation, ok := operations[api]
	if !ok {
		// There is no package for Aas, and RAM's lacks what came late: tags, the decoding of refusals.
		return commonCall(requests.POST)(key, api, given)
	}
	request, response := operation()
	text, err := json.Marshal(given)
	if err != nil {
		return nil, err
	}
	fields := json.NewDecoder(bytes.NewReader(text))
	fields.DisallowUnknownFields()
	if err := fields.Decode(request); err != nil {
		return nil, fmt.Errorf("the request of %s: %w", api, err)
	}
	client, err := newCore(key)
	if err != nil {
		return nil, err
	}
	address(request, key)
	if err := client.DoAction(request, response); err != nil {
		return nil, err
	}
	return wire(response)
}

// commonCall goes through the generic call of alibaba-cloud-sdk-go: signature version 1, parameters in the query of a
// GET and in the form of a POST.
func commonCall(method string) func(key, string, params) (reply, error) {
	return func(key key, api string, given params) (reply, error) {
		client, err := newCore(key)
		if err != nil {
			return nil, err
		}
		request := requests.NewCommonRequest()
		product, action, _ := strings.Cut(api, ".")
		request.Method = method
		address(request, key)
		request.Product, request.Version, request.ApiName = product, versions[product], action
		// Who is told no endpoint looks the host up by this.
		request.ServiceCode = strings.ToLower(product)
		if method == requests.POST {
			request.FormParams = flat(given)
		} else {
			request.QueryParams = flat(given)
		}
		response, err := client.ProcessCommonRequest(request)
		if err != nil {
			return nil, err
		}
		return parsed(response.GetHttpContentBytes())
	}
}

func readSdkGo(t *testing.T, err error) refusal {
	t.Helper()
	var failure *coreerrors.ServerError
	if !errors.As(err, &failure) {
		t.Fatalf("%T: %v", err, err)
	}
	return refusal{
		status:    failure.HttpStatus(),
		code:      failure.ErrorCode(),
		message:   failure.Message(),
		requestID: failure.RequestId(),
		hint:      failure.Recommend(),
		detail:    failure.AccessDeniedDetail(),
	}
}
