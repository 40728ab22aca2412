//! account-crm: identity, registration, log-in, state and closing of accounts. The shapes of all answers are held against the
//! SDK's by `shapes`. Source: docs/evidence/account.md 3.3.

mod identity;
mod lives;
mod partners;

use crate::support::{Actor, Lab, Reply, api};
use alimock::world::account::{Account, Order};
use alimock::world::{By, Refusal, Tx};
use std::sync::Arc;

const WORLD: &str = "
accounts:
  - {name: operator, isPartner: true, loginName: operator@example.com, keys: [{}]}
  - {name: rival, isPartner: true, loginName: rival@example.com, keys: [{}]}
  - name: demo
    partner: operator
    loginName: demo@example.com
    keys: [{}]
    users: [{name: dev, keys: [{}]}]
  - {name: stranger, loginName: stranger@example.com, keys: [{}]}
";

/// A partner, one of its accounts, another partner and somebody else.
pub struct Stage {
    pub lab: Arc<Lab>,
    pub partner: Actor,
    pub rival: Actor,
    pub demo: Actor,
    pub stranger: Actor,
    pub mpk: String,
    pub pk: String,
}

impl Stage {
    pub fn new() -> Self {
        let lab = Lab::with_scenario(WORLD);
        let [partner, rival, demo, stranger] =
            ["operator", "rival", "demo", "stranger"].map(|one| lab.root(one));
        let (mpk, pk) = (lab.uid("operator"), lab.uid("demo"));
        Self { lab, partner, rival, demo, stranger, mpk, pk }
    }

    /// A call of the partner about its account, with what nearly every such call has.
    pub fn call_about_account(&self, action: &str, more: &[(&str, &str)]) -> Reply {
        self.call_about(&self.partner, &self.pk, action, more)
    }

    /// Such a call by anybody about any account.
    pub fn call_about(&self, who: &Actor, pk: &str, action: &str, more: &[(&str, &str)]) -> Reply {
        let usual = [("AgAccountType", "BID"), ("AppName", "test"), ("Mpk", &*self.mpk), ("Pk", pk)];
        who.account_crm(action, &[&usual[..], more].concat())
    }

    pub fn state_version(&self) -> u64 {
        self.lab.world().state().version
    }

    /// Changes the world behind the back of the API.
    pub fn change_world<T>(&self, change: impl FnOnce(&mut Tx<'_>) -> Result<T, Refusal>) -> T {
        let world = self.lab.world();
        world.commit(world.clock.now().resource, By::OURSELVES, change).unwrap().0
    }

    /// Looks at the account.
    pub fn read_account<T>(&self, look: impl FnOnce(&Account) -> T) -> T {
        let state = self.lab.world().state();
        look(state.accounts.values().find(|one| one.label == "demo").unwrap())
    }

    pub fn uid(&self) -> alimock::text::Uid {
        self.read_account(|demo| demo.uid)
    }

    /// Buys something that is paid by use.
    pub fn buy_instance(&self) -> String {
        let order = Order {
            product: "ecs".into(),
            product_type: "ecs".into(),
            months: None,
            region: "cn-hangzhou".into(),
            parameters: "".into(),
        };
        let uid = self.uid();
        self.change_world(|tx| {
            tx.pay(uid, 100)?;
            tx.buy(uid, order, None)
        })
        .id
        .to_string()
    }

    /// What was sent last.
    pub fn last_mail(&self) -> alimock::world::outbox::Message {
        let state = self.lab.world().state();
        alimock::world::outbox::Message::clone(
            state.registry.outbox.iter().next_back().expect("something was sent"),
        )
    }
}

type Params = &'static [(&'static str, &'static str)];

/// Every action about one account of a partner, with what else it needs.
const OF_A_CHILD: [(&str, Params); 17] = [
    ("AllowAgAccountLogin", &[]),
    ("ForbiddenAgAccountLogin", &[]),
    ("QueryAgAccountLoginPermission", &[]),
    ("ApplyAgOneKeyDeleteTask", &[]),
    ("ApplyAgOneKeyOnlyCheckerTask", &[]),
    ("GetAgOneKeyDeleteTask", &[("TaskId", "1")]),
    ("JudgeAgExistQuietPeriod", &[]),
    ("QueryDeleteTaskCheckData", &[("TaskId", "1"), ("TaskType", "check")]),
    ("GetAgAccountAk", &[]),
    ("ReleaseAgAccount", &[]),
    ("SeparateAgRelation", &[]),
    ("AsyncModifyAgLoginEmail", &[("NewLoginEmail", "new@example.com")]),
    ("ChangeAgSecurityEmail", &[("SecurityEmail", "new@example.com")]),
    ("ChangeAgSecurityMobile", &[("SecurityMobile", "86-13900001111")]),
    ("QueryAgSecurityMobile", &[]),
    ("ChangeAgAccountNationalityCode", &[("NationalityCode", "SG")]),
    ("UpdateAgAccountAddressInfo", &[("City", "Hangzhou")]),
];

/// Two of them spell it so.
fn pk_of(action: &str) -> &'static str {
    match action {
        "ChangeAgAccountNationalityCode" | "UpdateAgAccountAddressInfo" => "PK",
        _ => "Pk",
    }
}

