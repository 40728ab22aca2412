//! Aas: what a partner does to its accounts, and to its accounts alone. Registering is in `partner`. Source: docs/evidence/account.md 3.1.

use crate::support::{Actor, Lab};
use serde_json::Value;
use std::sync::Arc;

const WORLD: &str = "
accounts:
  - {name: operator, isPartner: true, loginName: operator@example.com, keys: [{}]}
  - {name: rival, isPartner: true, loginName: rival@example.com, keys: [{}]}
  - name: demo
    partner: operator
    loginName: demo@example.com
    keys: [{}]
    users: [{name: dev, policies: [AdministratorAccess], keys: [{}]}]
";

/// Every action that names an account by its `PK`, with what else it needs.
const ABOUT_AN_ACCOUNT: [(&str, &[(&str, &str)]); 8] = [
    ("UpdateStatusForAccount", &[("AccountStatus", "Inactive")]),
    ("UpdatePasswordForAccount", &[("NewPassword", "Secret-1234")]),
    ("CreateAccessKeyForAccount", &[]),
    ("ListAccessKeysForAccount", &[]),
    ("UpdateAccessKeyStatusForAccount", &[("AKId", "LTAI5tXXXXXXXXXXXX"), ("AKStatus", "Inactive")]),
    ("DeleteAccessKeyForAccount", &[("AKId", "LTAI5tXXXXXXXXXXXX")]),
    ("CreateShortTermAccessKeyForAccount", &[]),
    ("GetShortTermAccessKeyForAccount", &[]),
];

struct Stage {
    lab: Arc<Lab>,
    partner: Actor,
    pk: String,
}

impl Stage {
    fn new() -> Self {
        let lab = Lab::with_scenario(WORLD);
        let (partner, pk) = (lab.root("operator"), lab.uid("demo"));
        Self { lab, partner, pk }
    }

    /// A call of the partner about the account.
    fn call_about(&self, action: &str, more: &[(&str, &str)]) -> crate::support::Reply {
        self.partner.aas(action, &[&[("PK", self.pk.as_str())], more].concat())
    }

    fn list_keys(&self, more: &[(&str, &str)]) -> Vec<Value> {
        let list = self.call_about("ListAccessKeysForAccount", more).assert_ok();
        list["AccessKeys"]["AccessKey"].as_array().unwrap().clone()
    }

    fn actor_with_key(&self, key: &Value) -> Actor {
        let text = |name: &str| key["AccessKey"][name].as_str().unwrap();
        self.lab.actor(text("AccessKeyId"), text("AccessKeySecret"))
    }

    fn state_version(&self) -> u64 {
        self.lab.world().state().version
    }
}

#[test]
fn only_partners_call_about_their_accounts_and_a_refusal_changes_nothing() {
    let stage = Stage::new();
    let before = stage.state_version();
    for (action, more) in ABOUT_AN_ACCOUNT {
        let with = |pk: &str, who: &Actor| who.aas(action, &[&[("PK", pk)], more].concat());
        with(&stage.pk, &stage.lab.root("demo")).assert_refused(403, "Not Bid");
        with(&stage.pk, &stage.lab.root("rival")).assert_refused(403, "Bid Mismatch");
        with("1000000000000009", &stage.partner).assert_refused(404, "Invalid PK");
        stage.partner.aas(action, more).assert_refused(400, "Empty PK");
    }
    let rival = stage.lab.root("rival");
    rival
        .aas("GetBasicInfoForAccount", &[("AliyunId", "demo@example.com")])
        .assert_refused(403, "Bid Mismatch");
    stage
        .partner
        .aas("GetBasicInfoForAccount", &[("AliyunId", "nobody@example.com")])
        .assert_refused(404, "Invalid PK");
    rival.aas("GenerateAccountLoginToken", &[("TargetPk", &stage.pk)]).assert_refused(403, "Bid Mismatch");
    let page = [("AliyunPk", stage.pk.as_str()), ("Platform", "pc"), ("SubjectType", "all")];
    rival.aas("GenerateAliyunBidCertWaysUrl", &page).assert_refused(403, "Bid Mismatch");
    stage.partner.aas("GenerateAliyunBidCertWaysUrl", &page[..2]).assert_refused(400, "MissingParameter");
    stage
        .partner
        .aas("GetAliyunAccountWithBindHid", &[("InnerAccountHid", "7")])
        .assert_refused(404, "Invalid PK");
    stage
        .partner
        .aas("GetAliyunAccountWithBindHid", &[("InnerAccountHid", "x")])
        .assert_refused(400, "InvalidParameter");

    assert_eq!(stage.state_version(), before);
}

