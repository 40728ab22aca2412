package sdk

import (
	"strings"
	"testing"
)

// What terraform-provider-alicloud does with its resources, call by call. It uses the packages of alibaba-cloud-sdk-go
// for users, and for the others a POST with the parameters of the action in the form. It takes certain refusals for
// success: those are asserted here.
func eachTerraform(t *testing.T, test func(root actor)) {
	for _, sdk := range sdks {
		if sdk.name == "packages" || strings.HasSuffix(sdk.name, "POST") {
			t.Run(sdk.name, func(t *testing.T) {
				root, _ := stand(t, sdk)
				test(root)
			})
		}
	}
}

// items are the values of a field in the list at `list.item`.
func items(seen reply, list, item, field string) []string {
	return strings.Fields(column(seen, list, item, field))
}

func TestTerraformMakesAndReadsAUserThatItThenDeletesWithForce(t *testing.T) {
	eachTerraform(t, func(root actor) {
		id := at(root.ok("Ram.CreateUser", params{"UserName": "alice", "DisplayName": "Alice"}), "User.UserId")
		// Read: the user is looked up by its id in all pages.
		listed := root.ok("Ram.ListUsers", params{"MaxItems": "100"})
		root.equal(column(listed, "Users", "User", "UserId"), id)
		// An update that is no renaming names the user all the same.
		root.ok("Ram.UpdateUser", params{"UserName": "alice", "NewUserName": "alice", "NewDisplayName": "Alicia"})
		root.equal(at(root.ok("Ram.GetUser", alice), "User.DisplayName"), "Alicia")

		root.made("Ram.CreateAccessKey", alice)
		root.ok("Ram.CreateGroup", crew)
		root.ok("Ram.AddUserToGroup", member)
		root.makeLook()
		root.ok("Ram.AttachPolicyToUser", and(alice, look))
		root.ok("Ram.AttachPolicyToUser", and(alice, administrator))
		root.ok("Ram.CreateLoginProfile", and(alice, params{"Password": "Passw0rd-1"}))

		for _, id := range items(root.ok("Ram.ListAccessKeys", alice), "AccessKeys", "AccessKey", "AccessKeyId") {
			root.ok("Ram.DeleteAccessKey", and(alice, params{"UserAccessKeyId": id}))
		}
		attached := root.ok("Ram.ListPoliciesForUser", alice)
		types := items(attached, "Policies", "Policy", "PolicyType")
		for i, name := range items(attached, "Policies", "Policy", "PolicyName") {
			root.ok("Ram.DetachPolicyFromUser", and(alice, params{"PolicyName": name, "PolicyType": types[i]}))
		}
		for _, name := range items(root.ok("Ram.ListGroupsForUser", alice), "Groups", "Group", "GroupName") {
			root.ok("Ram.RemoveUserFromGroup", and(alice, params{"GroupName": name}))
		}
		root.ok("Ram.DeleteLoginProfile", alice)
		root.refused("Ram.DeleteLoginProfile", alice, 404, "EntityNotExist.User.LoginProfile")
		root.refused("Ram.UnbindMFADevice", alice, 404, "EntityNotExist.User.MFADevice")
		root.ok("Ram.DeleteUser", alice)
		root.refused("Ram.DeleteUser", alice, 404, "EntityNotExist.User")
	})
}

func TestTerraformMakesAnAccessKeySetsItsStatusAndDeletesItActive(t *testing.T) {
	eachTerraform(t, func(root actor) {
		root.ok("Ram.CreateUser", alice)
		made := root.made("Ram.CreateAccessKey", alice)
		its := and(alice, params{"UserAccessKeyId": made.id})

		root.ok("Ram.UpdateAccessKey", and(its, params{"Status": "Active"}))
		root.equal(statuses(root.ok("Ram.ListAccessKeys", alice)), "Active")
		root.ok("Ram.DeleteAccessKey", its)

		root.refused("Ram.DeleteAccessKey", its, 404, "EntityNotExist.User.AccessKey")
		root.ok("Ram.DeleteUser", alice)
		root.refused("Ram.DeleteAccessKey", its, 404, "EntityNotExist.User")
	})
}

func TestTerraformSetsALoginProfile(t *testing.T) {
	eachTerraform(t, func(root actor) {
		root.ok("Ram.CreateUser", alice)
		password := and(alice, params{"Password": "Passw0rd-1"})

		root.ok("Ram.CreateLoginProfile", password)
		root.refused("Ram.CreateLoginProfile", password, 409, "EntityAlreadyExists.User.LoginProfile")
		root.ok("Ram.UpdateLoginProfile", and(password, params{"MFABindRequired": "true"}))
		shown := root.ok("Ram.GetLoginProfile", alice)
		root.equal(at(shown, "LoginProfile.MFABindRequired")+" "+at(shown, "LoginProfile.PasswordResetRequired"), "true false")
		root.ok("Ram.DeleteLoginProfile", alice)

		root.refused("Ram.GetLoginProfile", alice, 404, "EntityNotExist.User.LoginProfile")
	})
}

