//! Log Service by its own protocol: who gets in, who may do what, and how it refuses. Source: docs/evidence/own-protocols.md section 1.

use crate::support::doors::seconds_from_now;
use crate::support::sls::{SLS_FORMS, Sls, SlsForm};
use crate::support::{Actor, Lab, Reply};
use alimock::text::Uid;
use alimock::world::account::Status;
use alimock::world::{By, Refusal, Tx};
use bytes::Bytes;
use http::Request;
use std::sync::Arc;

const SEED: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}, {status: Inactive}]
    policies:
      - name: Logs
        document:
          Version: "1"
          Statement:
            - {Effect: Allow, Action: ["log:Get*", "log:List*"], Resource: "acs:log:*:*:project/my-*/logstore/app-*"}
            - {Effect: Allow, Action: "log:PostLogStoreLogs", Resource: "acs:log:cn-hangzhou:*:project/my-logs/logstore/app"}
            - {Effect: Allow, Action: "log:ApplyConfigToGroup", Resource: "acs:log:*:*:project/my-logs/*"}
    users: [{name: ci, keys: [{}], policies: [Logs]}, {name: guest, keys: [{}]}]
    roles:
      - {name: etl, policies: [Logs], sessions: [{name: night, expires: 1h}]}
      - {name: idle, sessions: [{name: day, expires: 12h}]}
stubs:
  - {product: Sls, action: ListLogStores, body: {count: 1, total: 1, logstores: [app], project: "${param.Project}"}}
  - {product: Sls, version: "2020-12-30", action: ListShards, body: [{shardID: 0, status: readwrite}]}
"#;

fn lab() -> Arc<Lab> {
    Lab::with_scenario(SEED)
}

/// A permitted call that nothing answers.
#[track_caller]
fn assert_not_run(reply: &Reply) {
    let text = reply.assert_sls_refused(405, "InvalidMethod");
    assert!(text.starts_with("alimock does not run this request"), "{text}");
}

#[test]
fn a_good_key_gets_in_by_every_signature_at_every_host() {
    let lab = lab();
    let root = lab.root("demo");
    let styles = [(SlsForm::V1, "sls-v1"), (SlsForm::V1Sha256, "sls-v1"), (SlsForm::V4, "sls-v4")];
    for (form, style) in styles {
        for (host, region) in [
            ("cn-beijing.log.aliyuncs.com", "cn-beijing"),
            ("cn-beijing-intranet.log.aliyuncs.com:80", "cn-beijing"),
            ("cn-beijing-share.log.aliyuncs.com", "cn-beijing"),
            ("127.0.0.1:4588", "cn-hangzhou"),
        ] {
            let query = &[("type", "log"), ("query", "a b & c/d=\"e\" | select *"), ("topic", "")];
            let call = Sls { form, host, path: "/logstores/app", query, ..Sls::default() };
            // An ampersand in a value would read as another request in V1.
            let query = &[("type", "log"), ("query", "a b c/d | select *"), ("topic", "")];
            let call = if form == SlsForm::V4 { call } else { Sls { query, ..call } };

            assert_not_run(&root.sls(&call));

            let record = lab.last_record();
            assert_eq!(
                (record.style, record.product, record.action.as_str()),
                (style, Some("Sls"), "GetLogs")
            );
            let param = |name: &str| record.params.get(name).unwrap_or_default();
            assert_eq!((param("Project"), param("Logstore"), param("RegionId")), ("my-logs", "app", region));
        }
    }
}

#[test]
fn a_bad_key_is_refused_in_each_way() {
    let lab = lab();
    let root = lab.root("demo");
    let inactive = {
        let state = lab.world().state();
        let key = state.keys().nth(1).unwrap();
        lab.actor(key.id.as_str(), key.material.secret())
    };
    for form in SLS_FORMS {
        let text = |actor: &Actor, code: &str| {
            actor.sls(&Sls { form, ..Sls::default() }).assert_sls_refused(401, code)
        };
        let unknown = lab.actor("LTAI5tNobodyHasThis00", "secret");
        assert_eq!(text(&unknown, "Unauthorized"), "AccessKeyId not found: LTAI5tNobodyHasThis00");
        assert_eq!(text(&inactive, "Unauthorized"), format!("AccessKeyId is disabled: {}", inactive.key));
        let odd = lab.actor("no key", "secret");
        assert_eq!(text(&odd, "InvalidAccessKeyId"), "The access key id you provided is invalid: no key.");

        let wrong = Sls { form, ..Sls::default() }.signed(&lab.actor(&root.key, "wrongSecret"));
        let authorization = wrong.headers()["authorization"].to_str().unwrap();
        let signature = authorization.rsplit_once([':', '=']).unwrap().1;
        // In Base64, `=` ends the signature.
        let signature = authorization.rsplit_once(':').map_or(signature, |(_, signature)| signature);
        assert_eq!(
            lab.send(&wrong).assert_sls_refused(401, "SignatureNotMatch"),
            format!("signature {signature} not match")
        );
        let refused = lab.last_record().refused.clone().unwrap();
        assert!(refused.mismatch.unwrap().server.starts_with("GET\n"));
    }
}