#[test]
fn a_partner_lists_its_accounts_page_by_page_and_no_others() {
    let stage = Stage::new();
    let mut own = vec![stage.pk.clone()];
    for n in 0..4 {
        let made =
            stage.partner.aas("CreateAliyunAccount", &[("AliyunId", &format!("walker{n}"))]).assert_ok();
        own.push(made["PK"].as_str().unwrap().to_owned());
    }
    stage.lab.root("rival").aas("CreateAliyunAccount", &[("AliyunId", "foreign")]).assert_ok();
    own.sort();

    let (mut seen, mut marker) = (Vec::new(), String::new());
    loop {
        let page =
            stage.partner.aas("ListAliyunAccount", &[("MaxItems", "2"), ("Marker", &marker)]).assert_ok();
        let accounts = page["Accounts"]["Account"].as_array().unwrap();
        seen.extend(accounts.iter().map(|one| one["PK"].as_str().unwrap().to_owned()));
        assert_eq!((&page["TotalAccount"], &page["HasNext"]), (&5.into(), &page["IsTruncated"]));
        let Some(next) = page["Marker"].as_str() else { break };
        assert_eq!(accounts.len(), 2);
        next.clone_into(&mut marker);
    }

    assert_eq!(seen, own);
    stage.partner.aas("ListAliyunAccount", &[("MaxItems", "0")]).assert_refused(400, "InvalidParameter");
    stage.partner.aas("ListAliyunAccount", &[("Marker", "x")]).assert_refused(400, "InvalidParameter");
}

#[test]
fn a_disabled_account_cannot_sign_until_it_is_enabled_again() {
    let stage = Stage::new();
    let demo = stage.lab.root("demo");

    let off = stage.call_about("UpdateStatusForAccount", &[("AccountStatus", "Inactive")]).assert_ok();

    assert_eq!((&off["PK"], &off["Result"]), (&stage.pk.clone().into(), &"Success".into()));
    demo.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
    let status = || {
        let found =
            stage.partner.aas("GetBasicInfoForAccount", &[("AliyunId", "demo@example.com")]).assert_ok();
        found["AccountStatus"].clone()
    };
    assert_eq!(status(), "Inactive");
    stage
        .call_about("UpdateStatusForAccount", &[("AccountStatus", "Frozen")])
        .assert_refused(400, "InvalidParameter");
    stage.call_about("UpdateStatusForAccount", &[("AccountStatus", "Active")]).assert_ok();
    assert_eq!(status(), "Active");
    demo.sts("GetCallerIdentity", &[]).assert_ok();
}

#[test]
fn a_password_that_is_too_weak_is_refused_and_a_good_one_never_reaches_the_journal() {
    let stage = Stage::new();

    stage
        .call_about("UpdatePasswordForAccount", &[("NewPassword", "short")])
        .assert_refused(400, "PASSWORD_TOO_WEAK");
    stage.call_about("UpdatePasswordForAccount", &[]).assert_refused(400, "MissingParameter");
    stage.call_about("UpdatePasswordForAccount", &[("NewPassword", "Secret-1234")]).assert_ok();

    let kept = stage.lab.world().state();
    let demo = kept.account_named("demo@example.com").unwrap();
    assert!(demo.security.has_password());
    let record = serde_json::to_string(&*stage.lab.last_record()).unwrap();
    assert!(!record.contains("Secret-1234"), "{record}");
}

#[test]
fn keys_are_listed_without_secrets_disabled_and_deleted() {
    let stage = Stage::new();
    let made = stage.call_about("CreateAccessKeyForAccount", &[]).assert_ok();
    let (id, holder) = (made["AccessKey"]["AccessKeyId"].as_str().unwrap(), stage.actor_with_key(&made));

    let listed = stage.list_keys(&[]);

    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|key| key["AccessKeySecret"] == "" && key["AccessKeyType"] == "Symmetric"));
    stage
        .call_about("UpdateAccessKeyStatusForAccount", &[("AKId", id), ("AKStatus", "Inactive")])
        .assert_ok();
    holder.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
    assert_eq!(stage.list_keys(&[("AKStatus", "Inactive")])[0]["AccessKeyId"], *id);
    assert!(stage.list_keys(&[("AKType", "Asymmetric")]).is_empty());
    stage.call_about("DeleteAccessKeyForAccount", &[("AKId", id)]).assert_ok();
    holder.sts("GetCallerIdentity", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
    stage
        .call_about("DeleteAccessKeyForAccount", &[("AKId", id)])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    stage
        .call_about("ListAccessKeysForAccount", &[("AKStatus", "On")])
        .assert_refused(400, "InvalidParameter");
}

