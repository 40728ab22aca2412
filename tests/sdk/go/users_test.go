package sdk

import (
	"strings"
	"testing"
)

var alice = params{"UserName": "alice"}

func TestAUserHasANameThatIsUniqueAndWellFormed(t *testing.T) {
	each(t, func(_, root actor) {
		created := root.ok("Ram.CreateUser", params{"UserName": "alice", "DisplayName": "Alice * ~ + 爱丽丝"})

		shown := root.ok("Ram.GetUser", alice)
		root.equal(at(shown, "User.UserId"), at(created, "User.UserId"))
		root.equal(at(shown, "User.DisplayName"), "Alice * ~ + 爱丽丝")
		root.refused("Ram.CreateUser", alice, 409, "EntityAlreadyExists.User")
		root.refused("Ram.CreateUser", params{"UserName": "bad name!"}, 400, "InvalidParameter.UserName.InvalidChars")
	})
}

func TestAUserCanBeRenamedAndItsDisplayNameClearedWhereTheSDKSendsAnEmptyText(t *testing.T) {
	each(t, func(_, root actor) {
		created := root.ok("Ram.CreateUser", params{"UserName": "alice", "DisplayName": "Alice"})
		cleared := "Alice"
		if root.sdk.sendsEmpty {
			cleared = ""
		}

		root.ok("Ram.UpdateUser", params{"UserName": "alice", "NewUserName": "alicia"})
		renamed := root.ok("Ram.GetUser", params{"UserName": "alicia"})
		root.ok("Ram.UpdateUser", params{"UserName": "alicia", "NewDisplayName": ""})

		root.equal(at(renamed, "User.UserId"), at(created, "User.UserId"))
		root.equal(at(renamed, "User.DisplayName"), "Alice")
		root.equal(at(root.ok("Ram.GetUser", params{"UserName": "alicia"}), "User.DisplayName"), cleared)
		root.refused("Ram.GetUser", alice, 404, "EntityNotExist.User")
	})
}

func TestUsersAreListedOnceInTheOrderOfCreationPageByPage(t *testing.T) {
	each(t, func(_, root actor) {
		names := []string{"eve", "dave", "carol", "bob", "alice"}
		for _, name := range names {
			root.ok("Ram.CreateUser", params{"UserName": name})
		}

		var pages []string
		ask := params{"MaxItems": "2"}
		for more := "true"; more == "true" && len(pages) < len(names); {
			page := root.ok("Ram.ListUsers", ask)
			pages = append(pages, column(page, "Users", "User", "UserName"))
			more, ask["Marker"] = at(page, "IsTruncated"), at(page, "Marker")
		}

		root.equal(strings.Join(pages, ", "), "eve dave, carol bob, alice")
	})
}

func TestTheKeysOfAUserAreShownByRAMAndIMSAndCanBeDisabled(t *testing.T) {
	each(t, func(_, root actor) {
		root.ok("Ram.CreateUser", alice)
		principal := params{"UserPrincipalName": "alice@" + root.pk + ".onaliyun.com"}
		byRam := root.made("Ram.CreateAccessKey", alice)
		byIms := root.made("Ims.CreateAccessKey", principal)
		its := params{"UserName": "alice", "UserAccessKeyId": byIms.id}
		set := func(status string) {
			root.ok("Ram.UpdateAccessKey", params{"UserName": "alice", "UserAccessKeyId": byIms.id, "Status": status})
		}

		set("Inactive")
		for _, seen := range []reply{root.ok("Ram.ListAccessKeys", alice), root.ok("Ims.ListAccessKeys", principal)} {
			root.equal(keyIDs(seen), byRam.id+" "+byIms.id)
			root.equal(statuses(seen), "Active Inactive")
		}
		root.with(byIms).refused("Sts.GetCallerIdentity", nil, 400, "InvalidAccessKeyId.Inactive")
		root.equal(at(root.ok("Ram.GetAccessKeyLastUsed", its), "AccessKeyLastUsed.LastUsedDate"), "")

		set("Active")
		root.with(byIms).ok("Sts.GetCallerIdentity", nil)
		if last := at(root.ok("Ram.GetAccessKeyLastUsed", its), "AccessKeyLastUsed.LastUsedDate"); !date.MatchString(last) {
			root.Errorf("last used %q", last)
		}
	})
}

func TestAUserIsToldBySTSWhoItIsAndMayDoNothingThatNoPolicyAllows(t *testing.T) {
	each(t, func(_, root actor) {
		created := root.ok("Ram.CreateUser", alice)
		user := root.with(root.made("Ram.CreateAccessKey", alice))

		identity := user.ok("Sts.GetCallerIdentity", nil)
		denied := user.refused("Ram.CreateUser", params{"UserName": "bob"}, 403, "NoPermission")

		root.equal(at(identity, "IdentityType"), "RAMUser")
		root.equal(at(identity, "AccountId"), root.pk)
		root.equal(at(identity, "UserId"), at(created, "User.UserId"))
		root.equal(at(identity, "Arn"), "acs:ram::"+root.pk+":user/alice")
		if !strings.HasSuffix(denied.message, "Action: ram:CreateUser") {
			root.Errorf("message %q", denied.message)
		}
	})
}

func TestAUserCanBeDeletedOnlyWhenItHasNoKeyLeft(t *testing.T) {
	each(t, func(_, root actor) {
		root.ok("Ram.CreateUser", alice)
		key := root.made("Ram.CreateAccessKey", alice)

		root.refused("Ram.DeleteUser", alice, 409, "DeleteConflict.User.AccessKey")
		root.ok("Ram.DeleteAccessKey", params{"UserName": "alice", "UserAccessKeyId": key.id})
		root.ok("Ram.DeleteUser", alice)

		root.refused("Ram.GetUser", alice, 404, "EntityNotExist.User")
	})
}
