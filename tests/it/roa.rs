//! Requests that name no action: ROA of the older generation has a method and a path. The table of the product names the
//! action, else a stub does; stubs, rules, expectations and the journal match method and path.

use crate::support::live::{Live, send};
use crate::support::sign::hmac_sha1;
use crate::support::{Actor, Lab, NOW, Reply};
use alimock::Scenario;
use alimock::gateway::RawRequest;
use alimock::text::Timestamp;
use alimock::world::expect::Expectation;
use bytes::Bytes;
use http::Request;
use serde_json::json;

const CR: &str = "2016-06-07";
const CS: &str = "2015-12-15";

const SCENE: &str = "
accounts:
  - name: demo
    realName: {status: VERIFIED}
    keys: [{}]
    policies:
      - {name: Tokens, document: {Version: '1', Statement: [{Effect: Allow, Action: 'cr:GetAuthorizationToken', Resource: '*'}]}}
      - {name: Others, document: {Version: '1', Statement: [{Effect: Allow, Action: 'cs:GetNothing*', Resource: '*'}]}}
    users: [{name: puller, policies: [Tokens, Others], keys: [{}]}, {name: idle, keys: [{}]}]
stubs:
  - {product: cr, version: '2016-06-07', action: GetAuthorizationToken, body: {data: {authorizationToken: t}}}
  - {product: CS, action: DescribeClusterUserKubeconfig, body: {config: 'of ${param.ClusterId}'}}
  - {product: CS, method: DELETE, path: '/nothing/*', status: 202}
  - {product: CS, path: '/nothing/*', action: DescribeNothing, body: {nothing: true}}
  - {product: Ecd, version: '2020-09-30', action: ListDesks, path: /desks, body: {desks: []}}
";

/// A request of the generation v1 at `path`, as pop-core of Node makes it.
fn roa(actor: &Actor, method: &str, version: &str, path: &str) -> RawRequest {
    roa_at(actor, method, version, path, &Timestamp::parse_signed(NOW).unwrap().0.to_http())
}

fn roa_at(actor: &Actor, method: &str, version: &str, path: &str, date: &str) -> RawRequest {
    let nonce = actor.lab.nonce();
    let own = [
        ("x-acs-signature-method", "HMAC-SHA1"),
        ("x-acs-signature-nonce", &nonce),
        ("x-acs-version", version),
    ];
    let lines: String = own.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let text = format!("{method}\napplication/json\n\n\n{date}\n{lines}{path}");
    let authorization = format!("acs {}:{}", actor.key, hmac_sha1(&actor.secret, &text));
    let request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:4588");
    let request = request.header("accept", "application/json").header("date", date);
    let request = own.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    request.header("authorization", authorization).body(Bytes::new()).unwrap()
}

fn get(actor: &Actor, version: &str, path: &str) -> Reply {
    actor.lab.send(&roa(actor, "GET", version, path))
}

#[test]
fn a_path_names_the_action_and_its_parameters() {
    let lab = Lab::with_scenario(SCENE);
    let root = lab.root("demo");

    let body = get(&root, CR, "/tokens").assert_ok();

    assert_eq!(body["data"]["authorizationToken"], "t");
    // Observed: aliyun/alibabacloud-python-sdk issue 7 (2022).
    assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
    let record = lab.last_record();
    assert_eq!(
        (record.product, &*record.action, &*record.path),
        (Some("cr"), "GetAuthorizationToken", "/tokens")
    );
    assert_eq!(get(&root, CS, "/k8s/c-1/user_config").assert_ok()["config"], "of c-1");
    assert_eq!(lab.last_record().action, "DescribeClusterUserKubeconfig");
    // An action without a stub.
    get(&root, CS, "/clusters/c-1").assert_refused(404, "InvalidAction.NotFound");
    assert_eq!(lab.last_record().action, "DescribeClusterDetail");
}

#[test]
fn a_stub_answers_a_path_and_gives_it_a_name() {
    let lab = Lab::with_scenario(SCENE);
    let root = lab.root("demo");

    assert_eq!(get(&root, CS, "/nothing/1").assert_ok()["nothing"], true);
    assert_eq!(lab.last_record().action, "DescribeNothing");
    assert_eq!(lab.send(&roa(&root, "DELETE", CS, "/nothing/1")).status, 202);
    assert_eq!(lab.last_record().action, "");
    get(&root, CS, "/other").assert_refused(404, "InvalidAction.NotFound");
    // On localhost, the path tells the product of a version that only stubs declare.
    assert_eq!(get(&root, "2020-09-30", "/desks").assert_ok()["desks"], json!([]));
    assert_eq!(lab.last_record().product, Some("Ecd"));
}