#[test]
fn temporary_keys_are_accepted_with_their_token_until_they_expire() {
    let lab = lab();
    for form in SLS_FORMS {
        let (etl, idle) = (lab.session("etl"), lab.session("idle"));
        let call = Sls { form, path: "/logstores/app-1/index", ..Sls::default() };
        let with = |token: Option<&str>| Actor { token: token.map(str::to_owned), ..etl.clone() }.sls(&call);

        assert_not_run(&etl.sls(&call));
        let text = with(None).assert_sls_refused(401, "Unauthorized");
        assert_eq!(text, format!("AccessKeyId not found: {}", etl.key));
        for token in [idle.token.as_deref(), Some("nonsense")] {
            let text = with(token).assert_sls_refused(401, "Unauthorized");
            assert_eq!(text, "The security token you provided is invalid.");
        }
    }
    let etl = lab.session("etl");
    lab.advance_clock("1h");
    let text = etl.sls(&Sls::default()).assert_sls_refused(401, "Unauthorized");
    assert_eq!(text, "The security token you provided has expired.");
}

#[test]
fn a_signed_time_may_be_fifteen_minutes_off() {
    let lab = lab();
    let root = lab.root("demo");
    for form in SLS_FORMS {
        let at =
            |seconds| root.sls(&Sls { form, time: seconds_from_now(seconds), path: "/", ..Sls::default() });

        assert_not_run(&at(-900));
        assert_not_run(&at(900));
        for seconds in [-901, 901] {
            let text = at(seconds).assert_sls_refused(400, "RequestTimeExpired");
            let time = seconds_from_now(seconds);
            let basic = time.to_string().replace(['-', ':'], "");
            let time = if form == SlsForm::V4 { basic } else { time.to_http() };
            let now = "Sun, 22 Nov 2026 08:00:00 GMT";
            assert_eq!(text, format!("request time{time} has been expired while server time is {now}"));
        }
    }
}

#[test]
fn a_credential_that_cannot_be_read_says_which() {
    let lab = lab();
    let send = |headers: &[(&str, &str)]| {
        let mut request = Request::get("/logstores").header("host", "my-logs.cn-hangzhou.log.aliyuncs.com");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        lab.send(&request.body(Bytes::new()).unwrap())
    };
    let missing = |headers: &[(&str, &str)], name: &str| {
        let text = send(headers).assert_sls_refused(400, "MissingParameter");
        assert_eq!(text, format!("Missing http extend header key : {name}."));
    };
    let v4 = "SLS4-HMAC-SHA256 Credential=LTAI/20261122/cn-hangzhou/sls/aliyun_v4_request,Signature=00";

    missing(&[], "authorization");
    missing(&[("authorization", "LOG LTAI:c2ln")], "x-log-signaturemethod");
    missing(&[("authorization", "LOG LTAI:c2ln"), ("x-log-signaturemethod", "hmac-sha1")], "x-log-date");
    missing(&[("authorization", v4)], "x-log-date");
    missing(&[("authorization", v4), ("x-log-date", "20261122T080000Z")], "x-log-content-sha256");
    for malformed in [
        "LOG",
        "LOG LTAI",
        "LOG :c2ln",
        "LOG LTAI:",
        "acs LTAI:c2ln",
        "ACS3-HMAC-SHA256 Credential=LTAI",
        "Bearer x",
    ] {
        let text = send(&[("authorization", malformed)]).assert_sls_refused(400, "ParameterInvalid");
        let scheme = malformed.split(' ').next().unwrap();
        assert_eq!(text, format!("Http extend authorization : {scheme} pair is invalid."));
    }
    for malformed in [
        v4.replace("/sls/", "/oss/"),
        v4.replace("aliyun_v4_request", "aliyun_v9_request"),
        v4.replace(",Signature=00", ""),
        v4.replace("LTAI/", "/"),
    ] {
        let dated = [("x-log-date", "20261122T080000Z"), ("x-log-content-sha256", "00")];
        let headers = [&[("authorization", &*malformed)], &dated[..]].concat();
        send(&headers).assert_sls_refused(400, "ParameterInvalid");
    }
    let sound = Sls::default().signed(&lab.root("demo"));
    let mut odd = sound.clone();
    odd.headers_mut().insert("x-log-signaturemethod", "hmac-md5".parse().unwrap());
    let text = lab.send(&odd).assert_sls_refused(400, "ParameterInvalid");
    assert_eq!(text, "x-log-signaturemethod: hmac-md5 pair is invalid.");
    let mut odd = sound;
    odd.headers_mut().insert("date", "2026-11-22".parse().unwrap());
    let text = lab.send(&odd).assert_sls_refused(400, "InvalidRequestTime");
    assert_eq!(text, "Request time 2026-11-22 not follow RFC822 spec.");
}