/// Every action about an account that may be the caller itself, with the parameter that names it and what else it needs.
const OF_AN_ACCOUNT: [(&str, &str, Params); 27] = [
    (
        "CreateRealNameCertification",
        "Pk",
        &[
            ("AccountCertifyType", "enterprise"),
            ("CorporateName", "Demo"),
            ("CorporateLicenseNumber", "91330000MA27DEMOLT"),
        ],
    ),
    (
        "ApplyIdentityRegistration",
        "CustomerId",
        &[
            ("AccountType", "1"),
            ("DocBackPic", "b"),
            ("DocFrontPic", "f"),
            ("Email", "demo@example.com"),
            ("FullName", "Demo"),
            ("RegisteredNum", "1"),
        ],
    ),
    ("GetIdentityRegistrationByCustomer", "CustomerId", &[]),
    ("GetUploadIdentityRegistrationDocConfig", "CustomerId", &[("FilePath", "x")]),
    ("LoadRealNameInfoByPk", "PK", &[]),
    ("QueryAccountRealNameInfo", "PK", &[]),
    ("QueryAccountTrueName", "PK", &[]),
    (
        "GenerateAliyunCertUrl",
        "AliyunPk",
        &[("AppName", "test"), ("Platform", "pc"), ("Source", "test"), ("SubjectType", "all")],
    ),
    ("GetProfileTypeByPk", "Pk", &[("AppName", "test")]),
    ("QueryEnterpriseInfo", "PK", &[]),
    ("UpdateOrInsertEnterpriseInfo", "PK", &[("Alias", "D")]),
    ("QueryAccountProfileInfo", "PK", &[]),
    ("QueryEncryptedAccountProfileInfo", "PK", &[]),
    ("QuerySecurityInfo", "Pk", &[("AppName", "test")]),
    ("QueryAccountSite", "Pk", &[]),
    ("GetAliyunIdByPk", "Pk", &[("AppName", "test")]),
    ("GetCustomerInformation", "UserId", &[]),
    ("FindCustomerInfo", "UserId", &[]),
    ("UpdateCustomerInformation", "UserId", &[("Biz", "retail")]),
    ("ModifyCustomerInfo", "UserId", &[("Biz", "retail")]),
    ("GetAgRelation", "Pk", &[]),
    ("QueryOneKeyDeleteBlockList", "Pk", &[("AppName", "test")]),
    ("AccountOneKeyDelete", "Pk", &[("AppName", "test")]),
    ("QueryCustomerLabel", "PK", &[]),
    (
        "AddCustomerLabel",
        "PK",
        &[("LabelSeries", "s"), ("LabelTypes.1", "t"), ("Organization", "o"), ("UserName", "u")],
    ),
    ("CustomerSensitiveInfoLogicalDelete", "Uid", &[]),
    ("CustomerSensitiveInfoPhysicalDelete", "Uid", &[]),
];

