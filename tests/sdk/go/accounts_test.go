package sdk

import "testing"

const name = "杭州 Example & Co."

func TestAPartnerVerifiesAnAccountTakesThatBackAndGivesItAgain(t *testing.T) {
	each(t, func(operator, root actor) {
		account := params{"PK": root.pk, "BidType": "1"}
		// One identity verifies a few accounts only, and every client has an account of its own.
		licence := "91330100MA" + root.pk[len(root.pk)-8:]
		verify := func() {
			operator.ok("Crm.AddIdentityCertifiedForBidUser", params{
				"PK": root.pk, "BidType": "1", "Name": name, "LicenseType": "9", "LicenseNumber": licence,
				"Phone": "13800000000", "IsEnterprise": "true",
			})
		}
		expect := func(isCertified, name, kind, number, ownView string) {
			root.Helper()
			text := at(operator.ok("Crm.QueryBidUserCertifiedInfo", account), "Result")
			info, err := parsed([]byte(text))
			if err != nil {
				root.Fatalf("%v: %s", err, text)
			}
			root.equal(at(info, "isCertified"), isCertified)
			root.equal(at(info, "name"), name)
			root.equal(at(info, "accountCertType"), kind)
			root.equal(at(info, "certNumber"), number)
			root.equal(realName(root, region), ownView)
		}

		expect("0", "", "", "", "none")
		verify()
		expect("1", name, "enterprise", licence, "yes")
		operator.ok("Crm.RemoveIdentityCertifiedForBidUser", account)
		expect("0", "", "", "", "none")
		verify()
		expect("1", name, "enterprise", licence, "yes")
	})
}

func TestAnInternationalAccountNeedsNoVerificationOutsideTheMainland(t *testing.T) {
	each(t, func(operator, _ actor) {
		pk := at(operator.ok("Aas.CreateIntlAliyunAccount", params{"NationalityCode": "SG"}), "PK")

		root := operator.with(operator.made("Aas.CreateAccessKeyForAccount", params{"PK": pk}))
		root.equal(realName(root, "ap-southeast-1"), "unnecessary")
	})
}

// realName is what ECS tells an account about its verification.
func realName(root actor, region string) string {
	root.Helper()
	seen := root.ok("Ecs.DescribeAccountAttributes", params{
		"RegionId": region, "AttributeName": []string{"real-name-authentication"},
	})
	root.equal(column(seen, "AccountAttributeItems", "AccountAttributeItem", "AttributeName"), "real-name-authentication")
	item := seen["AccountAttributeItems"].(reply)["AccountAttributeItem"].([]any)[0]
	return column(item.(reply), "AttributeValues", "ValueItem", "Value")
}

func TestAPartnerIsToldWhichAccountItMayNotTouch(t *testing.T) {
	each(t, func(operator, _ actor) {
		for api, given := range map[string]params{
			"Crm.QueryBidUserCertifiedInfo": {"BidType": "1"},
			"Aas.CreateAccessKeyForAccount": {},
		} {
			operator.refused(api, given, 400, "Empty PK")
			given["PK"] = "1000000000000000"
			operator.refused(api, given, 404, "Invalid PK")
			given["PK"] = operator.pk
			operator.refused(api, given, 403, "Bid Mismatch")
		}
	})
}

func TestOnlyAPartnerMayCallAasAndCrm(t *testing.T) {
	each(t, func(operator, _ actor) {
		demo := seeded(operator.T, operator.sdk, "demo")

		demo.refused("Aas.CreateAliyunAccount", params{"AliyunId": "not-a-partner"}, 403, "Not Bid")
		demo.refused("Crm.QueryBidUserCertifiedInfo", params{"PK": demo.pk, "BidType": "1"}, 403, "Not Bid")
	})
}

func TestANewAccountIsToldBySTSWhoItIs(t *testing.T) {
	each(t, func(_, root actor) {
		identity := root.ok("Sts.GetCallerIdentity", nil)

		root.equal(at(identity, "IdentityType"), "Account")
		root.equal(at(identity, "AccountId"), root.pk)
		root.equal(at(identity, "Arn"), "acs:ram::"+root.pk+":root")
	})
}