#[test]
fn signed_parts_of_a_request_cannot_be_changed() {
    let lab = lab();
    let root = lab.root("demo");
    for form in SLS_FORMS {
        let sound = Sls { form, method: "POST", body: "{}", query: &[("a", "1")], ..Sls::default() };
        let refused = |change: &dyn Fn(&mut Request<Bytes>)| {
            let mut request = sound.signed(&root);
            change(&mut request);
            lab.send(&request).assert_sls_refused(401, "SignatureNotMatch");
        };
        refused(&|request| *request.uri_mut() = "/logstores/x?a=1".parse().unwrap());
        refused(&|request| *request.uri_mut() = "/logstores?a=2".parse().unwrap());
        refused(&|request| *request.method_mut() = http::Method::PUT);
        refused(&|request| _ = request.headers_mut().insert("x-log-apiversion", "0.7.0".parse().unwrap()));
        refused(&|request| _ = request.headers_mut().insert("x-log-other", "1".parse().unwrap()));
        refused(&|request| *request.body_mut() = Bytes::from_static(b"{ }"));
        if form == SlsForm::V4 {
            let other = "other.cn-hangzhou.log.aliyuncs.com";
            refused(&|request| _ = request.headers_mut().insert("host", other.parse().unwrap()));
        }
        assert_not_run(&lab.send(&sound.signed(&root)));
    }
}

#[test]
fn a_refused_permission_names_action_and_resource() {
    let lab = lab();
    let guest = lab.user("demo", "guest");
    for (method, path, query, action, resource) in [
        ("GET", "/logstores/app", &[("type", "log")][..], "GetLogStoreLogs", "project/my-logs/logstore/app"),
        ("POST", "/logstores/app/logs", &[], "GetLogStoreLogs", "project/my-logs/logstore/app"),
        ("GET", "/logstores/app", &[], "GetLogStore", "project/my-logs/logstore/app"),
        ("POST", "/logstores/app/shards/lb", &[], "PostLogStoreLogs", "project/my-logs/logstore/app"),
        (
            "GET",
            "/logstores/app/shards/0",
            &[("type", "cursor")],
            "GetCursorOrData",
            "project/my-logs/logstore/app",
        ),
        ("GET", "/", &[], "GetProject", "project/my-logs"),
        (
            "POST",
            "/logstores/app/consumergroups/g",
            &[("type", "heartbeat")],
            "ConsumerGroupHeartBeat",
            "project/my-logs/logstore/app/consumergroup/g",
        ),
        ("PUT", "/machinegroups/g/configs/c", &[], "ApplyConfigToGroup", "project/my-logs/logtailconfig/c"),
        ("GET", "/nothing/of/this", &[], "GetThis", "*"),
    ] {
        let text =
            guest.sls(&Sls { method, path, query, ..Sls::default() }).assert_sls_refused(401, "Unauthorized");

        let arn = format!("acs:log:cn-hangzhou:1234567890123456:{resource}");
        assert_eq!(text, format!("denied by sts or ram, action: log:{action}, resource: {arn}"));
    }
    let text =
        guest.sls(&Sls { project: "", path: "/", ..Sls::default() }).assert_sls_refused(401, "Unauthorized");
    let arn = "acs:log:cn-hangzhou:1234567890123456:project/*";
    assert_eq!(text, format!("denied by sts or ram, action: log:ListProject, resource: {arn}"));
}

