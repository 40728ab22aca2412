//! MaxCompute by its own protocol: who gets in, who sees which project, and how it refuses. Source: docs/evidence/account.md 6.5 and
//! section 7, package pyodps 0.13.2.

use crate::support::doors::{Odps, listed_names, seconds_from_now, xml_text};
use crate::support::{Actor, CLIENT, Lab};
use alimock::error::odps;
use alimock::world::account::Status;
use alimock::world::{By, Refusal, Tx};
use bytes::Bytes;
use http::Request;
use std::sync::Arc;

const SEED: &str = "
accounts:
  - name: demo
    uid: 1234567890123456
    loginName: demo@example.com
    keys: [{id: LTAI5tDemoRootKey, secret: demoRootSecret}, {status: Inactive}]
    users:
      - {name: ci, keys: [{id: LTAI5tDemoCiKey00, secret: demoCiSecret}]}
      - {name: guest, keys: [{}]}
    roles:
      - {name: etl, sessions: [{name: night, expires: 1h}]}
      - {name: idle, sessions: [{name: day, expires: 1h}]}
    projects:
      - {name: demo_project, members: [ci, role/etl]}
      - {name: demo_private}
  - {name: other, keys: [{}], projects: [{name: other_project}]}
";

fn lab() -> Arc<Lab> {
    Lab::with_scenario(SEED)
}

/// The session of a role.
#[track_caller]
fn session_of_role(lab: &Arc<Lab>, role: &str) -> Actor {
    let state = lab.world().state();
    let session = state.sessions().find(|one| one.role_name.as_str() == role).expect("it is seeded");
    lab.actor(session.id.as_str(), session.material.secret()).with_token(session.token.reveal())
}

