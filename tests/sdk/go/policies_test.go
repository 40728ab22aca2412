package sdk

import (
	"strings"
	"testing"
)

var (
	theLook       = params{"PolicyName": "look"}
	first, second = policy("Allow", "ram:Get*"), policy("Allow", "ram:List*")
)

func (a actor) makeLook() {
	a.Helper()
	a.ok("Ram.CreatePolicy", params{"PolicyName": "look", "PolicyDocument": first, "Description": "to look"})
}

func (a actor) versions() string {
	a.Helper()
	seen := a.ok("Ram.ListPolicyVersions", look)
	return column(seen, "PolicyVersions", "PolicyVersion", "VersionId") + " " +
		column(seen, "PolicyVersions", "PolicyVersion", "IsDefaultVersion")
}

func TestAPolicyIsMadeOnceAndShownWithItsDocument(t *testing.T) {
	eachStanding(t, func(root actor, _ standing) {
		root.makeLook()

		shown := root.ok("Ram.GetPolicy", look)

		root.equal(at(shown, "Policy.PolicyType")+" "+at(shown, "Policy.DefaultVersion"), "Custom v1")
		root.equal(at(shown, "Policy.Description")+", "+at(shown, "Policy.AttachmentCount"), "to look, 0")
		root.equal(at(shown, "DefaultPolicyVersion.PolicyDocument"), first)
		root.equal(at(shown, "DefaultPolicyVersion.CreateDate"), start)
		custom := root.ok("Ram.ListPolicies", params{"PolicyType": "Custom"})
		root.equal(column(custom, "Policies", "Policy", "PolicyName"), "look")
		root.refused("Ram.CreatePolicy", and(theLook, params{"PolicyDocument": first}), 409, "EntityAlreadyExists.Policy")
		malformed := params{"PolicyName": "bad", "PolicyDocument": document(params{"Effect": "Allow", "Resource": "*"})}
		reason := root.refused("Ram.CreatePolicy", malformed, 400, "MalformedPolicyDocument")
		root.equal(reason.message, "Add an Action or NotAction element to the policy statement.")
	})
}

func TestAPolicyHasVersionsOfWhichOneIsTheDefault(t *testing.T) {
	eachStanding(t, func(root actor, _ standing) {
		root.makeLook()
		v1, v2 := and(theLook, params{"VersionId": "v1"}), and(theLook, params{"VersionId": "v2"})

		made := root.ok("Ram.CreatePolicyVersion", and(theLook, params{"PolicyDocument": second}))
		root.equal(at(made, "PolicyVersion.VersionId"), "v2")
		root.equal(root.versions(), "v1 v2 true false")
		root.ok("Ram.SetDefaultPolicyVersion", v2)
		root.equal(at(root.ok("Ram.GetPolicy", look), "DefaultPolicyVersion.PolicyDocument"), second)
		old := root.ok("Ram.GetPolicyVersion", and(look, v1))
		root.equal(at(old, "PolicyVersion.PolicyDocument"), first)

		root.refused("Ram.DeletePolicyVersion", v2, 409, "DeleteConflict.Policy.Version.Default")
		root.refused("Ram.DeletePolicy", theLook, 409, "DeleteConflict.Policy.Version")
		root.ok("Ram.DeletePolicyVersion", v1)
		root.equal(root.versions(), "v2 true")
		root.ok("Ram.DeletePolicy", theLook)
		root.refused("Ram.GetPolicy", look, 404, "EntityNotExist.Policy")
	})
}

func TestAPolicyIsAttachedOnceAndDetachedOnce(t *testing.T) {
	eachStanding(t, func(root actor, _ standing) {
		root.makeLook()
		kinds := []string{"User", "Group", "Role"}
		for _, kind := range kinds {
			name := params{kind + "Name": "somebody"}
			make := name
			if kind == "Role" {
				make = and(name, params{"AssumeRolePolicyDocument": trust("RAM", "acs:ram::"+root.pk+":root")})
			}
			root.ok("Ram.Create"+kind, make)

			root.ok("Ram.AttachPolicyTo"+kind, and(name, look))
			root.refused("Ram.AttachPolicyTo"+kind, and(name, look), 409, "EntityAlreadyExists."+kind+".Policy")
			attached := root.ok("Ram.ListPoliciesFor"+kind, name)
			root.equal(column(attached, "Policies", "Policy", "PolicyName"), "look")
			root.equal(column(attached, "Policies", "Policy", "AttachDate"), start)
			entities := root.ok("Ram.ListEntitiesForPolicy", look)
			for _, one := range kinds {
				root.equal(column(entities, one+"s", one, one+"Name"), strings.Repeat("somebody", count(one == kind)))
			}
			cascade := and(theLook, params{"CascadingDelete": "true"})
			if root.sdk.name == "packages" {
				// Its request does not have the parameter.
				cascade = theLook
			}
			root.refused("Ram.DeletePolicy", cascade, 409, "DeleteConflict.Policy."+kind)

			root.ok("Ram.DetachPolicyFrom"+kind, and(name, look))
			root.refused("Ram.DetachPolicyFrom"+kind, and(name, look), 404, "EntityNotExist."+kind+".Policy")
		}
	})
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