#[test]
fn policies_allow_by_prefix_and_region() {
    let lab = lab();
    for actor in [lab.user("demo", "ci"), lab.session("etl")] {
        let get = |project: &str, path: &str| actor.sls(&Sls { project, path, ..Sls::default() });
        assert_not_run(&get("my-other", "/logstores/app-1"));
        get("others", "/logstores/app-1").assert_sls_refused(401, "Unauthorized");
        get("my-logs", "/logstores/other").assert_sls_refused(401, "Unauthorized");
        let put = |host| {
            actor.sls(&Sls {
                method: "POST",
                host,
                path: "/logstores/app/shards/lb",
                body: "x",
                ..Sls::default()
            })
        };
        assert_not_run(&put("cn-hangzhou.log.aliyuncs.com"));
        put("cn-beijing.log.aliyuncs.com").assert_sls_refused(401, "Unauthorized");
        // It needs two resources.
        let path = "/machinegroups/g/configs/c";
        assert_not_run(&actor.sls(&Sls { method: "PUT", path, ..Sls::default() }));
    }
}

#[test]
fn a_stub_answers_in_the_form_of_the_service() {
    let lab = lab();
    let root = lab.root("demo");

    let stores = root.sls(&Sls::default());
    assert_eq!(stores.status, 200, "{}", stores.body);
    assert_eq!(stores.body, r#"{"count":1,"total":1,"logstores":["app"],"project":"my-logs"}"#);
    assert_eq!(stores.headers["content-type"], "application/json");
    assert_eq!(stores.headers["server"], "AliyunSLS");
    assert_eq!(stores.headers["x-log-time"], "1795334400");
    let shards = root.sls(&Sls { path: "/logstores/app/shards", ..Sls::default() });
    assert_eq!((shards.status, shards.body.as_str()), (200, r#"[{"shardID":0,"status":"readwrite"}]"#));
    let id = shards.headers["x-log-requestid"].to_str().unwrap();
    let record = lab.world().journal.find(id).expect("the id that a client sees finds the request");
    assert_eq!(record.action, "ListShards");
    lab.user("demo", "guest").sls(&Sls::default()).assert_sls_refused(401, "Unauthorized");
}

#[test]
fn the_state_of_the_account_refuses_in_the_words_of_the_service() {
    let uid = Uid(1_234_567_890_123_456);
    let refused = |set: &dyn Fn(&mut Tx<'_>), code: &str| {
        let lab = lab();
        let now = lab.world().clock.now().resource;
        let done: Result<_, Refusal> = lab.world().commit(now, By::OURSELVES, |tx| {
            set(tx);
            Ok(())
        });
        done.unwrap();
        let root = lab.root("demo");
        (root.sls(&Sls::default()).assert_sls_refused(401, code), root.key)
    };
    let standing = |status| move |tx: &mut Tx<'_>| tx.set_standing(uid, Some(status), None, None).unwrap();

    let (text, _) = refused(&standing(Status::ArrearsShutdown), "Unauthorized");
    assert_eq!(text, "Your SLS service has been forbidden.");
    let (text, key) = refused(
        &|tx| tx.account_of(uid).unwrap().0.affairs_mut().set_business("Sls", "activated", "false"),
        "InvalidAccessKeyId",
    );
    // alibaba/funcraft 660 and 740, serverless/serverless 7468.
    assert_eq!(text, format!("AccessKeyId {key} is inactive"));
    let (text, key) = refused(&standing(Status::Disabled), "Unauthorized");
    assert_eq!(text, format!("AccessKeyId is disabled: {key}"));
    let (text, key) = refused(&standing(Status::Closed), "Unauthorized");
    assert_eq!(text, format!("AccessKeyId not found: {key}"));
}

#[test]
fn rules_match_and_refuse_these_calls() {
    let lab = Lab::with_scenario(&format!(
        "{SEED}\nfaults:\n  - {{name: busy, match: {{product: Sls, action: GetLogStore}}, do: {{error: {{code: Unauthorized}}}}}}\n"
    ));

    let text = lab
        .root("demo")
        .sls(&Sls { path: "/logstores/app", ..Sls::default() })
        .assert_sls_refused(401, "Unauthorized");

    assert!(text.starts_with("denied by sts or ram"), "{text}");
    assert_eq!(lab.last_record().faults[0].name, "busy");
}
