// Package app keeps the AccessKey of a RAM user fresh, and works with the credentials of a role.
package app

import (
	"errors"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	ram "github.com/alibabacloud-go/ram-20150501/v2/client"
	sts "github.com/alibabacloud-go/sts-20150401/v2/client"
	"github.com/alibabacloud-go/tea/tea"
)

// Account is who calls, and where.
type Account struct {
	ID, Secret, Token string
	// Tests set an endpoint; without it, the SDK calls the real service.
	Endpoint string
}

func (a Account) config() *openapi.Config {
	config := &openapi.Config{AccessKeyId: &a.ID, AccessKeySecret: &a.Secret}
	if a.Token != "" {
		config.SecurityToken = &a.Token
	}
	if a.Endpoint != "" {
		config.Endpoint, config.Protocol = &a.Endpoint, tea.String("HTTP")
	}
	return config
}

func keysOf(client *ram.Client, user string) (ids []string, err error) {
	listed, err := client.ListAccessKeys(&ram.ListAccessKeysRequest{UserName: &user})
	if err != nil {
		return nil, err
	}
	for _, key := range listed.Body.AccessKeys.AccessKey {
		ids = append(ids, tea.StringValue(key.AccessKeyId))
	}
	return ids, nil
}

func deleteKeys(client *ram.Client, user string, ids []string) error {
	for _, id := range ids {
		if _, err := client.DeleteAccessKey(&ram.DeleteAccessKeyRequest{UserName: &user, UserAccessKeyId: &id}); err != nil {
			return err
		}
	}
	return nil
}

// isRefused says if the service refused a call with this code, or with any code if it is empty.
func isRefused(err error, code string) bool {
	var refused *tea.SDKError
	return errors.As(err, &refused) && tea.IntValue(refused.StatusCode) != 0 && (code == "" || tea.StringValue(refused.Code) == code)
}

// Rotate replaces the keys of a user by a new one. It returns the id and the secret of the new key.
func Rotate(account Account, user string) (id, secret string, err error) {
	client, err := ram.NewClient(account.config())
	if err != nil {
		return "", "", err
	}
	old, err := keysOf(client, user)
	if err != nil {
		return "", "", err
	}
	create := &ram.CreateAccessKeyRequest{UserName: &user}
	made, err := client.CreateAccessKey(create)
	if err != nil && !isRefused(err, "") {
		made, err = client.CreateAccessKey(create)
	}
	if err != nil {
		return "", "", err
	}
	key := made.Body.AccessKey
	return tea.StringValue(key.AccessKeyId), tea.StringValue(key.AccessKeySecret), deleteKeys(client, user, old)
}

// Session has the credentials of a role.
type Session struct {
	account Account
	role    string
	client  *ram.Client
}

// NewSession returns a session of a role, which the account may assume.
func NewSession(account Account, role string) *Session { return &Session{account: account, role: role} }

func (s *Session) refresh() error {
	client, err := sts.NewClient(s.account.config())
	if err != nil {
		return err
	}
	made, err := client.AssumeRole(&sts.AssumeRoleRequest{RoleArn: &s.role, RoleSessionName: tea.String("app")})
	if err != nil {
		return err
	}
	credentials := made.Body.Credentials
	s.client, err = ram.NewClient(Account{
		tea.StringValue(credentials.AccessKeyId), tea.StringValue(credentials.AccessKeySecret),
		tea.StringValue(credentials.SecurityToken), s.account.Endpoint,
	}.config())
	return err
}

// Users returns the names of all users.
func (s *Session) Users() (names []string, err error) {
	if s.client == nil {
		if err := s.refresh(); err != nil {
			return nil, err
		}
	}
	listed, err := s.client.ListUsers(&ram.ListUsersRequest{})
	if err != nil {
		return nil, err
	}
	for _, user := range listed.Body.Users.User {
		names = append(names, tea.StringValue(user.UserName))
	}
	return names, nil
}