#[test]
fn only_the_partner_calls_for_itself_and_about_its_accounts() {
    let stage = Stage::new();
    let before = stage.state_version();
    let foreign = stage.lab.uid("stranger");
    for (action, more) in OF_A_CHILD {
        let call = |who: &Actor, mpk: &str, pk: &str| {
            let usual = [("AgAccountType", "BID"), ("AppName", "test"), ("Mpk", mpk), (pk_of(action), pk)];
            who.account_crm(action, &[&usual[..], more].concat())
        };
        call(&stage.demo, &stage.mpk, &stage.pk).assert_refused(403, "Not Bid");
        call(&stage.stranger, &stage.mpk, &stage.pk).assert_refused(403, "Not Bid");
        call(&stage.rival, &stage.mpk, &stage.pk).assert_refused(403, "Bid Mismatch");
        call(&stage.rival, &stage.lab.uid("rival"), &stage.pk).assert_refused(403, "Bid Mismatch");
        call(&stage.partner, &stage.mpk, &foreign).assert_refused(403, "Bid Mismatch");
        call(&stage.partner, &stage.mpk, &stage.mpk).assert_refused(403, "Bid Mismatch");
        call(&stage.partner, &stage.mpk, "1000000000000009").assert_refused(404, "Invalid PK");
        call(&stage.partner, &stage.mpk, "nonsense").assert_refused(404, "Invalid PK");
    }
    assert_eq!(stage.state_version(), before);
}

#[test]
fn only_an_account_and_its_partner_may_read_about_it() {
    for (action, name, more) in OF_AN_ACCOUNT {
        let stage = Stage::new();
        let before = stage.state_version();
        let call = |who: &Actor, pk: &str| who.account_crm(action, &[&[(name, pk)], more].concat());

        call(&stage.stranger, &stage.pk).assert_refused(403, "Not Bid");
        call(&stage.stranger, "1000000000000009").assert_refused(403, "Not Bid");
        call(&stage.rival, &stage.pk).assert_refused(403, "Bid Mismatch");
        call(&stage.partner, "1000000000000009").assert_refused(404, "Invalid PK");
        assert_eq!(stage.state_version(), before, "{action}");
        // Whatever else it is told, it was let in.
        for who in [&stage.demo, &stage.partner] {
            assert_eq!(call(who, &stage.pk).status, 200, "{action}");
        }
    }
}

#[test]
fn each_missing_required_parameter_is_named() {
    let stage = Stage::new();
    let before = stage.state_version();
    let of_a_child = OF_A_CHILD.iter().map(|(action, more)| {
        (*action, [&[("Mpk", stage.mpk.as_str()), (pk_of(action), stage.pk.as_str())], *more].concat())
    });
    let of_an_account = OF_AN_ACCOUNT
        .iter()
        .map(|(action, name, more)| (*action, [&[(*name, stage.pk.as_str())], *more].concat()));
    let mut asked = 0;
    for (action, params) in of_a_child.chain(of_an_account) {
        let params: Vec<_> =
            params.into_iter().chain([("AgAccountType", "BID"), ("AppName", "test")]).collect();
        for name in api::required("2016-06-06", action) {
            let others: Vec<_> =
                params.iter().copied().filter(|(other, _)| other.split('.').next() != Some(name)).collect();
            let code = format!("Missing{name}");
            stage.partner.account_crm(action, &others).assert_refused(400, &code);
            asked += 1;
        }
    }
    assert!(asked > 90, "{asked}");
    assert_eq!(stage.state_version(), before);
}

#[test]
fn a_user_needs_permission() {
    let stage = Stage::new();
    let dev = stage.lab.user("demo", "dev");

    let message =
        dev.account_crm("QueryAccountSite", &[("Pk", &stage.pk)]).assert_refused(403, "NoPermission");

    assert!(message.contains("account-crm:QueryAccountSite"), "{message}");
}
