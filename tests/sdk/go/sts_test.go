package sdk

import "testing"

const lookAround = "ram:ListUsers"

var mayAssume = params{"UserName": "alice", "PolicyName": "AliyunSTSAssumeRoleAccess", "PolicyType": "System"}

// role makes a role that may list users.
func (a actor) role(name, trusting string) reply {
	a.Helper()
	made := a.ok("Ram.CreateRole", params{"RoleName": name, "AssumeRolePolicyDocument": trusting})
	a.ok("Ram.CreatePolicy", params{"PolicyName": "look", "PolicyDocument": policy("Allow", lookAround)})
	a.ok("Ram.AttachPolicyToRole", and(params{"RoleName": name}, look))
	return made["Role"].(reply)
}

// session calls with the temporary key in an answer of STS.
func (a actor) session(seen reply) actor {
	text := func(field string) string { return at(seen, "Credentials."+field) }
	return a.with(key{id: text("AccessKeyId"), secret: text("AccessKeySecret"), token: text("SecurityToken")})
}

// whoMayAssume makes a role that trusts the account, and a user who may assume every role.
func (a actor) whoMayAssume() (role reply, user actor, night params) {
	a.Helper()
	role = a.role("deploy", trust("RAM", "acs:ram::"+a.pk+":root"))
	user = a.user("alice")
	a.ok("Ram.AttachPolicyToUser", mayAssume)
	return role, user, params{"RoleArn": at(role, "Arn"), "RoleSessionName": "night"}
}

func TestASessionCallsAsItsRoleUntilItEnds(t *testing.T) {
	eachStanding(t, func(root actor, world standing) {
		role, user, night := root.whoMayAssume()

		seen := user.ok("Sts.AssumeRole", and(night, params{"DurationSeconds": "900"}))
		session := root.session(seen)

		root.equal(at(seen, "AssumedRoleUser.Arn"), "acs:ram::"+root.pk+":role/deploy/night")
		root.equal(at(seen, "AssumedRoleUser.AssumedRoleId"), at(role, "RoleId")+":night")
		root.equal(at(seen, "Credentials.Expiration"), "2026-01-01T00:15:00Z")
		me := session.ok("Sts.GetCallerIdentity", nil)
		root.equal(at(me, "IdentityType")+" "+at(me, "AccountId"), "AssumedRoleUser "+root.pk)
		root.equal(at(me, "Arn"), "acs:ram::"+root.pk+":assumed-role/deploy/night")
		root.equal(column(session.ok("Ram.ListUsers", nil), "Users", "User", "UserName"), "alice")
		session.mayNotListGroups()
		withoutToken := key{id: session.key.id, secret: session.key.secret}
		root.with(withoutToken).refused("Sts.GetCallerIdentity", nil, 400, "MissingSecurityToken")

		world.advance("15m")
		late := session.refused("Ram.ListUsers", nil, 400, "InvalidSecurityToken.Expired")
		root.equal(late.message, "Specified SecurityToken is expired.")
	})
}

func TestASessionMayDoWhatItsRoleAndItsOwnPolicyBothAllow(t *testing.T) {
	eachStanding(t, func(root actor, _ standing) {
		_, user, night := root.whoMayAssume()
		wide := root.session(user.ok("Sts.AssumeRole", night))
		narrow := root.session(user.ok("Sts.AssumeRole", and(night, params{"Policy": policy("Deny", lookAround)})))

		wide.ok("Ram.ListUsers", nil)
		resource := "acs:ram:*:" + root.pk + ":user/*"
		narrow.denied("Ram.ListUsers", nil, resource, lookAround, "ExplicitDeny", "SessionPolicy")
		root.ok("Ram.DetachPolicyFromRole", and(deploy, look))
		wide.mayNotListUsers("ImplicitDeny")
		root.ok("Ram.DeleteRole", deploy)

		wide.refused("Ram.ListUsers", nil, 404, "InvalidAccessKeyId.NotFound")
	})
}

