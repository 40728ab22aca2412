//! `AssumeRole`, and what a temporary credential may do and for how long. Source: docs/evidence/sts.md sections 2 and 3.

use crate::support::live::Live;
use crate::support::{Actor, Lab};
use alimock::text::parse_duration;
use serde_json::{Value, json};
use std::sync::Arc;

/// Two accounts: `demo` with a user, a chain of roles and one that asks for an external id; `other` with a user.
const ROLES: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    users:
      - {name: ci, policies: [AliyunSTSAssumeRoleAccess], keys: [{}]}
      - {name: idle, keys: [{}]}
      - {name: barred, policies: [AliyunSTSAssumeRoleAccess, NoDeploy], keys: [{}]}
    policies:
      - name: NoDeploy
        document: {Version: "1", Statement: [{Effect: Deny, Action: "sts:*", Resource: "acs:ram::*:role/Deploy"}]}
    roles:
      - {name: Deploy, policies: [AliyunRAMReadOnlyAccess, AliyunSTSAssumeRoleAccess], maxSession: 2h}
      - {name: Next, trust: {RAM: [role/Deploy]}}
      - {name: ForService, trust: {Service: [ecs.aliyuncs.com]}}
      - name: Partner
        trust:
          Version: "1"
          Statement:
            - Effect: Allow
              Action: sts:AssumeRole
              Principal: {RAM: ["acs:ram::1111111111111111:root"]}
              Condition: {StringEquals: {sts:ExternalId: e-42}}
  - name: other
    uid: 1111111111111111
    keys: [{}]
    users: [{name: visitor, policies: [AliyunSTSAssumeRoleAccess], keys: [{}]}]
"#;

fn role_arn(role: &str) -> String {
    format!("acs:ram::1234567890123456:role/{role}")
}

trait Assumes {
    /// Assumes a role of `demo`.
    fn assume_role(&self, role: &str, more: &[(&str, &str)]) -> crate::support::Reply;
    /// The session a role was assumed with.
    fn session_of_role(&self, role: &str, more: &[(&str, &str)]) -> Actor;
}

impl Assumes for Actor {
    fn assume_role(&self, role: &str, more: &[(&str, &str)]) -> crate::support::Reply {
        let arn = role_arn(role);
        let mut params = vec![("RoleArn", arn.as_str()), ("RoleSessionName", "night")];
        params.extend(more);
        self.sts("AssumeRole", &params)
    }

    #[track_caller]
    fn session_of_role(&self, role: &str, more: &[(&str, &str)]) -> Actor {
        actor_with_credentials(&self.lab, &self.assume_role(role, more).assert_ok())
    }
}

/// Whoever was given the credentials of a reply.
pub fn actor_with_credentials(lab: &Arc<Lab>, reply: &Value) -> Actor {
    let of = |name: &str| reply["Credentials"][name].as_str().unwrap().to_owned();
    lab.actor(&of("AccessKeyId"), &of("AccessKeySecret")).with_token(&of("SecurityToken"))
}

fn advance_both_clocks(lab: &Lab, span: &str) {
    lab.world().clock.advance(parse_duration(span).unwrap());
}

#[test]
fn a_user_assumes_a_role_and_the_session_has_the_permissions_of_the_role() {
    let lab = Lab::with_scenario(ROLES);
    let ci = lab.user("demo", "ci");

    let reply = ci.assume_role("Deploy", &[("DurationSeconds", "900")]).assert_ok();

    let user = &reply["AssumedRoleUser"];
    assert_eq!(user["Arn"], "acs:ram::1234567890123456:role/deploy/night");
    assert!(user["AssumedRoleId"].as_str().unwrap().ends_with(":night"));
    assert_eq!(reply["Credentials"]["Expiration"], "2026-11-22T08:15:00Z");
    assert!(reply["Credentials"]["SecurityToken"].as_str().unwrap().starts_with("CAIS"));
    assert!(reply.get("SourceIdentity").is_none());
    let session = actor_with_credentials(&lab, &reply);
    let identity = session.sts("GetCallerIdentity", &[]).assert_ok();
    assert_eq!(identity["Arn"], "acs:ram::1234567890123456:assumed-role/deploy/night");
    ci.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    session.ram("ListUsers", &[]).assert_ok();
    session.ram("CreateUser", &[("UserName", "x")]).assert_refused(403, "NoPermission");
}

