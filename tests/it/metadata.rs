//! Metadata of an instance: items, tokens, credentials of its roles. Source: docs/evidence/clients.md 3.4, ECS "Instance metadata".

use crate::support::live::Live;
use crate::support::{Actor, Lab, Reply};
use alimock::Scenario;
use alimock::gateway::RawRequest;
use alimock::scenario::Export;
use alimock::world::{By, Command};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use std::sync::Arc;

const ADDRESS: &str = "100.100.100.200";
pub const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
const TRUST: &str = r"trust: {Service: [ecs.aliyuncs.com]}";

/// A shop with an instance.
fn shop_with_instance(instance: &str) -> String {
    format!(
        "accounts: [{{name: shop, uid: 1234567890123456, keys: [{{}}], roles: [\
         {{name: EcsRole, {TRUST}, policies: [AliyunRAMReadOnlyAccess]}}, {{name: Other, {TRUST}}}, {{name: Deaf}}]}}]\n\
         instance: {instance}"
    )
}

pub fn lab_with_instance(instance: &str) -> Arc<Lab> {
    Lab::with_scenario(&shop_with_instance(instance))
}

fn request(method: &str, host: &str, path: &str, headers: &[(&str, &str)]) -> RawRequest {
    let builder = Request::builder().method(method).uri(path).header("host", host);
    let builder = headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value));
    builder.body(Bytes::new()).unwrap()
}

/// Whoever is on the instance.
pub struct OnIt<'a>(pub &'a Lab);

impl OnIt<'_> {
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.0.send(&request(method, ADDRESS, path, headers))
    }

    pub fn get(&self, path: &str) -> Reply {
        self.ask("GET", path, &[])
    }

    fn put_token(&self, seconds: &str) -> Reply {
        self.ask("PUT", "/latest/api/token", &[("X-aliyun-ecs-metadata-token-ttl-seconds", seconds)])
    }

    #[track_caller]
    fn token(&self, seconds: &str) -> String {
        let reply = self.put_token(seconds);
        assert_eq!(reply.status, 200, "{}", reply.body);
        reply.body
    }

    fn get_with(&self, token: &str, path: &str) -> Reply {
        self.ask("GET", path, &[("X-aliyun-ecs-metadata-token", token)])
    }

    #[track_caller]
    pub fn credentials(&self) -> Value {
        let made = self.get(&format!("{ROLES}EcsRole")).assert_ok();
        assert_eq!(made["Code"], "Success", "{made}");
        made
    }
}

pub fn actor_with_credentials(lab: &Arc<Lab>, made: &Value) -> Actor {
    let text = |name: &str| made[name].as_str().unwrap();
    lab.actor(text("AccessKeyId"), text("AccessKeySecret")).with_token(text("SecurityToken"))
}

fn run_command(lab: &Lab, command: Value) -> Result<String, String> {
    let command: Command = serde_json::from_value(command).unwrap();
    let now = lab.world().clock.now().resource;
    let done = lab.world().commit(now, By::OURSELVES, |tx| command.run(tx));
    done.map(|(done, _)| done).map_err(|why| why.to_string())
}

