//! Compares answers in an envelope with the shapes of the SDK packages.
//!
//! Source: the Python packages alibabacloud_bssopenapi20171214, accountcenter20241209 and agency20221216, as
//! `api` reads them.

use crate::shapes::value_of;
use crate::support::{Actor, Lab, Reply, api, xml};
use alimock::world::{By, Command, NotDone, Refusal, Tx};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

pub const BSS: &str = "2017-12-14";
pub const CENTER: &str = "2024-12-09";
pub const AGENCY: &str = "2022-12-16";
pub const UBSMS: &str = "2015-06-23";

/// Fields that may be missing, and why.
const ABSENT: &[&str] = &[
    // Nothing has them that alimock makes: docs/known-differences.md.
    "GetAccountRelation.Data.EndTime",
    "QueryAvailableInstances.Data.InstanceList[].Seller",
    "QueryAvailableInstances.Data.InstanceList[].SellerId",
    "QueryAvailableInstances.Data.InstanceList[].StopTime",
    "QueryAvailableInstances.Data.InstanceList[].ReleaseTime",
    "QueryAvailableInstances.Data.InstanceList[].ExpectedReleaseTime",
    "EnterpriseAccountQueryAccountsInfo.AccountInfoDtoList[].EnterpriseNbId",
    "GetCreditInfo.Data.AlarmThreshold",
    // Of subscriptions, of those that renew themselves.
    "QueryAvailableInstances.Data.InstanceList[].EndTime",
    "QueryAvailableInstances.Data.InstanceList[].RenewStatus",
    "QueryAvailableInstances.Data.InstanceList[].RenewalDuration",
    "QueryAvailableInstances.Data.InstanceList[].RenewalDurationUnit",
    // Of members of an enterprise, and where more follows.
    "EnterpriseAccountQueryAccountsInfo.AccountInfoDtoList[].EnterpriseEcId",
    "EnterpriseAccountQueryAccountsInfo.AccountInfoDtoList[].EnterpriseEntityId",
    "EnterpriseAccountQueryAccountsInfo.AccountInfoDtoList[].ManageInviteTimeStamp",
    "EnterpriseAccountQueryAccountsInfo.NextToken",
    // Where something went wrong.
    "AccountContactAdd.Data.ContactId",
    "InviteSubAccount.Results.Result[].Result",
    "GetInviteStatus.Data.InviteStatus[].InviteStatusList",
    // Once somebody has registered.
    "GetInviteStatus.Data.InviteStatus[].InviteStatusList.AssociationSuccessTime",
    "GetInviteStatus.Data.InviteStatus[].InviteStatusList.Uid",
    // Of accounts that came by an invitation; of those that have one.
    "GetAccountInfo.AccountInfoList.AccountInfo[].Cid",
    "GetAccountInfo.AccountInfoList.AccountInfo[].Email",
    "GetAccountInfo.AccountInfoList.AccountInfo[].Mobile",
];

fn find_shape_mismatches(value: &Value, shape: &Value, at: &str, wrong: &mut Vec<String>) {
    let fits = match (value, shape) {
        (Value::Object(fields), Value::Object(shapes)) => {
            for (name, shape) in shapes {
                let path = format!("{at}.{name}");
                match fields.get(name) {
                    Some(value) => find_shape_mismatches(value, shape, &path, wrong),
                    None if ABSENT.contains(&path.as_str()) => {}
                    None => wrong.push(format!("{path} is missing")),
                }
            }
            let extra = fields.keys().filter(|name| !shapes.contains_key(*name));
            wrong.extend(extra.map(|name| format!("{at}.{name} is extra")));
            true
        }
        (Value::Array(items), Value::Array(shape)) => {
            for item in items {
                find_shape_mismatches(item, &shape[0], &format!("{at}[]"), wrong);
            }
            true
        }
        (Value::String(_), Value::String(kind)) => kind == "string",
        (Value::Bool(_), Value::String(kind)) => kind == "boolean",
        (Value::Number(_), Value::String(kind)) => kind == "integer",
        _ => false,
    };
    if !fits {
        wrong.push(format!("{at}: {value} is no {shape}"));
    }
}