#[test]
fn policies_are_asked_about_the_action_of_the_path() {
    let lab = Lab::with_scenario(SCENE);
    let (puller, idle) = (lab.user("demo", "puller"), lab.user("demo", "idle"));

    get(&puller, CR, "/tokens").assert_ok();
    get(&idle, CR, "/tokens").assert_refused(403, "Forbidden.RAM");
    get(&puller, CR, "/namespace").assert_refused(403, "Forbidden.RAM");
    // Without a name, the rule of the products gives one.
    get(&puller, CS, "/nothing-else/1").assert_refused(404, "InvalidAction.NotFound");
    get(&puller, CS, "/something").assert_refused(403, "NoPermission");
    let decision = lab.last_record().decision.clone().unwrap();
    assert_eq!(decision.evaluated().unwrap().action, "cs:GetSomething");
}

#[test]
fn rules_match_method_and_path_and_answer_in_the_words_of_the_product() {
    let lab = Lab::with_scenario(&format!(
        "{SCENE}faults:
  - {{match: {{product: cr, method: get, path: '/tok*', user: idle}}, do: {{error: {{code: USER_NOT_EXIST, status: 404, message: user is not exist.}}}}}}
  - {{match: {{path: /clusters, method: POST}}, do: {{error: {{code: Throttling.User}}}}}}"
    ));
    let root = lab.root("demo");

    get(&root, CR, "/tokens").assert_ok();
    // The errors of the gateway keep their form.
    let refused = lab.send(&roa(&root, "POST", CS, "/clusters"));
    assert_eq!(
        refused.assert_refused(400, "Throttling.User"),
        "Request was denied due to user flow control."
    );
    get(&root, CS, "/clusters").assert_refused(404, "InvalidAction.NotFound");
    let unknown = lab.actor("LTAI5tNoSuchKey00001", "s");
    get(&unknown, CR, "/tokens").assert_refused(404, "InvalidAccessKeyId.NotFound");
}

#[test]
fn an_error_of_the_registry_has_its_own_fields() {
    let lab = Lab::with_scenario(&format!(
        "{SCENE}faults: [{{match: {{path: /tokens}}, do: {{error: {{code: USER_NOT_EXIST, status: 404, message: user is not exist.}}}}}}]"
    ));

    let reply = get(&lab.root("demo"), CR, "/tokens");

    let id = reply.headers["x-acs-request-id"].to_str().unwrap();
    assert_eq!(reply.status, 404);
    assert_eq!(
        reply.json(),
        json!({"code": "USER_NOT_EXIST", "message": "user is not exist.", "requestId": id})
    );
}

#[test]
fn expectations_and_the_journal_are_filtered_by_method_and_path() {
    let lab = Lab::with_scenario(SCENE);
    get(&lab.root("demo"), CR, "/tokens").assert_ok();
    for (calls, times) in [
        (json!({"path": "/tok*", "method": "GET"}), 1),
        (json!({"path": "/tokens", "method": "POST"}), 0),
        (json!({"path": "/other"}), 0),
    ] {
        let expected: Expectation = serde_json::from_value(json!({"calls": calls, "times": times})).unwrap();
        assert!(expected.check(&lab.world().evidence()).passed, "{calls}");
    }

    let live = Live::with_scenario(Scenario::parse("accounts: [{name: demo}]").unwrap());
    for path in ["/tokens", "/clusters"] {
        let _ =
            send(live.address, &Request::get(path).header("host", "127.0.0.1").body(Bytes::new()).unwrap());
    }
    for (filter, count) in [("path=/tok*", 1), ("path=/tok*&method=PUT", 0), ("method=GET", 2)] {
        let found = live.control("GET", &format!("/worlds/default/requests?{filter}"), "").1;
        assert_eq!(found["requests"].as_array().unwrap().len(), count, "{filter}");
    }
}

#[test]
fn a_stub_has_an_action_or_a_path() {
    for (stub, told) in [
        ("{product: CS}", "a stub has an `action` or a `path`"),
        ("{product: CS, path: clusters}", "`clusters` is no path: it starts with `/`"),
        ("{product: Ram, path: /users, action: ListUsers}", "alimock runs `ListUsers` of `Ram` itself"),
    ] {
        let wrong = Scenario::parse(&format!("stubs: [{stub}]")).unwrap_err().to_string();
        assert!(wrong.contains(told), "{wrong}");
    }
}

#[test]
fn dates_are_read_as_date_parsers_do() {
    let lab = Lab::with_scenario(SCENE);
    let root = lab.root("demo");
    let good = Timestamp::parse_signed(NOW).unwrap().0.to_http();
    let (day, rest) = good.split_once(',').unwrap();
    let other = if day == "Mon" { "Tue" } else { "Mon" };

    for date in
        [good.clone(), format!("{other},{rest}"), good.replace("GMT", "UTC"), good.replace("GMT", "+0000")]
    {
        let reply = lab.send(&roa_at(&root, "GET", CR, "/tokens", &date));
        assert_eq!(reply.status, 200, "{date}: {}", reply.body);
    }
    for date in ["2026-11-22T08:00:00Z", "now", ""] {
        let reply = lab.send(&roa_at(&root, "GET", CR, "/tokens", date));
        assert_eq!(reply.status, 400, "{date}: {}", reply.body);
    }
}