func TestTerraformAddsMembersThatMayBeThereAndRemovesThoseThatMayBeGone(t *testing.T) {
	eachTerraform(t, func(root actor) {
		root.ok("Ram.CreateUser", alice)
		root.refused("Ram.AddUserToGroup", member, 404, "EntityNotExist.Group")
		root.ok("Ram.CreateGroup", crew)

		root.ok("Ram.AddUserToGroup", member)
		root.refused("Ram.AddUserToGroup", member, 409, "EntityAlreadyExists.User.Group")
		root.ok("Ram.RemoveUserFromGroup", member)
		root.refused("Ram.RemoveUserFromGroup", member, 404, "EntityNotExist.User.Group")
		root.ok("Ram.DeleteUser", alice)
		root.refused("Ram.RemoveUserFromGroup", member, 404, "EntityNotExist.User")
		root.ok("Ram.DeleteGroup", crew)
	})
}

func TestTerraformUpdatesAPolicyFiveTimesAndDeletesItWithForce(t *testing.T) {
	eachTerraform(t, func(root actor) {
		root.makeLook()
		update := and(theLook, params{"PolicyDocument": second, "SetAsDefault": "true"})
		for range 4 {
			root.ok("Ram.CreatePolicyVersion", update)
			root.equal(at(root.ok("Ram.GetPolicy", look), "DefaultPolicyVersion.PolicyDocument"), second)
		}
		root.refused("Ram.CreatePolicyVersion", update, 409, "LimitExceeded.Policy.Version")
		rotate := params{"RotateStrategy": "DeleteOldestNonDefaultVersionWhenLimitExceeded"}
		root.ok("Ram.CreatePolicyVersion", and(update, rotate))
		tags := root.ok("Ram.ListTagResources", params{"ResourceNames": `["look"]`, "ResourceType": "policy"})
		if list, ok := tags["TagResources"].([]any); !ok || len(list) != 0 {
			root.Errorf("tags %v", tags)
		}

		root.ok("Ram.CreateUser", alice)
		root.ok("Ram.AttachPolicyToUser", and(alice, look))
		root.refused("Ram.DeletePolicy", theLook, 409, "DeleteConflict.Policy.User")
		entities := root.ok("Ram.ListEntitiesForPolicy", look)
		for _, name := range items(entities, "Users", "User", "UserName") {
			root.ok("Ram.DetachPolicyFromUser", and(look, params{"UserName": name}))
		}
		root.refused("Ram.DeletePolicy", theLook, 409, "DeleteConflict.Policy.Version")
		seen := root.ok("Ram.ListPolicyVersions", look)
		defaults := items(seen, "PolicyVersions", "PolicyVersion", "IsDefaultVersion")
		for i, id := range items(seen, "PolicyVersions", "PolicyVersion", "VersionId") {
			if defaults[i] == "false" {
				root.ok("Ram.DeletePolicyVersion", and(theLook, params{"VersionId": id}))
			}
		}
		root.ok("Ram.DeletePolicy", theLook)
		root.refused("Ram.GetPolicy", look, 404, "EntityNotExist.Policy")
	})
}

func TestTerraformTagsARoleAndDeletesItWithForce(t *testing.T) {
	eachTerraform(t, func(root actor) {
		root.ok("Ram.CreateRole", and(deploy, params{"AssumeRolePolicyDocument": trust("RAM", "acs:ram::"+root.pk+":root")}))
		its := params{"ResourceNames": `["deploy"]`, "ResourceType": "role"}
		tags := func() string {
			list, _ := root.ok("Ram.ListTagResources", its)["TagResources"].([]any)
			return column(reply{"Tags": reply{"Tag": list}}, "Tags", "Tag", "TagKey")
		}

		root.ok("Ram.TagResources", and(its, params{"Tag": `[{"Key":"env","Value":"test"},{"Key":"team","Value":"shop"}]`}))
		root.equal(tags(), "env team")
		root.ok("Ram.UntagResources", and(its, params{"TagKeys": `["env"]`}))
		root.equal(tags(), "team")

		root.ok("Ram.AttachPolicyToRole", and(deploy, administrator))
		root.refused("Ram.DeleteRole", deploy, 409, "DeleteConflict.Role.Policy")
		for _, name := range items(root.ok("Ram.ListPoliciesForRole", deploy), "Policies", "Policy", "PolicyName") {
			root.ok("Ram.DetachPolicyFromRole", and(deploy, params{"PolicyName": name, "PolicyType": "System"}))
		}
		root.ok("Ram.DeleteRole", deploy)
		root.refused("Ram.DetachPolicyFromRole", and(deploy, administrator), 404, "EntityNotExist.Role")
	})
}

func TestTerraformSetsAnAccountAliasOverAndOver(t *testing.T) {
	eachTerraform(t, func(root actor) {
		for _, alias := range []string{"shop", "shop", "store"} {
			root.ok("Ram.SetAccountAlias", params{"AccountAlias": alias})
			root.equal(at(root.ok("Ram.GetAccountAlias", nil), "AccountAlias"), alias)
		}
	})
}
