package sdk

import "testing"

var deploy = params{"RoleName": "deploy"}

func TestARoleIsMadeChangedFieldByFieldAndDeleted(t *testing.T) {
	eachStanding(t, func(root actor, world standing) {
		trusted, service := trust("RAM", "acs:ram::"+root.pk+":root"), trust("Service", "ecs.aliyuncs.com")
		administrator := and(deploy, params{"PolicyName": "AdministratorAccess", "PolicyType": "System"})

		made := root.ok("Ram.CreateRole", and(deploy, params{"AssumeRolePolicyDocument": trusted, "Description": "first"}))
		root.equal(at(made, "Role.Arn"), "acs:ram::"+root.pk+":role/deploy")
		root.equal(at(made, "Role.CreateDate"), start)
		root.equal(at(made, "Role.AssumeRolePolicyDocument"), trusted)
		world.advance("1h")
		root.ok("Ram.UpdateRole", and(deploy, params{"NewAssumeRolePolicyDocument": service, "NewMaxSessionDuration": "7200"}))

		shown := root.ok("Ram.GetRole", deploy)
		root.equal(at(shown, "Role.RoleId"), at(made, "Role.RoleId"))
		root.equal(at(shown, "Role.Description")+" "+at(shown, "Role.MaxSessionDuration"), "first 7200")
		root.equal(at(shown, "Role.AssumeRolePolicyDocument"), service)
		root.equal(at(shown, "Role.UpdateDate"), "2026-01-01T01:00:00Z")
		root.equal(column(root.ok("Ram.ListRoles", nil), "Roles", "Role", "RoleName"), "deploy")

		root.ok("Ram.AttachPolicyToRole", administrator)
		root.refused("Ram.DeleteRole", deploy, 409, "DeleteConflict.Role.Policy")
		root.ok("Ram.DetachPolicyFromRole", administrator)
		root.ok("Ram.DeleteRole", deploy)
		gone := root.refused("Ram.GetRole", deploy, 404, "EntityNotExist.Role")
		root.equal(gone.message, "The role does not exist.")
	})
}

func TestARoleHasANameThatIsUniqueAndATrustPolicyThatIsWellFormed(t *testing.T) {
	eachStanding(t, func(root actor, _ standing) {
		trusting := params{"AssumeRolePolicyDocument": trust("RAM", "acs:ram::"+root.pk+":root")}
		root.ok("Ram.CreateRole", and(deploy, trusting))

		root.refused("Ram.CreateRole", and(deploy, trusting), 409, "EntityAlreadyExists.Role")
		malformed := params{"RoleName": "other", "AssumeRolePolicyDocument": "{"}
		root.refused("Ram.CreateRole", malformed, 400, "MalformedPolicyDocument")
	})
}