#[test]
fn a_session_ends_at_its_expiry_and_its_token_stays_expired() {
    let lab = Lab::with_scenario(ROLES);
    let session = lab.user("demo", "ci").session_of_role("Deploy", &[("DurationSeconds", "900")]);

    advance_both_clocks(&lab, "899s");
    session.sts("GetCallerIdentity", &[]).assert_ok();
    advance_both_clocks(&lab, "1s");
    let message = session.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidSecurityToken.Expired");

    assert_eq!(message, "Specified SecurityToken is expired.");
    advance_both_clocks(&lab, "200h");
    session.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidSecurityToken.Expired");
    assert_eq!(lab.world().state().sessions().count(), 0, "what is over is forgotten");
}

#[test]
fn a_foreign_a_truncated_and_a_missing_token_have_different_codes() {
    let lab = Lab::with_scenario(ROLES);
    let ci = lab.user("demo", "ci");
    let (one, two) = (ci.session_of_role("Deploy", &[]), ci.session_of_role("Deploy", &[]));
    let token = one.token.clone().unwrap();
    let with = |token: &str| one.clone().with_token(token).sts("GetCallerIdentity", &[]);

    with(&two.token.unwrap()).assert_refused(400, "InvalidSecurityToken.MismatchWithAccessKey");
    for cut in [&token[..token.len() - 1], &token[..20], &format!("{token}A"), "CAIS"] {
        with(cut).assert_refused(400, "InvalidSecurityToken.Malformed");
    }
    let bare = Actor { token: None, ..one.clone() };
    bare.sts("GetCallerIdentity", &[]).assert_refused(400, "MissingSecurityToken");
    ci.with_token(&token)
        .sts("GetCallerIdentity", &[])
        .assert_refused(400, "InvalidSecurityToken.MismatchWithAccessKey");
}

#[test]
fn an_account_itself_assumes_no_role_whatever_else_is_wrong() {
    let lab = Lab::with_scenario(ROLES);

    let message = lab.root("demo").sts("AssumeRole", &[]).assert_refused(403, "NoPermission");

    assert_eq!(message, "Roles may not be assumed by root accounts.");
}

#[test]
fn own_policies_and_trust_policy_must_both_allow() {
    let lab = Lab::with_scenario(ROLES);

    let refused = lab.user("demo", "idle").assume_role("Deploy", &[]);
    let message = refused.assert_refused(403, "NoPermission");
    assert_eq!(message, "You are not authorized to do this action. You should be authorized by RAM.");
    let detail = refused.json()["AccessDeniedDetail"].clone();
    assert_eq!(
        (&detail["AuthAction"], &detail["NoPermissionType"]),
        (&"sts:AssumeRole".into(), &"ImplicitDeny".into())
    );
    assert_eq!(detail["PolicyType"], "AccountLevelIdentityBasedPolicy");

    let by_trust = lab.user("demo", "ci").assume_role("Next", &[]).json()["AccessDeniedDetail"].clone();
    assert_eq!(
        (&by_trust["PolicyType"], &by_trust["NoPermissionType"]),
        (&"AssumeRolePolicy".into(), &"ImplicitDeny".into())
    );
    let barred = lab.user("demo", "barred").assume_role("Deploy", &[]).json()["AccessDeniedDetail"].clone();
    assert_eq!(barred["NoPermissionType"], "ExplicitDeny");
    lab.user("demo", "ci").assume_role("ForService", &[]).assert_refused(403, "NoPermission");
    lab.user("other", "visitor").assume_role("Deploy", &[]).assert_refused(403, "NoPermission");
    let decision = lab.last_record().decision.clone().unwrap();
    assert_eq!(decision.reason(), "implicit deny: the role does not trust the caller");
}