#[test]
fn keys_of_ram_users_are_not_listed_as_keys_of_the_account() {
    let stage = Stage::new();
    let dev = stage.lab.user("demo", "dev");

    for (action, more) in [
        ("UpdateAccessKeyStatusForAccount", &[("AKStatus", "Inactive")][..]),
        ("DeleteAccessKeyForAccount", &[]),
    ] {
        let params = [&[("AKId", dev.key.as_str())], more].concat();
        stage.call_about(action, &params).assert_refused(404, "EntityNotExist.User.AccessKey");
    }

    dev.sts("GetCallerIdentity", &[]).assert_ok();
}

#[test]
fn a_world_can_show_secrets_in_listings() {
    let stage = Stage::new();
    let (world, demo) = (stage.lab.world(), stage.lab.root("demo"));
    let change = |tx: &mut alimock::world::Tx<'_>| {
        let mut rules = tx.rules().clone();
        rules.listings_show_secrets = true;
        tx.set_rules(rules);
        Ok::<_, alimock::world::Refusal>(())
    };
    world.commit(world.clock.now().resource, alimock::world::By::OURSELVES, change).unwrap();

    assert_eq!(stage.list_keys(&[])[0]["AccessKeySecret"], *demo.secret);
}

#[test]
fn a_short_term_key_signs_until_it_expires_and_is_then_issued_again() {
    let stage = Stage::new();
    stage
        .call_about("GetShortTermAccessKeyForAccount", &[])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    // The quota of two lasting keys does not count it.
    stage.call_about("CreateAccessKeyForAccount", &[]).assert_ok();

    let made = stage
        .call_about("CreateShortTermAccessKeyForAccount", &[("ExpireTime", "600"), ("IsMfaPresent", "true")])
        .assert_ok();

    assert_eq!(made["AccessKey"]["ExpireTime"], "2026-11-22T08:10:00Z");
    let again = stage
        .call_about("GetShortTermAccessKeyForAccount", &[("ExpireTime", "2026-11-22T08:05:00Z")])
        .assert_ok();
    assert_eq!(again["AccessKey"], made["AccessKey"]);
    for unfit in [("IsMfaPresent", "false"), ("ExpireTime", "601")] {
        stage
            .call_about("GetShortTermAccessKeyForAccount", &[unfit])
            .assert_refused(404, "EntityNotExist.User.AccessKey");
    }
    for wrong in ["2026-11-22T07:59:59Z", "soon", "-5"] {
        let params = [("ExpireTime", wrong)];
        stage
            .call_about("CreateShortTermAccessKeyForAccount", &params)
            .assert_refused(400, "InvalidParameter");
    }
    let holder = stage.actor_with_key(&made);
    stage.lab.advance_clock("599s");
    holder.sts("GetCallerIdentity", &[]).assert_ok();
    stage.lab.advance_clock("1s");
    holder.sts("GetCallerIdentity", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
    stage
        .call_about("GetShortTermAccessKeyForAccount", &[])
        .assert_refused(404, "EntityNotExist.User.AccessKey");
    assert_eq!(stage.list_keys(&[]).len(), 2);
}

#[test]
fn a_passport_id_belongs_to_one_account() {
    let stage = Stage::new();
    let with = [("InnerAccountHid", "4242")];
    let made = stage.partner.aas("CreateAliyunAccountWithBindHid", &with).assert_ok();
    let before = stage.state_version();

    stage
        .partner
        .aas("CreateAliyunAccountWithBindHid", &with)
        .assert_refused(409, "EntityAlreadyExists.HavanaId");

    assert_eq!(stage.state_version(), before);
    assert_eq!(stage.partner.aas("GetAliyunAccountWithBindHid", &with).assert_ok()["PK"], made["PK"]);
    let found = stage.partner.aas("GetAliyunAccountWithBindTaobaoHid", &[("HavanaId", "4242")]).assert_ok();
    assert_eq!((&found["PK"], &found["PartnerPk"]), (&made["PK"], &stage.lab.uid("operator").into()));
    stage.lab.root("rival").aas("GetAliyunAccountWithBindHid", &with).assert_refused(403, "Bid Mismatch");
}

#[test]
fn a_login_token_identifies_its_account_until_it_expires_and_a_frozen_account_gets_none() {
    let stage = Stage::new();
    let generate = || stage.partner.aas("GenerateAccountLoginToken", &[("TargetPk", &stage.pk)]);
    let token = generate().assert_ok()["LoginToken"]["LoginTokenString"].as_str().unwrap().to_owned();

    let verify = |who: &Actor| who.aas("VerifyAccountLoginToken", &[("LoginToken", &token)]);

    assert_eq!(verify(&stage.partner).assert_ok()["LoginToken"]["TargetPk"], *stage.pk);
    verify(&stage.lab.root("rival")).assert_refused(403, "Bid Mismatch");
    stage
        .partner
        .aas("VerifyAccountLoginToken", &[("LoginToken", "none")])
        .assert_refused(404, "LOGIN_NOT_EXIST");
    stage.lab.advance_clock("6h");
    verify(&stage.partner).assert_refused(404, "LOGIN_NOT_EXIST");
    stage.call_about("UpdateStatusForAccount", &[("AccountStatus", "Inactive")]).assert_ok();
    generate().assert_refused(403, "LOGIN_FROZEN");
}

#[test]
fn a_verification_link_expires_after_three_hours() {
    let stage = Stage::new();
    let params = [("AliyunPk", stage.pk.as_str()), ("Platform", "h5"), ("SubjectType", "enterprise")];

    let url = stage.partner.aas("GenerateAliyunBidCertWaysUrl", &params).assert_ok()["Data"]
        .as_str()
        .unwrap()
        .to_owned();

    let token = url.rsplit('/').next().unwrap();
    let kept = stage.lab.world().state();
    let link = &kept.account_named("demo@example.com").unwrap().affairs.links[token];
    assert_eq!(link.expires.to_string(), "2026-11-22T11:00:00Z");
    assert_eq!(link.subject, Some(alimock::world::account::Subject::Enterprise));
    for (name, value) in [("Platform", "tv"), ("SubjectType", "robot"), ("BidType", "HEAVY")] {
        let wrong: Vec<_> =
            params.into_iter().filter(|(other, _)| *other != name).chain([(name, value)]).collect();
        stage.partner.aas("GenerateAliyunBidCertWaysUrl", &wrong).assert_refused(400, "InvalidParameter");
    }
}

#[test]
fn every_caller_may_read_its_own_mfa_device_and_set_its_own_language() {
    let stage = Stage::new();
    let demo = stage.lab.root("demo");
    assert_eq!(demo.aas("CheckMfaBind", &[]).assert_ok()["IsBindMfa"], false);
    let (world, uid) = (stage.lab.world(), stage.pk.parse().unwrap());
    let bind = |tx: &mut alimock::world::Tx<'_>| tx.bind_mfa(alimock::text::Uid(uid), None);
    world.commit(world.clock.now().resource, alimock::world::By::OURSELVES, bind).unwrap();

    let bound = demo.aas("CheckMfaBind", &[]).assert_ok();

    assert_eq!((&bound["IsBindMfa"], &bound["Code"]), (&true.into(), &200.into()));
    assert_eq!(stage.lab.user("demo", "dev").aas("CheckMfaBind", &[]).assert_ok()["IsBindMfa"], false);
    demo.aas("ChangePreferredLanguage", &[("PreferredLanguage", "not a language")])
        .assert_refused(400, "InvalidParameter");
    demo.aas("ChangePreferredLanguage", &[("PreferredLanguage", "en-US")]).assert_ok();
    let kept = world.state();
    let details = &kept.account_named("demo@example.com").unwrap().profile.details;
    assert_eq!(details["PreferredLanguage"], "en-US");
}

#[test]
fn a_closed_account_is_no_longer_listed_or_counted() {
    let stage = Stage::new();
    let uid = alimock::text::Uid(stage.pk.parse().unwrap());
    let world = stage.lab.world();
    world.commit(world.clock.now().resource, alimock::world::By::OURSELVES, |tx| tx.close(uid, &[])).unwrap();

    let page = stage.partner.aas("ListAliyunAccount", &[]).assert_ok();

    assert_eq!((&page["TotalAccount"], &page["Accounts"]["Account"]), (&0.into(), &serde_json::json!([])));
    let basic = stage.partner.aas("GetBasicInfoForAccount", &[("AliyunId", "demo@example.com")]).assert_ok();
    assert_eq!(basic["AccountStatus"], "Closed");
}