#[test]
fn a_project_is_shown_to_its_owner_with_what_clients_read_of_it() {
    let reply = lab().root("demo").odps("/projects/demo_project");

    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.headers["x-odps-owner"], "ALIYUN$demo@example.com");
    assert_eq!(reply.headers["x-odps-creation-time"], "Sun, 22 Nov 2026 08:00:00 GMT");
    assert_eq!(reply.headers["last-modified"], "Sun, 22 Nov 2026 08:00:00 GMT");
    assert!(reply.headers.contains_key("x-odps-request-id") && reply.headers.contains_key("date"));
    let (declaration, document) = reply.body.split_once('\n').unwrap();
    assert_eq!(declaration, r#"<?xml version="1.0" encoding="UTF-8"?>"#);
    insta::assert_snapshot!(document.replace("><", ">\n<"), @r"
    <Project>
    <Name>demo_project</Name>
    <Type>managed</Type>
    <Comment/>
    <Owner>ALIYUN$demo@example.com</Owner>
    <CreationTime>Sun, 22 Nov 2026 08:00:00 GMT</CreationTime>
    <LastModifiedTime>Sun, 22 Nov 2026 08:00:00 GMT</LastModifiedTime>
    <Properties/>
    <State>AVAILABLE</State>
    <TenantId>1234567890123456</TenantId>
    </Project>
    ");
}

#[test]
fn members_see_their_projects_and_others_do_not() {
    let lab = lab();
    let (root, ci, guest) = (lab.root("demo"), lab.user("demo", "ci"), lab.user("demo", "guest"));

    assert_eq!(listed_names(&root.odps("/projects")), ["demo_private", "demo_project"]);
    assert_eq!(listed_names(&ci.odps("/projects")), ["demo_project"]);
    assert_eq!(listed_names(&session_of_role(&lab, "etl").odps("/projects")), ["demo_project"]);
    assert_eq!(listed_names(&guest.odps("/projects")), [""; 0]);
    assert_eq!(ci.odps("/projects/demo_project").status, 200);
    for stranger in [guest, session_of_role(&lab, "idle"), lab.root("other")] {
        let text =
            stranger.odps("/projects/demo_project").assert_odps_refused(403, "NoPermission", "ODPS-0420095");
        assert_eq!(
            text,
            "ODPS-0420095: Access Denied - Authorization Failed [4002], You doesn't exist in project demo_project."
        );
    }
    root.odps("/projects/nowhere").assert_odps_refused(404, "NoSuchProject", "ODPS-0420111");
}

#[test]
fn a_list_is_filtered_and_paged() {
    let root = lab().root("demo");

    assert_eq!(listed_names(&root.odps("/projects?expectmarker=true&name=demo_pro")), ["demo_project"]);
    assert_eq!(listed_names(&root.odps("/projects?user=ci")), ["demo_project"]);
    assert_eq!(listed_names(&root.odps("/projects?owner=somebody")), [""; 0]);
    let first = root.odps("/projects?maxitems=1");
    assert_eq!(
        (listed_names(&first), xml_text(&first.body, "Marker").as_str()),
        (vec!["demo_private".into()], "demo_private")
    );
    let second = root.odps("/projects?maxitems=1&marker=demo_private");
    assert_eq!(listed_names(&second), ["demo_project"]);
    assert!(second.body.contains("<Marker/>"), "{}", second.body);
}

#[test]
fn the_tenant_is_the_account() {
    let tenant = lab().user("demo", "ci").odps("/tenants").assert_ok();

    assert_eq!(tenant["Tenant"]["OwnerId"], "1234567890123456");
    assert_eq!(tenant["Tenant"]["TenantState"], "NORMAL");
}

#[test]
fn both_signature_versions_are_accepted_at_every_endpoint() {
    let lab = lab();
    let root = lab.root("demo");
    let both = [(None, "odps-v2"), (Some("cn-hangzhou"), "odps-v4")];
    for (region, style) in both {
        for (host, base) in [
            ("127.0.0.1:4588", "/api"),
            ("localhost", ""),
            ("service.cn-hangzhou.maxcompute.aliyun.com", "/api"),
            ("service.odps.aliyun.com", "/api"),
        ] {
            let target = "/projects?curr_project=demo_project&name=demo";
            let headers = [("x-odps-user-agent", "pyodps/0.13.2 CPython/3.11")];
            let call = Odps { target, base, host, region, headers: &headers, ..Odps::default() };

            let reply = lab.send(&call.signed(&root));

            assert_eq!(listed_names(&reply).len(), 2, "{style} {host}");
            let record = lab.last_record();
            assert_eq!(
                (record.style, record.product, record.action.as_str()),
                (style, Some("Odps"), "ListProjects")
            );
        }
    }
    let of_region = Odps { region: Some("cn-beijing"), target: "/projects/demo_project", ..Odps::default() };
    assert_eq!(xml_text(&lab.send(&of_region.signed(&root)).body, "Region"), "cn-beijing");
}

#[test]
fn a_bad_key_is_refused_in_each_way() {
    let lab = lab();
    let (root, ci) = (lab.root("demo"), lab.user("demo", "ci"));
    let inactive = {
        let state = lab.world().state();
        let key = state.keys().nth(1).unwrap().clone();
        lab.actor(key.id.as_str(), key.material.secret())
    };

    let unknown = lab.actor("LTAI5tNobodyHasThis00", "secret").odps("/projects");
    assert_eq!(
        unknown.assert_odps_refused(401, "InvalidParameter", "ODPS-0410051"),
        "ODPS-0410051:Invalid credentials - accessKeyId not found"
    );
    let disabled = inactive.odps("/projects").assert_odps_refused(401, "InvalidParameter", "ODPS-0410051");
    assert_eq!(disabled, "ODPS-0410051:Invalid credentials - accessKeyId is disabled");
    for region in [None, Some("cn-hangzhou")] {
        let wrong = Odps { region, ..Odps::default() }.signed(&lab.actor(&root.key, "wrongSecret"));
        assert_eq!(
            lab.send(&wrong).assert_odps_refused(401, "SignatureNotMatch", "ODPS-0410042"),
            "ODPS-0410042:Invalid signature value - User signature dose not match"
        );
        let refused = lab.last_record().refused.clone().unwrap();
        let mismatch = refused.mismatch.clone().unwrap();
        assert!(
            mismatch.server.starts_with("GET\n\n\nSun, 22 Nov 2026 08:00:00 GMT\n/projects"),
            "{mismatch:?}"
        );
    }
    let other = lab.send(&Odps::default().signed(&lab.actor(&root.key, &ci.secret)));
    other.assert_odps_refused(401, "SignatureNotMatch", "ODPS-0410042");
    let cause = lab.last_record().refused.clone().unwrap().mismatch.clone().unwrap().cause.to_string();
    assert!(cause.contains(&ci.key), "{cause}");
}

#[test]
fn signed_parts_of_a_request_cannot_be_changed() {
    let lab = lab();
    let root = lab.root("demo");
    let headers = [("x-odps-user-agent", "pyodps")];
    let sound = Odps { target: "/projects?name=demo", headers: &headers, ..Odps::default() };
    let refused = |request| lab.send(&request).assert_odps_refused(401, "SignatureNotMatch", "ODPS-0410042");

    let mut other_path = sound.signed(&root);
    *other_path.uri_mut() = "/api/projects?name=demo_private".parse().unwrap();
    refused(other_path);
    let mut other_header = sound.signed(&root);
    other_header.headers_mut().insert("x-odps-user-agent", "another".parse().unwrap());
    refused(other_header);
    let mut other_date = sound.signed(&root);
    other_date.headers_mut().insert("date", seconds_from_now(1).to_http().parse().unwrap());
    refused(other_date);
    assert_eq!(lab.send(&sound.signed(&root)).status, 200);
}

#[test]
fn a_date_may_be_fifteen_minutes_off() {
    let lab = lab();
    let root = lab.root("demo");
    let at = |seconds| lab.send(&Odps { time: seconds_from_now(seconds), ..Odps::default() }.signed(&root));

    assert_eq!((at(-900).status, at(900).status), (200, 200));
    for seconds in [-901, 901] {
        let text = at(seconds).assert_odps_refused(400, "RequestTimeTooSkewd", "ODPS-0410031");
        let signed = seconds_from_now(seconds).with_millis();
        assert_eq!(
            text,
            format!(
                "ODPS-0410031:Authentication request expired - the expire time interval  exceeds the max \
                 limitation: 900000, max_interval_date:900000,expire_date:{signed},now_date:2026-11-22T08:00:00.000Z"
            )
        );
    }
}

#[test]
fn a_credential_that_cannot_be_read_says_which() {
    let lab = lab();
    let send = |authorization: Option<&str>, path: &str, host: &str| {
        let mut request = Request::get(path).header("host", host);
        if let Some(text) = authorization {
            request = request.header("authorization", text);
        }
        lab.send(&request.body(Bytes::new()).unwrap())
    };
    let here = "127.0.0.1:4588";

    send(None, "/api/projects", here).assert_odps_refused(400, "Unauthorized", "ODPS-0410001");
    send(None, "/", "service.cn.maxcompute.aliyun.com").assert_odps_refused(
        400,
        "Unauthorized",
        "ODPS-0410001",
    );
    for malformed in ["ODPS", "ODPS LTAI", "ODPS :sig", "ODPS LTAI:", "ODPS LTAI/20261122/odps:sig"] {
        send(Some(malformed), "/api/projects", here).assert_odps_refused(
            400,
            "InvalidParameter",
            "ODPS-0410011",
        );
    }
    let v9 = "ODPS LTAI/20261122/cn-hangzhou/odps/aliyun_v9_request:sig";
    let method =
        send(Some(v9), "/api/projects", here).assert_odps_refused(400, "InvalidParameter", "ODPS-0410021");
    assert!(method.starts_with("ODPS-0410021:Invalid signature method - "), "{method}");
    send(Some("ODPS LTAI:sig"), "/api/projects", here).assert_odps_refused(
        400,
        "InvalidParameter",
        "ODPS-0410011",
    );
    // Nothing of it is MaxCompute's.
    send(None, "/projects", here).assert_refused(400, "MissingAccessKeyId");
}

#[test]
fn temporary_keys_are_accepted_with_their_token_until_they_expire() {
    let lab = lab();
    let (etl, idle) = (session_of_role(&lab, "etl"), session_of_role(&lab, "idle"));
    let with =
        |token: Option<&str>| Actor { token: token.map(str::to_owned), ..etl.clone() }.odps("/projects");

    assert_eq!(listed_names(&etl.odps("/projects")), ["demo_project"]);
    with(None).assert_odps_refused(401, "InvalidParameter", "ODPS-0410051");
    for token in [idle.token.as_deref(), Some("nonsense")] {
        let text = with(token).assert_odps_refused(401, "InvalidParameter", "ODPS-0410051");
        assert!(text.ends_with("the sts token is invalid"), "{text}");
    }
    lab.root("demo").with_token("nonsense").odps("/projects").assert_odps_refused(
        401,
        "InvalidParameter",
        "ODPS-0410051",
    );
    lab.advance_clock("1h");
    let text = etl.odps("/projects").assert_odps_refused(401, "InvalidParameter", "ODPS-0410051");
    assert!(text.ends_with("the sts token is expired"), "{text}");
}

#[test]
fn keys_of_a_disabled_or_closed_account_are_refused() {
    for (status, reason) in [(Status::Disabled, "is disabled"), (Status::Closed, "not found")] {
        let lab = lab();
        let now = lab.world().clock.now().resource;
        let uid = alimock::text::Uid(1_234_567_890_123_456);
        let set = |tx: &mut Tx<'_>| tx.set_standing(uid, Some(status), None, None);
        let done: Result<_, Refusal> = lab.world().commit(now, By::OURSELVES, set);
        done.unwrap();

        let text =
            lab.root("demo").odps("/projects").assert_odps_refused(401, "InvalidParameter", "ODPS-0410051");

        assert!(text.ends_with(reason), "{text}");
    }
}

/// Source: docs/evidence/account.md section 7, row 31.
#[test]
fn a_service_stopped_for_overdue_payment_refuses_as_maxcompute_does() {
    let lab = lab();
    let now = lab.world().clock.now().resource;
    let uid = alimock::text::Uid(1_234_567_890_123_456);
    let set = |tx: &mut Tx<'_>| tx.set_standing(uid, Some(Status::ArrearsShutdown), None, None);
    let done: Result<_, Refusal> = lab.world().commit(now, By::OURSELVES, set);
    done.unwrap();

    let text = lab.root("demo").odps("/projects/demo_project").assert_odps_refused(
        403,
        "NoPermission",
        "ODPS-0420095",
    );

    let end = "Access Denied - Authorization Failed [4093], You have NO privilege to do the restricted operation on {acs:odps:*:projects/demo_project}. Access Mode is AllDenied.";
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn an_operation_that_is_not_implemented_is_refused_and_changes_nothing() {
    let lab = lab();
    let root = lab.root("demo");
    let version = lab.world().state().version;
    for (method, target, action) in [
        ("GET", "/projects/demo_project/tables", "GetTables"),
        ("POST", "/projects/demo_project/instances", "PostInstances"),
        ("PUT", "/projects/demo_project", "PutProject"),
        ("DELETE", "/projects/demo_project/tables/t", "DeleteTables"),
        ("GET", "/projects/demo_project?policy=", "GetProjectPolicy"),
        ("GET", "/nothing/of/this", "GetNothing"),
        ("GET", "/", "GetService"),
    ] {
        let reply = lab.send(&Odps { method, target, ..Odps::default() }.signed(&root));

        assert_eq!(
            (reply.status, xml_text(&reply.body, "Code").as_str()),
            (405, "MethodNotAllowed"),
            "{target}"
        );
        assert_eq!(lab.last_record().action, action);
    }
    assert_eq!(lab.world().state().version, version);
}

#[test]
fn faults_journal_and_last_use_know_these_calls() {
    let text = format!(
        "{SEED}\nfaults:\n  - {{name: busy, match: {{product: Odps, action: ListProjects, user: ci}}, when: {{nth: 1}}, do: {{error: {{code: ServiceUnavailable}}}}}}\n  - {{name: late, match: {{product: Odps, action: GetTenant}}, do: {{skew: 20m}}}}\n"
    );
    let lab = Lab::with_scenario(&text);
    let ci = lab.user("demo", "ci");

    let busy = ci.odps("/projects");
    assert_eq!((busy.status, xml_text(&busy.body, "Code").as_str()), (503, "ServiceUnavailable"));
    assert_eq!(lab.last_record().faults[0].name, "busy");
    assert_eq!(listed_names(&ci.odps("/projects")), ["demo_project"]);
    ci.odps("/tenants").assert_odps_refused(400, "RequestTimeTooSkewd", "ODPS-0410031");

    let state = lab.world().state();
    let key = state.keys().find(|key| key.id.as_str() == ci.key).unwrap();
    let view = lab.world().view(&state, lab.world().clock.now().resource, By::OURSELVES);
    assert_eq!(view.last_use(key).unwrap().product, "Odps");
    let record = serde_json::to_value(&*lab.last_record()).unwrap();
    assert_eq!((&record["style"], &record["accessKeyId"]), (&"odps-v2".into(), &ci.key.clone().into()));
    assert_eq!(record["code"], "ODPS-0410031");
    assert_eq!(record["client"], CLIENT.to_string());
}

#[test]
fn a_key_that_was_just_disabled_goes_on_working_as_long_as_the_world_says() {
    let lab = Lab::with_scenario(&format!("propagation: {{key.disabled: {{after: 5s}}}}\n{SEED}"));
    let (root, ci) = (lab.root("demo"), lab.user("demo", "ci"));

    root.ram("UpdateAccessKey", &[("UserName", "ci"), ("UserAccessKeyId", &ci.key), ("Status", "Inactive")])
        .assert_ok();

    assert_eq!(ci.odps("/projects").status, 200);
    lab.advance_clock("5s");
    ci.odps("/projects").assert_odps_refused(401, "InvalidParameter", "ODPS-0410051");
}

#[test]
fn bearer_tokens_of_a_scenario_are_accepted() {
    let lab =
        Lab::with_scenario(&SEED.replace("{name: guest,", "{name: guest, bearerTokens: [open-sesame],"));
    let send = |token: &str| {
        lab.send(
            &Request::get("/api/tenants").header("x-odps-bearer-token", token).body(Bytes::new()).unwrap(),
        )
    };

    assert_eq!(send("open-sesame").assert_ok()["Tenant"]["OwnerId"], "1234567890123456");
    send("nonsense").assert_odps_refused(401, "InvalidParameter", "ODPS-0410051");
}

#[test]
fn an_account_in_arrears_gets_the_documented_errors() {
    let error = odps::ALL_DENIED.about("demo_project");

    assert_eq!(
        odps::text(&error.code, &error.message),
        "ODPS-0420095: Access Denied - Authorization Failed [4093], You have NO privilege to do the restricted operation on \
         {acs:odps:*:projects/demo_project}. Access Mode is AllDenied."
    );
    assert_eq!(odps::class(&error.code), "NoPermission");
}