#[test]
fn a_role_of_another_account_is_assumed_with_the_external_id_it_asks_for() {
    let lab = Lab::with_scenario(ROLES);
    let visitor = lab.user("other", "visitor");

    visitor.assume_role("Partner", &[]).assert_refused(403, "NoPermission");
    visitor.assume_role("Partner", &[("ExternalId", "e-43")]).assert_refused(403, "NoPermission");
    let session = visitor.session_of_role("Partner", &[("ExternalId", "e-42")]);

    assert_eq!(session.sts("GetCallerIdentity", &[]).assert_ok()["AccountId"], "1234567890123456");
    lab.user("demo", "ci").session_of_role("Deploy", &[("ExternalId", "not-asked-for")]);
}

#[test]
fn roles_can_be_chained_and_the_source_identity_stays() {
    let lab = Lab::with_scenario(ROLES);
    let first = lab.user("demo", "ci").session_of_role("Deploy", &[("SourceIdentity", "alice")]);

    let reply = first.assume_role("Next", &[]).assert_ok();

    assert_eq!(reply["SourceIdentity"], "alice");
    first.assume_role("Next", &[("SourceIdentity", "alice")]).assert_ok();
    first
        .assume_role("Next", &[("SourceIdentity", "bob")])
        .assert_refused(400, "InvalidParameter.SourceIdentity");
}

#[test]
fn a_session_policy_narrows_the_role_and_never_widens_it() {
    let lab = Lab::with_scenario(ROLES);
    let only_users = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":["ram:ListUsers","ram:CreateUser"],"Resource":"*"}]}"#;

    let session = lab.user("demo", "ci").session_of_role("Deploy", &[("Policy", only_users)]);

    session.ram("ListUsers", &[]).assert_ok();
    let refused = session.ram("ListRoles", &[]);
    refused.assert_refused(403, "NoPermission");
    assert_eq!(refused.json()["AccessDeniedDetail"]["PolicyType"], "SessionPolicy");
    session.ram("CreateUser", &[("UserName", "x")]).assert_refused(403, "NoPermission");
    let assume = |policy: &str| lab.user("demo", "ci").assume_role("Deploy", &[("Policy", policy)]);
    assume("{}").assert_refused(400, "InvalidParameter.PolicyGrammar");
    assume(&"x".repeat(2049)).assert_refused(400, "InvalidParameter.PolicySize");
}

#[test]
fn every_parameter_is_refused_on_both_sides_of_its_limit() {
    let lab = Lab::with_scenario(ROLES);
    let ci = lab.user("demo", "ci");
    let of = |role_arn: &str, name: &str| {
        ci.sts("AssumeRole", &[("RoleArn", role_arn), ("RoleSessionName", name)])
    };
    let good = role_arn("Deploy");
    of("Deploy", "night").assert_refused(400, "InvalidParameter.RoleArn");
    of("acs:ram::x:role/Deploy", "night").assert_refused(400, "InvalidParameter.RoleArn");
    assert_eq!(
        of(&role_arn("Nobody"), "night").assert_refused(404, "EntityNotExist.Role"),
        "The role not exists: acs:ram::1234567890123456:role/nobody."
    );
    of("acs:ram::1234567890123456:user/ci", "night").assert_refused(404, "EntityNotExist.Role");
    of("acs:ram::9999999999999999:role/Deploy", "night").assert_refused(404, "EntityNotExist.Role");
    of(&good.to_lowercase(), "ni").assert_ok();
    of(&good, &"n".repeat(64)).assert_ok();
    for bad in ["n", "ni ght", "n/t", &"n".repeat(65)] {
        of(&good, bad).assert_refused(400, "InvalidParameter.RoleSessionName");
    }
    ci.assume_role("Deploy", &[("DurationSeconds", "7200")]).assert_ok();
    for bad in ["899", "7201", "43201", "soon"] {
        let message = ci
            .assume_role("Deploy", &[("DurationSeconds", bad)])
            .assert_refused(400, "InvalidParameter.DurationSeconds");
        assert_eq!(message, "The Min/Max value of DurationSeconds is 15min/1hr.");
    }
    for bad in ["x", "a b", &"x".repeat(1225)] {
        ci.assume_role("Deploy", &[("ExternalId", bad)]).assert_refused(400, "InvalidParameter.ExternalId");
    }
    for bad in ["x", "acs:alice", "aliyun:x", "a b", &"x".repeat(65)] {
        ci.assume_role("Deploy", &[("SourceIdentity", bad)])
            .assert_refused(400, "InvalidParameter.SourceIdentity");
    }
    ci.sts("AssumeRole", &[("RoleArn", &good)]).assert_refused(400, "MissingRoleSessionName");
    ci.sts("AssumeRole", &[("RoleSessionName", "night")]).assert_refused(400, "MissingRoleArn");
}

