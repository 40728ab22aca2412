package sdk

import "testing"

const identityBased = "AccountLevelIdentityBasedPolicy"

var (
	rule          = params{"PolicyName": "rule", "PolicyType": "Custom"}
	administrator = params{"PolicyName": "AdministratorAccess", "PolicyType": "System"}
)

// create makes the policy that the tests are about.
func (a actor) create(text string) {
	a.Helper()
	a.ok("Ram.CreatePolicy", params{"PolicyName": "rule", "PolicyDocument": text})
}

func (a actor) mayNotListUsers(kind string) params {
	a.Helper()
	return a.denied("Ram.ListUsers", nil, "acs:ram:*:"+a.pk+":user/*", "ram:ListUsers", kind, identityBased)
}

func (a actor) mayNotListGroups() {
	a.Helper()
	a.denied("Ram.ListGroups", nil, "acs:ram:*:"+a.pk+":group/*", "ram:ListGroups", "ImplicitDeny", identityBased)
}

func TestAPermissionIsThereWhileThePolicyIsAttached(t *testing.T) {
	each(t, func(_, root actor) {
		user := root.user("alice")
		detail := user.mayNotListUsers("ImplicitDeny")
		root.equal(at(detail, "AuthPrincipalType")+" "+at(detail, "AuthPrincipalOwnerId"), "SubUser "+root.pk)
		root.equal(at(detail, "AuthPrincipalDisplayName"), at(root.ok("Ram.GetUser", alice), "User.UserId"))

		root.create(policy("Allow", "ram:ListUsers"))
		root.ok("Ram.AttachPolicyToUser", and(alice, rule))
		root.equal(column(user.ok("Ram.ListUsers", nil), "Users", "User", "UserName"), "alice")
		user.mayNotListGroups()

		root.ok("Ram.DetachPolicyFromUser", and(alice, rule))
		user.mayNotListUsers("ImplicitDeny")
	})
}

func TestAPermissionIsWhatTheDefaultVersionSays(t *testing.T) {
	each(t, func(_, root actor) {
		user := root.user("alice")
		root.create(policy("Allow", "ram:ListUsers"))
		root.ok("Ram.AttachPolicyToUser", and(alice, rule))
		root.ok("Ram.CreatePolicyVersion", params{"PolicyName": "rule", "PolicyDocument": policy("Allow", "ram:ListGroups")})

		user.ok("Ram.ListUsers", nil)
		user.mayNotListGroups()
		root.ok("Ram.SetDefaultPolicyVersion", params{"PolicyName": "rule", "VersionId": "v2"})
		user.ok("Ram.ListGroups", nil)
		user.mayNotListUsers("ImplicitDeny")
	})
}

func TestAPermissionComesWithTheGroup(t *testing.T) {
	each(t, func(_, root actor) {
		user := root.user("alice")
		root.create(policy("Allow", "ram:ListUsers"))
		root.ok("Ram.CreateGroup", crew)
		root.ok("Ram.AttachPolicyToGroup", and(crew, rule))
		user.mayNotListUsers("ImplicitDeny")

		root.ok("Ram.AddUserToGroup", member)
		user.ok("Ram.ListUsers", nil)
		root.ok("Ram.RemoveUserFromGroup", member)
		user.mayNotListUsers("ImplicitDeny")
	})
}

func TestAnExplicitDenyWinsAndIsDecoded(t *testing.T) {
	each(t, func(_, root actor) {
		user := root.user("alice")
		root.ok("Ram.AttachPolicyToUser", and(alice, administrator))
		user.ok("Ram.ListUsers", nil)

		root.create(policy("Deny", "ram:ListUsers"))
		root.ok("Ram.AttachPolicyToUser", and(alice, rule))

		detail := user.mayNotListUsers("ExplicitDeny")
		user.ok("Ram.ListGroups", nil)
		message := params{"EncodedDiagnosticMessage": at(detail, "EncodedDiagnosticMessage")}
		decoded := root.ok("Ram.DecodeDiagnosticMessage", message)["DecodedDiagnosticMessage"].(reply)
		root.equal(at(decoded, "AuthAction")+" "+at(decoded, "ExplicitDeny"), "ram:ListUsers true")
		matched := decoded["MatchedPolicies"].([]any)[0]
		root.equal(at(matched, "PolicyIdentifier")+" "+at(matched, "Effect"), "rule Deny")
	})
}
