package sdk

import (
	"regexp"
	"strings"
	"testing"
)

var date = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)

// eachDoor runs a test of root keys through RAM and through IMS; `other` is the other of the two.
func eachDoor(t *testing.T, test func(root actor, door, other string)) {
	each(t, func(operator, root actor) {
		test(root, "Ram", "Ims")
		test(operator.register(), "Ims", "Ram")
	})
}

func keyIDs(seen reply) string   { return column(seen, "AccessKeys", "AccessKey", "AccessKeyId") }
func statuses(seen reply) string { return column(seen, "AccessKeys", "AccessKey", "Status") }

func TestAnAccountHasTwoRootKeysAtMostWhichRAMAndIMSBothShow(t *testing.T) {
	eachDoor(t, func(root actor, door, other string) {
		second := root.made(door+".CreateAccessKey", nil)

		root.refused(door+".CreateAccessKey", nil, 409, "LimitExceeded.User.AccessKey")
		root.equal(keyIDs(root.ok(door+".ListAccessKeys", nil)), root.key.id+" "+second.id)
		root.equal(keyIDs(root.ok(other+".ListAccessKeys", nil)), root.key.id+" "+second.id)

		its := params{"UserAccessKeyId": second.id}
		root.ok(other+".DeleteAccessKey", its)
		root.equal(keyIDs(root.ok(door+".ListAccessKeys", nil)), root.key.id)
		root.refused(door+".DeleteAccessKey", its, 404, "EntityNotExist.User.AccessKey")
	})
}

func TestAKeyShowsWhenItWasLastUsedAndNothingBefore(t *testing.T) {
	eachDoor(t, func(root actor, door, _ string) {
		second := root.made(door+".CreateAccessKey", nil)
		lastUsed := func() string {
			seen := root.ok(door+".GetAccessKeyLastUsed", params{"UserAccessKeyId": second.id})
			return at(seen, "AccessKeyLastUsed.LastUsedDate")
		}

		root.equal(lastUsed(), "")
		root.with(second).ok("Sts.GetCallerIdentity", nil)
		if last := lastUsed(); !date.MatchString(last) {
			root.Errorf("last used %q", last)
		}
	})
}

func TestAKeySignsNothingWhileItIsDisabledAndOnceItIsDeleted(t *testing.T) {
	eachDoor(t, func(root actor, door, _ string) {
		second := root.made(door+".CreateAccessKey", nil)
		its := func(status string) params { return params{"UserAccessKeyId": second.id, "Status": status} }

		root.ok(door+".UpdateAccessKey", its("Inactive"))
		root.equal(statuses(root.ok(door+".ListAccessKeys", nil)), "Active Inactive")
		disabled := root.with(second).refused("Sts.GetCallerIdentity", nil, 400, "InvalidAccessKeyId.Inactive")
		root.equal(disabled.message, "Specified access key is disabled.")

		root.ok(door+".UpdateAccessKey", its("Active"))
		root.equal(at(root.with(second).ok("Sts.GetCallerIdentity", nil), "AccountId"), root.pk)

		root.ok(door+".DeleteAccessKey", params{"UserAccessKeyId": second.id})
		deleted := root.with(second).refused("Sts.GetCallerIdentity", nil, 404, "InvalidAccessKeyId.NotFound")
		root.equal(deleted.message, "Specified access key is not found.")
	})
}

func TestACallWithAKeyThatNobodyHasIsRefused(t *testing.T) {
	each(t, func(_, root actor) {
		stranger := root.with(key{id: "LTAI5tNobodyHasThisKey00", secret: "secret"})

		unknown := stranger.refused("Ram.ListUsers", nil, 404, "InvalidAccessKeyId.NotFound")

		root.equal(unknown.message, "Specified access key is not found.")
	})
}

func TestACallWithAWrongSecretIsRefusedWithTheStringTheServerSigned(t *testing.T) {
	each(t, func(_, root actor) {
		wrong := root.with(key{id: root.key.id, secret: "wrong"})

		mismatch := wrong.refused("Ram.ListUsers", params{"MaxItems": "2"}, 400, "SignatureDoesNotMatch")

		if !strings.HasPrefix(mismatch.message, root.sdk.mismatch) {
			root.Errorf("message %q", mismatch.message)
		}
		// Only alibaba-cloud-sdk-go compares that string with its own, to say whether the secret is at fault.
		if root.sdk.hint != "" && !strings.Contains(mismatch.hint, root.sdk.hint) {
			root.Errorf("recommends %q", mismatch.hint)
		}
	})
}