func TestARoleIsOnlyForThoseWhomItTrustsAndAPolicyAllows(t *testing.T) {
	eachStanding(t, func(root actor, _ standing) {
		_, user, night := root.whoMayAssume()
		with := func(name, value string) params { return and(night, params{name: value}) }

		byRoot := root.refused("Sts.AssumeRole", night, 403, "NoPermission")
		root.equal(byRoot.message, "Roles may not be assumed by root accounts.")
		user.refused("Sts.AssumeRole", with("RoleArn", "acs:ram::"+root.pk+":role/other"), 404, "EntityNotExist.Role")
		user.refused("Sts.AssumeRole", with("RoleArn", "garbage"), 400, "InvalidParameter.RoleArn")
		user.refused("Sts.AssumeRole", with("DurationSeconds", "3601"), 400, "InvalidParameter.DurationSeconds")
		root.ok("Ram.DetachPolicyFromUser", mayAssume)
		byUser := user.refused("Sts.AssumeRole", night, 403, "NoPermission")
		root.equal(at(byUser.detail, "PolicyType"), identityBased)
		root.ok("Ram.AttachPolicyToUser", mayAssume)
		service := params{"NewAssumeRolePolicyDocument": trust("Service", "ecs.aliyuncs.com")}
		root.ok("Ram.UpdateRole", and(deploy, service))
		byRole := user.refused("Sts.AssumeRole", night, 403, "NoPermission")
		root.equal(at(byRole.detail, "PolicyType"), "AssumeRolePolicy")
	})
}

// anonymous calls with a key that nobody has. The tea packages do not sign these calls at all, alibaba-cloud-sdk-go signs
// them with whatever it is given, as `saml2alibabacloud` does.
func (a actor) anonymous(world standing) actor {
	return a.with(key{id: "saml2alibabacloud", secret: "saml2alibabacloud", world: world.name})
}

func TestAnOIDCTokenOfATrustedIssuerIsASession(t *testing.T) {
	eachStanding(t, func(root actor, world standing) {
		const audience = "sts.aliyuncs.com"
		provider := at(world.post("accounts/"+root.pk+"/oidc-providers", params{"name": "ci", "clientIds": []string{audience}}), "arn")
		role := root.role("ci", trust("Federated", provider))
		token := func(claims params) params {
			made := world.post("issuer/token", and(params{"audience": audience, "subject": "web"}, claims))
			return params{
				"OIDCProviderArn": provider, "RoleArn": at(role, "Arn"), "RoleSessionName": "job", "OIDCToken": at(made, "token"),
			}
		}
		nobody := root.anonymous(world)

		seen := nobody.ok("Sts.AssumeRoleWithOIDC", token(nil))
		session := root.session(seen)

		root.equal(at(seen, "OIDCTokenInfo.Subject"), "web")
		me := session.ok("Sts.GetCallerIdentity", nil)
		root.equal(at(me, "Arn"), "acs:ram::"+root.pk+":assumed-role/ci/job")
		session.ok("Ram.ListUsers", nil)
		for code, claims := range map[string]params{
			"InvalidSignature": {"key": "unknown"},
			"AudienceNotMatch": {"audience": "other"},
			"IssuerNotMatch":   {"issuer": "https://other.example"},
			"Expired":          {"issued": "-2h", "expires": "-1h"},
		} {
			nobody.refused("Sts.AssumeRoleWithOIDC", token(claims), 401, "AuthenticationFail.OIDCToken."+code)
		}
		garbage := and(token(nil), params{"OIDCToken": "garbage"})
		nobody.refused("Sts.AssumeRoleWithOIDC", garbage, 401, "AuthenticationFail.OIDCToken.Invalid")
		world.advance("1h")
		session.refused("Ram.ListUsers", nil, 400, "InvalidSecurityToken.Expired")
	})
}

func TestASAMLResponseOfATrustedProviderIsASession(t *testing.T) {
	eachStanding(t, func(root actor, world standing) {
		provider := at(world.post("accounts/"+root.pk+"/saml-providers", params{"name": "corp"}), "arn")
		arn := at(root.role("staff", trust("Federated", provider)), "Arn")
		response := func(fields params) params {
			about := params{"roleArn": arn, "providerArn": provider, "sessionName": "jane", "subject": "jane-7"}
			made := world.post("issuer/saml-response", and(about, fields))
			return params{"SAMLProviderArn": provider, "RoleArn": arn, "SAMLAssertion": at(made, "response")}
		}
		nobody := root.anonymous(world)

		seen := nobody.ok("Sts.AssumeRoleWithSAML", response(nil))

		root.equal(at(seen, "SAMLAssertionInfo.Subject"), "jane-7")
		me := root.session(seen).ok("Sts.GetCallerIdentity", nil)
		root.equal(at(me, "Arn"), "acs:ram::"+root.pk+":assumed-role/staff/jane")
		unknown, late := response(params{"key": "unknown"}), response(params{"expires": "-1m"})
		nobody.refused("Sts.AssumeRoleWithSAML", unknown, 401, "AuthenticationFail.SAMLAssertion.Invalid")
		nobody.refused("Sts.AssumeRoleWithSAML", late, 401, "AuthenticationFail.SAMLAssertion.Expired")
	})
}