#[test]
fn items_are_what_the_file_says_and_folders_list_them() {
    let lab = lab_with_instance(
        "{account: shop, id: i-bp1abc, region: cn-beijing, hostname: web-1, privateIp: 10.0.0.7, mac: '00:16:3e:00:00:01', \
         imageId: m-1, instanceType: ecs.c7.large, vpcId: vpc-1, vswitchId: vsw-1, serialNumber: s-1, userData: \"#!/bin/sh\\n\"}",
    );
    let on_it = OnIt(&lab);

    for (item, value) in [
        ("instance-id", "i-bp1abc"),
        ("region-id", "cn-beijing"),
        ("zone-id", "cn-beijing-h"),
        ("owner-account-id", "1234567890123456"),
        ("hostname", "web-1"),
        ("private-ipv4", "10.0.0.7"),
        ("mac", "00:16:3e:00:00:01"),
        ("image-id", "m-1"),
        ("instance/instance-type", "ecs.c7.large"),
        ("network-type", "vpc"),
        ("vpc-id", "vpc-1"),
        ("vswitch-id", "vsw-1"),
        ("serial-number", "s-1"),
        ("network/interfaces/macs/00:16:3e:00:00:01/private-ipv4s", r#"["10.0.0.7"]"#),
    ] {
        let reply = on_it.get(&format!("/latest/meta-data/{item}"));
        assert_eq!((reply.status, reply.body.as_str()), (200, value), "{item}");
        assert_eq!(on_it.get(&format!("/2016-01-01/meta-data/{item}")).body, value, "{item}");
    }
    assert_eq!(on_it.get("/").body, "2016-01-01\nlatest");
    assert_eq!(on_it.get("/latest").body, "api/\ndynamic/\nmeta-data/\nuser-data");
    let listed = on_it.get("/latest/meta-data/").body;
    assert!(
        listed.lines().any(|line| line == "instance/") && listed.lines().any(|line| line == "zone-id"),
        "{listed}"
    );
    assert_eq!(on_it.get("/latest/user-data").body, "#!/bin/sh\n");
    let identity = on_it.get("/latest/dynamic/instance-identity/document").assert_ok();
    assert_eq!(
        (&identity["instance-id"], &identity["owner-account-id"], &identity["private-ipv4"]),
        (&json!("i-bp1abc"), &json!("1234567890123456"), &json!("10.0.0.7"))
    );
}

#[test]
fn an_unknown_path_is_a_404_and_a_wrong_method_a_405() {
    let lab = lab_with_instance("{}");
    let on_it = OnIt(&lab);

    for path in [
        "/latest/meta-data/nothing",
        "/latest/meta-data/instance-id/more",
        "/latest/meta-data/ram",
        "/latest/meta-data/ram/security-credentials/",
        "/latest/meta-data/ram/security-credentials/EcsRole",
        "/latest/user-data",
        "/latest/meta-data/%ff%00",
        "/1999-01-01/meta-data/instance-id",
        "/x",
    ] {
        let reply = on_it.get(path);
        assert_eq!(reply.status, 404, "{path}: {}", reply.body);
        assert!(reply.body.contains("<h1>404 - Not Found</h1>"), "{}", reply.body);
        // Observed: aliyun/aliyun-cli issue 525 (2022).
        assert!(reply.body.contains("\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n"));
        assert!(reply.body.contains(" xml:lang=\"en\" lang=\"en\">\n"), "{}", reply.body);
    }
    assert_eq!(on_it.get("/latest/api/token").status, 405);
    assert_eq!(on_it.ask("POST", "/latest/meta-data/instance-id", &[]).status, 405);
    assert_eq!(lab.last_record().refused.as_ref().unwrap().code, "MethodNotAllowed");
}

#[test]
fn a_world_without_an_instance_has_no_metadata() {
    let lab = Lab::new();
    let on_it = OnIt(&lab);

    for path in ["/latest/meta-data/", "/latest/meta-data/instance-id", ROLES, "/latest/user-data", "/"] {
        assert_eq!(on_it.get(path).status, 404, "{path}");
    }
    assert_eq!(on_it.put_token("60").status, 404);
}

#[test]
fn a_token_is_requested_with_a_time_to_live_and_valid_for_that_long() {
    let lab = lab_with_instance("{roles: [EcsRole], tokens: required}");
    let on_it = OnIt(&lab);
    for seconds in ["", "0", "21601", "-1", "soon", "1.5"] {
        assert_eq!(on_it.put_token(seconds).status, 400, "{seconds}");
    }
    assert_eq!(on_it.ask("PUT", "/latest/api/token", &[]).status, 400);
    assert!(on_it.token("21600") != on_it.token("1"));

    let token = on_it.token("60");
    let id = "/latest/meta-data/instance-id";
    assert_eq!(on_it.get_with(&token, id).status, 200);
    assert_eq!(on_it.get_with(&token, ROLES).body, "EcsRole");
    for (path, refused) in [(id, on_it.get(id)), (ROLES, on_it.get(ROLES))] {
        assert_eq!(refused.status, 403, "{path}: {}", refused.body);
    }
    for wrong in ["", "x", &token[1..], &format!("{token}A")] {
        assert_eq!(on_it.get_with(wrong, id).status, 403, "{wrong}");
    }
    lab.advance_clock("59s");
    assert_eq!(on_it.get_with(&token, id).status, 200);
    lab.advance_clock("1s");
    assert_eq!(on_it.get_with(&token, id).status, 403);
}

#[test]
fn tokens_may_be_optional_but_a_wrong_one_is_still_wrong() {
    let lab = lab_with_instance("{roles: [EcsRole]}");
    let on_it = OnIt(&lab);
    let id = "/latest/meta-data/instance-id";

    assert_eq!((on_it.get(id).status, on_it.get_with(&on_it.token("60"), id).status), (200, 200));
    assert_eq!(on_it.get_with("wrong", id).status, 403);
    run_command(&lab, json!({"setInstance": {"tokens": "required"}})).unwrap();
    assert_eq!((on_it.get(id).status, on_it.get(ROLES).status), (403, 403));
}

#[test]
fn a_token_is_worth_nothing_in_another_world_or_for_another_instance() {
    let live =
        Live::with_scenario(Scenario::parse(&shop_with_instance("{tokens: required, id: i-one}")).unwrap());
    let made = live.control(
        "POST",
        "/worlds?name=b&listen=127.0.0.1:0",
        &shop_with_instance("{tokens: required, id: i-one}"),
    );
    let other = made.1["listen"].as_str().unwrap_or_else(|| panic!("{made:?}")).parse().unwrap();
    let put = "PUT /latest/api/token HTTP/1.1\r\nHost: 100.100.100.200\r\nConnection: close\r\n\
               X-aliyun-ecs-metadata-token-ttl-seconds: 60\r\nContent-Length: 0\r\n\r\n";
    let body = |answer: String| answer.split_once("\r\n\r\n").unwrap().1.to_owned();
    let get = |token: &str| {
        format!(
            "GET /latest/meta-data/owner-account-id HTTP/1.1\r\nHost: 100.100.100.200\r\nConnection: close\r\n\
             X-aliyun-ecs-metadata-token: {token}\r\n\r\n"
        )
    };

    let token = body(live.send_bytes(put.as_bytes()));
    let of_other = body(crate::support::live::send_bytes(other, put.as_bytes()));

    assert!(live.send_bytes(get(&token).as_bytes()).starts_with("HTTP/1.1 200 "));
    assert!(live.send_bytes(get(&of_other).as_bytes()).starts_with("HTTP/1.1 403 "));
    assert!(crate::support::live::send_bytes(other, get(&of_other).as_bytes()).ends_with("1234567890123456"));
    assert!(crate::support::live::send_bytes(other, get(&token).as_bytes()).starts_with("HTTP/1.1 403 "));
    assert_eq!(
        live.control("PUT", "/worlds/default/instance", r#"{"id":"i-two","tokens":"required"}"#).0,
        200
    );
    assert!(live.send_bytes(get(&token).as_bytes()).starts_with("HTTP/1.1 403 "));
}

#[test]
fn credentials_of_a_role_are_a_session_of_it() {
    let lab = lab_with_instance("{roles: [EcsRole], id: i-bp1abc}");

    let made = OnIt(&lab).credentials();

    assert_eq!(
        (&made["Expiration"], &made["LastUpdated"]),
        (&json!("2026-11-22T14:00:00Z"), &json!("2026-11-22T08:00:00Z"))
    );
    let who = actor_with_credentials(&lab, &made).sts("GetCallerIdentity", &[]).assert_ok();
    assert_eq!(who["Arn"], "acs:ram::1234567890123456:assumed-role/ecsrole/vm-ram-i-bp1abc");
    assert_eq!(who["IdentityType"], "AssumedRoleUser");
    let _ = actor_with_credentials(&lab, &made).ram("ListUsers", &[]).assert_ok();
    actor_with_credentials(&lab, &made)
        .ram("CreateUser", &[("UserName", "x")])
        .assert_refused(403, "NoPermission");
}

#[test]
fn credentials_are_rotated_before_they_expire_and_old_ones_stay_valid() {
    let lab = lab_with_instance("{roles: [EcsRole], credentialsLast: 1h, renewedBefore: 20m}");
    let on_it = OnIt(&lab);
    let first = on_it.credentials();
    lab.advance_clock("39m59s");
    assert_eq!(on_it.credentials(), first);

    lab.advance_clock("1s");
    let second = on_it.credentials();

    assert_ne!(second["AccessKeyId"], first["AccessKeyId"]);
    assert_eq!(
        (&second["LastUpdated"], &second["Expiration"]),
        (&json!("2026-11-22T08:40:00Z"), &json!("2026-11-22T09:40:00Z"))
    );
    let old = || actor_with_credentials(&lab, &first).sts("GetCallerIdentity", &[]);
    let _ =
        (old().assert_ok(), actor_with_credentials(&lab, &second).sts("GetCallerIdentity", &[]).assert_ok());
    lab.advance_clock("20m");
    old().assert_refused(400, "InvalidSecurityToken.Expired");
    assert_eq!(on_it.credentials(), second);
    // Nobody asked while a whole life passed.
    lab.advance_clock("5h");
    assert_ne!(on_it.credentials(), second);
}

#[test]
fn revoked_credentials_are_refused_and_replaced_at_the_next_request() {
    let lab = lab_with_instance("{roles: [EcsRole]}");
    let on_it = OnIt(&lab);
    for (word, status, code) in [
        ("revokeSessions", 404, "InvalidAccessKeyId.NotFound"),
        ("expireSessions", 400, "InvalidSecurityToken.Expired"),
    ] {
        let made = on_it.credentials();

        run_command(&lab, json!({word: {"role": "EcsRole", "id": made["AccessKeyId"]}})).unwrap();

        actor_with_credentials(&lab, &made).sts("GetCallerIdentity", &[]).assert_refused(status, code);
        let next = on_it.credentials();
        assert_ne!(next["AccessKeyId"], made["AccessKeyId"], "{word}");
        let _ = actor_with_credentials(&lab, &next).sts("GetCallerIdentity", &[]).assert_ok();
    }
}

#[test]
fn a_role_that_is_deleted_or_trusts_ecs_no_more_gives_no_credentials() {
    let lab = lab_with_instance("{roles: [EcsRole, Deaf]}");
    let (on_it, root) = (OnIt(&lab), lab.root("shop"));
    let failed = |reply: Reply| {
        assert_eq!((reply.status, &reply.json()["Code"]), (200, &json!("Failed")), "{}", reply.body);
        assert!(reply.json().get("AccessKeyId").is_none(), "{}", reply.body);
    };
    failed(on_it.get(&format!("{ROLES}Deaf")));
    assert!(lab.last_record().refused.is_some() && lab.last_record().changed.is_none());
    let made = on_it.credentials();

    let trust = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"RAM":["acs:ram::1234567890123456:root"]}}]}"#;
    let _ = root
        .ram("UpdateRole", &[("RoleName", "EcsRole"), ("NewAssumeRolePolicyDocument", trust)])
        .assert_ok();
    // What was handed out goes on until there should be new ones.
    assert_eq!(on_it.credentials(), made);
    lab.advance_clock("5h31m");
    failed(on_it.get(&format!("{ROLES}EcsRole")));
    let _ = actor_with_credentials(&lab, &made).sts("GetCallerIdentity", &[]).assert_ok();

    let _ = root
        .ram(
            "DetachPolicyFromRole",
            &[("RoleName", "EcsRole"), ("PolicyName", "AliyunRAMReadOnlyAccess"), ("PolicyType", "System")],
        )
        .assert_ok();
    let _ = root.ram("DeleteRole", &[("RoleName", "EcsRole")]).assert_ok();
    failed(on_it.get(&format!("{ROLES}EcsRole")));
    actor_with_credentials(&lab, &made)
        .sts("GetCallerIdentity", &[])
        .assert_refused(404, "InvalidAccessKeyId.NotFound");
}