#[test]
fn deleting_the_role_voids_its_sessions_and_detaching_takes_their_permissions() {
    let lab = Lab::with_scenario(ROLES);
    let root = lab.root("demo");
    let session = lab.user("demo", "ci").session_of_role("Deploy", &[]);
    session.ram("ListUsers", &[]).assert_ok();
    let detach = |policy: &str| {
        root.ram(
            "DetachPolicyFromRole",
            &[("RoleName", "Deploy"), ("PolicyType", "System"), ("PolicyName", policy)],
        )
        .assert_ok()
    };

    detach("AliyunRAMReadOnlyAccess");
    session.ram("ListUsers", &[]).assert_refused(403, "NoPermission");
    detach("AliyunSTSAssumeRoleAccess");
    root.ram("DeleteRole", &[("RoleName", "Deploy")]).assert_ok();

    session.sts("GetCallerIdentity", &[]).assert_refused(404, "InvalidAccessKeyId.NotFound");
}

#[test]
fn a_session_outlives_the_key_it_was_made_with() {
    let lab = Lab::with_scenario(ROLES);
    let ci = lab.user("demo", "ci");
    let session = ci.session_of_role("Deploy", &[]);
    let off = [("UserName", "ci"), ("UserAccessKeyId", ci.key.as_str()), ("Status", "Inactive")];
    lab.root("demo").ram("UpdateAccessKey", &off).assert_ok();

    ci.sts("GetCallerIdentity", &[]).assert_refused(400, "InvalidAccessKeyId.Inactive");
    session.sts("GetCallerIdentity", &[]).assert_ok();
}

#[test]
fn the_returned_expiry_and_the_enforced_expiry_are_set_separately() {
    // What the world says, what a client that asked for 30 minutes is told, and for how long the session really works.
    for (setting, told, works) in [
        ("{}", "2026-11-22T08:30:00Z", "30m"),
        ("{returned: 2m}", "2026-11-22T08:02:00Z", "30m"),
        ("{returned: -1m, enforced: 1h}", "2026-11-22T07:59:00Z", "1h"),
        ("{enforced: 5m}", "2026-11-22T08:30:00Z", "5m"),
    ] {
        let lab = Lab::with_scenario(&format!("sessionExpiry: {setting}\n{ROLES}"));
        let made = lab.user("demo", "ci").assume_role("Deploy", &[("DurationSeconds", "1800")]).assert_ok();
        let session = actor_with_credentials(&lab, &made);

        assert_eq!(made["Credentials"]["Expiration"], told, "{setting}");
        lab.world()
            .clock
            .advance(parse_duration(works).unwrap().checked_sub(parse_duration("1s").unwrap()).unwrap());
        session.ram("ListUsers", &[]).assert_ok();
        lab.advance_clock("1s");
        session.ram("ListUsers", &[]).assert_refused(400, "InvalidSecurityToken.Expired");
    }
}

#[test]
fn the_expiry_of_sessions_is_read_and_set_over_the_control_api() {
    let live = Live::start();
    let path = "/worlds/default/session-expiry";

    assert_eq!(live.control("GET", path, ""), (200, json!({})));
    let set = live.control("PUT", path, r#"{"returned": "-1m", "enforced": "5m"}"#);
    assert_eq!(set, (200, json!({"returned": "-1m", "enforced": "5m"})));
    assert_eq!(live.control("GET", path, "").1, set.1);
    assert_eq!(live.control("PUT", path, r#"{"enforced": "soon"}"#).0, 400);
    assert_eq!(live.control("GET", path, "").1, set.1);
}
