package sdk

import "testing"

var (
	crew   = params{"GroupName": "crew"}
	member = and(alice, crew)
	look   = params{"PolicyName": "look", "PolicyType": "Custom"}
)

func TestAGroupIsMadeRenamedAndListed(t *testing.T) {
	eachStanding(t, func(root actor, world standing) {
		made := root.ok("Ram.CreateGroup", params{"GroupName": "crew", "Comments": "first"})
		root.equal(at(made, "Group.CreateDate"), start)
		world.advance("1h")
		renamed := root.ok("Ram.UpdateGroup", params{"GroupName": "crew", "NewGroupName": "team", "NewComments": "second"})

		root.equal(at(renamed, "Group.UpdateDate"), "2026-01-01T01:00:00Z")
		shown := root.ok("Ram.GetGroup", params{"GroupName": "team"})
		root.equal(at(shown, "Group.GroupName")+" "+at(shown, "Group.Comments"), "team second")
		root.equal(column(root.ok("Ram.ListGroups", nil), "Groups", "Group", "GroupName"), "team")
		gone := root.refused("Ram.GetGroup", crew, 404, "EntityNotExist.Group")
		root.equal(gone.message, "The group does not exist.")
		root.refused("Ram.CreateGroup", params{"GroupName": "team"}, 409, "EntityAlreadyExists.Group")
		root.refused("Ram.CreateGroup", params{"GroupName": "bad name!"}, 400, "InvalidParameter.GroupName.InvalidChars")
	})
}

func TestAMemberJoinsAndLeavesOnce(t *testing.T) {
	eachStanding(t, func(root actor, _ standing) {
		root.ok("Ram.CreateGroup", crew)
		root.ok("Ram.CreateUser", alice)

		root.ok("Ram.AddUserToGroup", member)
		twice := root.refused("Ram.AddUserToGroup", member, 409, "EntityAlreadyExists.User.Group")
		root.equal(twice.message, "The user has already joined the group.")
		members, groups := root.ok("Ram.ListUsersForGroup", crew), root.ok("Ram.ListGroupsForUser", alice)
		root.equal(column(members, "Users", "User", "UserName"), "alice")
		root.equal(column(members, "Users", "User", "JoinDate"), start)
		root.equal(column(groups, "Groups", "Group", "GroupName"), "crew")

		root.ok("Ram.RemoveUserFromGroup", member)
		root.equal(column(root.ok("Ram.ListUsersForGroup", crew), "Users", "User", "UserName"), "")
		root.refused("Ram.RemoveUserFromGroup", member, 404, "EntityNotExist.User.Group")
	})
}

func TestAGroupIsDeletedOnceNeitherMembersNorPoliciesAreLeft(t *testing.T) {
	eachStanding(t, func(root actor, _ standing) {
		root.ok("Ram.CreateGroup", crew)
		root.ok("Ram.CreateUser", alice)
		root.ok("Ram.AddUserToGroup", member)
		root.ok("Ram.CreatePolicy", params{"PolicyName": "look", "PolicyDocument": policy("Allow", "ram:List*")})
		root.ok("Ram.AttachPolicyToGroup", and(crew, look))
		root.equal(column(root.ok("Ram.ListPoliciesForGroup", crew), "Policies", "Policy", "PolicyName"), "look")

		root.refused("Ram.DeleteGroup", crew, 409, "DeleteConflict.Group.User")
		root.refused("Ram.DeleteUser", alice, 409, "DeleteConflict.User.Group")
		root.ok("Ram.RemoveUserFromGroup", member)
		root.refused("Ram.DeleteGroup", crew, 409, "DeleteConflict.Group.Policy")
		root.ok("Ram.DetachPolicyFromGroup", and(crew, look))
		root.ok("Ram.DeleteGroup", crew)

		root.equal(column(root.ok("Ram.ListGroups", nil), "Groups", "Group", "GroupName"), "")
	})
}