#[test]
fn roles_are_attached_and_detached_while_it_runs() {
    let lab = lab_with_instance("{}");
    let on_it = OnIt(&lab);
    assert_eq!(on_it.get(ROLES).status, 404);

    run_command(&lab, json!({"attachInstanceRole": {"role": "EcsRole"}})).unwrap();
    assert_eq!(on_it.get(ROLES).body, "EcsRole");
    let made = on_it.credentials();
    run_command(&lab, json!({"attachInstanceRole": {"role": "Other"}})).unwrap();
    assert_eq!((on_it.get(ROLES).body.as_str(), on_it.credentials()), ("EcsRole\nOther", made.clone()));
    run_command(&lab, json!({"detachInstanceRole": {"role": "EcsRole"}})).unwrap();

    assert_eq!(on_it.get(&format!("{ROLES}EcsRole")).status, 404);
    let _ = actor_with_credentials(&lab, &made).sts("GetCallerIdentity", &[]).assert_ok();
    for wrong in ["EcsRole", "Nobody"] {
        assert_eq!(
            run_command(&lab, json!({"detachInstanceRole": {"role": wrong}})).unwrap_err(),
            format!("`{wrong}` is not attached")
        );
    }
    assert!(run_command(&lab, json!({"attachInstanceRole": {"role": "Nobody"}})).is_err());
    assert_eq!(on_it.get(ROLES).body, "Other");
}