impl Actor {
    /// Calls, and fails unless the call succeeds with the shape that its SDK reads. Returns the body.
    #[track_caller]
    pub fn call_ok(&self, version: &str, action: &str, params: &[(&str, &str)]) -> Value {
        let reply = self.call(version, action, params);
        let body = reply.assert_ok();
        let shape = api::response(version, action);
        let mut wrong = Vec::new();
        find_shape_mismatches(&body, shape, action, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}: {}", reply.body);
        assert!(body.get("Success").is_none_or(|success| success == true), "{}", reply.body);
        body
    }

    /// Like [`Actor::call_ok`] for a call that only reads. The XML answer must contain the same values.
    #[track_caller]
    pub fn read_ok(&self, version: &str, action: &str, params: &[(&str, &str)]) -> Value {
        let mut json = self.call_ok(version, action, params);
        let reply = self.clone().in_xml().call(version, action, params);
        let document = xml::parse(&reply.body);
        assert_eq!((reply.status, document.name.clone()), (200, format!("{action}Response")));
        let mut found = value_of(&document, api::response(version, action), action);
        found["RequestId"] = Value::Null;
        let id = json["RequestId"].take();
        assert_eq!(found, json, "{}", reply.body);
        json["RequestId"] = id;
        json
    }

    /// Calls, and fails unless the call is refused and changes nothing. Returns the message.
    ///
    /// With status 200 the refusal is in the body.
    #[track_caller]
    pub fn assert_call_refused(
        &self,
        status: u16,
        code: &str,
        version: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> String {
        // Due timeline entries are applied first: the call did not cause them.
        let world = self.lab.world();
        let _ = world.settle(world.clock.now().resource);
        let before = world.state().version;
        let reply: Reply = self.call(version, action, params);
        assert_eq!(self.lab.world().state().version, before, "{action} changed the state: {}", reply.body);
        let success = reply.json().get("Success").cloned();
        assert_eq!(success, (status == 200).then_some(Value::Bool(false)), "{}", reply.body);
        reply.assert_refused(status, code)
    }
}

impl Lab {
    /// Changes the world directly, without an API.
    #[track_caller]
    pub fn change_world<T>(&self, change: impl FnOnce(&mut Tx<'_>) -> Result<T, Refusal>) -> T {
        let now = self.world().clock.now().resource;
        self.world().commit(now, By::OURSELVES, change).expect("the change is possible").0
    }

    /// Runs a command that is given as JSON.
    pub fn run_command(&self, command: serde_json::Value) -> Result<String, NotDone> {
        let command: Command = serde_json::from_value(command).expect("it is a command");
        let now = self.world().clock.now().resource;
        self.world().commit(now, By::OURSELVES, |tx| command.run(tx)).map(|(done, _)| done)
    }

    /// Creates an account of the seeded partner. Returns its UID and an actor with a root key.
    #[track_caller]
    pub fn create_managed_account(self: &Arc<Self>, name: &str) -> (String, Actor) {
        let operator = self.root("operator");
        let made = operator.aas("CreateAliyunAccount", &[("AliyunId", name)]).assert_ok();
        let pk = made["PK"].as_str().unwrap().to_owned();
        let key = operator.aas("CreateAccessKeyForAccount", &[("PK", &pk)]).assert_ok();
        let text = |name: &str| key["AccessKey"][name].as_str().unwrap().to_owned();
        let actor = self.actor(&text("AccessKeyId"), &text("AccessKeySecret"));
        (pk, actor)
    }

    /// The last code that was sent to an address.
    #[track_caller]
    pub fn code_sent_to(&self, to: &str) -> String {
        let state = self.world().state();
        let sent = state.registry.outbox.latest_code(to).expect("a code was sent");
        sent.code.as_ref().expect("it has a code").to_string()
    }

    /// Fails unless every implemented operation of a product has succeeded once.
    #[track_caller]
    pub fn assert_every_operation_reached(&self, code: &str) {
        let records = self.world().journal.read(0, usize::MAX, |record| record.refused.is_none());
        let reached: BTreeSet<_> = records
            .iter()
            .filter(|record| record.product == Some(code))
            .map(|record| record.action.to_string())
            .collect();
        let product = alimock::services::products().iter().find(|one| one.code == code).expect("a product");
        let missed: Vec<_> =
            product.operations().map(|one| one.name).filter(|name| !reached.contains(*name)).collect();
        assert!(missed.is_empty(), "{missed:?}");
    }
}