#[test]
fn without_the_metadata_host_only_unsigned_requests_are_recognized_by_their_path() {
    let lab = lab_with_instance("{roles: [EcsRole], id: i-bp1abc}");
    let get = |host: &str, path: &str| lab.send(&request("GET", host, path, &[]));

    for host in ["127.0.0.1:4588", "localhost", "default.localhost", "alimock"] {
        assert_eq!(get(host, "/latest/meta-data/instance-id").body, "i-bp1abc", "{host}");
    }
    assert_eq!(lab.last_record().product, Some("Metadata"));
    let _ = get("b.oss-cn-hangzhou.aliyuncs.com", "/latest/meta-data/instance-id");
    assert_eq!(lab.last_record().product, Some("Oss"));
    let signed =
        request("GET", "localhost", "/latest/meta-data/instance-id", &[("authorization", "OSS a:b")]);
    let _ = lab.send(&signed);
    assert_eq!(lab.last_record().product, Some("Oss"));
}

#[test]
fn rules_apply_to_metadata_requests_too() {
    let faults = "\nfaults:\n\
        - {name: down, match: {product: Metadata, action: GetRoleCredentials}, when: {nth: 2}, do: {error: {status: 503, code: ServiceUnavailable, message: later}}}\n\
        - {name: page, match: {product: Metadata, action: GetItem, param: {Item: meta-data/region-id}}, do: {answer: {body: '<html>'}}}\n\
        - {name: lost, match: {product: Metadata, action: CreateToken}, do: {before: reset}}\n";
    let lab = Lab::with_scenario(&(shop_with_instance("{roles: [EcsRole]}") + faults));
    let on_it = OnIt(&lab);

    let made = on_it.credentials();
    let down = on_it.get(&format!("{ROLES}EcsRole"));
    assert_eq!(down.status, 503);
    assert!(down.body.contains("503 - Service Unavailable"), "{}", down.body);
    assert_eq!(on_it.credentials(), made);
    assert_eq!(on_it.get("/latest/meta-data/region-id").body, "<html>");
    assert_eq!(on_it.get("/latest/meta-data/zone-id").body, "cn-hangzhou-h");
    let _ = on_it.put_token("60");
    assert_eq!(lab.last_record().faults.len(), 1);
}

#[test]
fn the_expiry_that_a_world_sets_for_all_sessions_is_that_of_an_instance_too() {
    let lab = Lab::with_scenario(
        &(shop_with_instance("{roles: [EcsRole]}") + "\nsessionExpiry: {returned: 2h, enforced: 5m}"),
    );
    let on_it = OnIt(&lab);

    let made = on_it.credentials();

    assert_eq!(made["Expiration"], "2026-11-22T10:00:00Z");
    lab.advance_clock("5m");
    actor_with_credentials(&lab, &made)
        .sts("GetCallerIdentity", &[])
        .assert_refused(400, "InvalidSecurityToken.Expired");
    assert_ne!(on_it.credentials()["AccessKeyId"], made["AccessKeyId"]);
}

#[test]
fn an_instance_is_written_down_and_planted_again() {
    let lab = lab_with_instance(
        "{roles: [EcsRole, Other], tokens: required, credentialsLast: 1h, userData: 'a: b'}",
    );
    let on_it = OnIt(&lab);
    let made = on_it.get_with(&on_it.token("60"), &format!("{ROLES}EcsRole")).assert_ok();
    let text = Export::present(lab.world()).yaml();

    let again = Lab::with_seed(&Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")));

    let there = OnIt(&again);
    for path in [
        "/latest/meta-data/instance-id",
        "/latest/dynamic/instance-identity/document",
        ROLES,
        "/latest/user-data",
    ] {
        let (here, there) =
            (on_it.get_with(&on_it.token("60"), path), there.get_with(&there.token("60"), path));
        assert_eq!((here.status, here.body), (200, there.body), "{path}");
    }
    assert_eq!(there.get("/latest/user-data").status, 403);
    let _ = actor_with_credentials(&again, &made).sts("GetCallerIdentity", &[]).assert_ok();
    assert!(text.contains("  tokens: required\n"), "{text}");
}

#[test]
fn the_same_requests_give_the_same_bytes() {
    let play = || {
        let lab = lab_with_instance("{roles: [EcsRole]}");
        let on_it = OnIt(&lab);
        let mut seen = vec![on_it.token("60"), on_it.credentials().to_string()];
        seen.extend(
            ["/latest/meta-data/mac", "/latest/dynamic/instance-identity/document"]
                .map(|path| on_it.get(path).body),
        );
        lab.advance_clock("6h");
        seen.push(on_it.credentials().to_string());
        seen
    };

    assert_eq!(play(), play());
}

#[test]
fn an_instance_that_cannot_be_is_refused_where_it_stands() {
    for (instance, why) in [
        ("{account: nobody}", "there is no such account"),
        ("{roles: [Nobody]}", "there is no such role"),
        ("{roles: [EcsRole, EcsRole]}", "stands there twice"),
        ("{roles: ['a b']}", "cannot name a role"),
        ("{id: x}", "is no id of an instance"),
        ("{privateIp: here}", "no IPv4 address"),
        ("{mac: '1'}", "no MAC address"),
        ("{hostname: 'a b'}", "without spaces"),
        ("{credentialsLast: 5m}", "between 15m and 12h"),
        ("{renewedBefore: 7h}", "not between 0s"),
        ("{tokens: sometimes}", "tokens"),
        ("{token: required}", "token"),
    ] {
        let found = Scenario::parse(&shop_with_instance(instance)).unwrap_err().brief();
        assert!(found.len() == 1 && found[0].contains(why), "{instance}: {found:?}");
    }
    let timeline = "\ntimeline: [{at: +1s, do: {setInstance: {mac: x}}}]";
    assert!(
        Scenario::parse(&(shop_with_instance("{}") + timeline)).unwrap_err().brief()[0]
            .contains("can never be done: `mac`")
    );
}

#[test]
fn the_control_api_shows_makes_and_takes_away_the_instance() {
    let live = Live::with_scenario(Scenario::parse(&shop_with_instance("{roles: [EcsRole]}")).unwrap());
    let (status, shown) = live.control("GET", "/worlds/default/instance", "");
    assert_eq!((status, &shown["account"], &shown["roles"]), (200, &json!("shop"), &json!(["EcsRole"])));

    let (status, set) =
        live.control("PUT", "/worlds/default/instance", r#"{"roles":["Other"],"region":"cn-beijing"}"#);
    assert_eq!(
        (status, &set["zone"], &set["roles"], &set["id"]),
        (200, &json!("cn-beijing-h"), &json!(["Other"]), &shown["id"])
    );
    let refused = |body: &str| {
        let (status, answer) = live.control("PUT", "/worlds/default/instance", body);
        (status, answer["error"]["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(refused(r#"{"mac":"x"}"#), (400, "invalid_instance".to_owned()));
    assert_eq!(refused(r#"{"roles":["Nobody"]}"#), (404, "role_not_found".to_owned()));
    assert_eq!(refused(r#"{"rolls":[]}"#), (400, "invalid_body".to_owned()));
    assert_eq!(live.control("GET", "/worlds/default/instance", "").1, set);
    let done =
        live.control("POST", "/worlds/default/commands", r#"{"setInstance":{"region":"cn-shanghai"}}"#);
    assert_eq!(done.0, 200, "{}", done.1);
    assert_eq!(live.control("GET", "/worlds/default/instance", "").1["zone"], "cn-shanghai-h");
    assert_eq!(live.control("DELETE", "/worlds/default/instance", "").0, 204);
    for method in ["GET", "DELETE"] {
        let (status, answer) = live.control(method, "/worlds/default/instance", "");
        assert_eq!((status, &answer["error"]["code"]), (404, &json!("instance_not_found")));
    }
}

#[test]
fn capitals_in_a_path_make_no_difference() {
    let lab = lab_with_instance("{id: i-bp1abc}");
    let on_it = OnIt(&lab);

    for path in ["/latest/meta-data/instance-id", "/latest/Meta-Data/Instance-ID"] {
        assert_eq!(on_it.get(path).body, "i-bp1abc", "{path}");
    }
    assert_eq!(on_it.get("/latest/meta-data/Instance/").body, on_it.get("/latest/meta-data/instance/").body);
    let names = on_it.get("/latest/meta-data/Ram/Security-Credentials/");
    assert_eq!(names.status, 404, "no role is attached: {}", names.body);
    assert_eq!(lab.last_record().action, "ListRoles");
}
