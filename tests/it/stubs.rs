//! Stubs: what is answered for actions that alimock does not run.

use crate::support::live::Live;
use crate::support::sign::Form;
use crate::support::{Actor, Lab, NOW, Reply, xml};
use alimock::Scenario;
use alimock::world::permission::Decision;
use serde_json::json;

const STUBS: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    realName: {status: VERIFIED}
    keys: [{}]
    policies:
      - name: ReadDomains
        document: {Version: "1", Statement: [{Effect: Allow, Action: "alidns:Describe*", Resource: "*"}]}
    users: [{name: ann, keys: [{}], policies: [ReadDomains]}, {name: bob, keys: [{}]}]
stubs:
  - product: Alidns
    version: "2015-01-09"
    action: DescribeDomainInfo
    body: {DomainName: "${param.DomainName}", Owner: "${accountId}", By: "${callerArn}", At: "${now}", Call: "${requestId}",
      Region: "${region}", Literal: "$${now}", Records: 2, Starmark: false, Remark: null, DnsServers: {DnsServer: [a, "b<"]}}
  - {product: Alidns, action: "Describe*", status: 202, body: {Other: true}}
  - {product: ResourceManager, action: ListAccounts, body: {Accounts: {Account: []}, TotalCount: 0}}
  - {product: Example, version: "2030-01-01", action: Greet, body: {Said: "hello ${param.Name}"}}
  - {product: ROS, version: "2019-09-10", action: ListStacks, body: {Stacks: []}}
  - {product: CS, version: "2015-12-15", action: "*", body: [{name: c1}]}
"#;

const ALIDNS: &str = "2015-01-09";

/// Sends a call to a host.
fn call_at_host(who: &Actor, host: &str, version: &str, action: &str, params: &[(&str, &str)]) -> Reply {
    let mut request = who.request(version, action, params);
    request.headers_mut().insert("host", host.parse().unwrap());
    who.lab.send(&request)
}

#[test]
fn a_stub_can_use_properties_of_the_call() {
    let lab = Lab::with_scenario(STUBS);

    let reply = lab.root("demo").call(ALIDNS, "DescribeDomainInfo", &[("DomainName", "example.com")]);

    let body = reply.assert_ok();
    assert_eq!(reply.headers["x-acs-request-id"], body["RequestId"].as_str().unwrap());
    assert_eq!(
        body,
        json!({
            "RequestId": body["RequestId"], "Call": body["RequestId"], "DomainName": "example.com", "Owner": "1234567890123456",
            "By": "acs:ram::1234567890123456:root", "At": NOW, "Region": "cn-hangzhou", "Literal": "${now}",
            "Records": 2, "Starmark": false, "Remark": null, "DnsServers": {"DnsServer": ["a", "b<"]},
        })
    );
    let record = lab.last_record();
    assert_eq!((record.product, record.status, record.changed), (Some("Alidns"), 200, None));
    assert!(record.decision.as_ref().is_some_and(Decision::allowed));
}

#[test]
fn the_same_stub_answers_in_xml_with_its_request_id_first() {
    let lab = Lab::with_scenario(STUBS);

    let reply = lab.root("demo").in_xml().call(ALIDNS, "DescribeDomainInfo", &[("DomainName", "a&b")]);

    assert_eq!(reply.status, 200, "{}", reply.body);
    let id = reply.headers["x-acs-request-id"].to_str().unwrap();
    let head = format!(
        "<?xml version='1.0' encoding='UTF-8'?><DescribeDomainInfoResponse><RequestId>{id}</RequestId><DomainName>a&amp;b</DomainName>"
    );
    assert!(reply.body.starts_with(&head), "{}", reply.body);
    let list =
        "<Remark></Remark><DnsServers><DnsServer>a</DnsServer><DnsServer>b&lt;</DnsServer></DnsServers>";
    assert!(reply.body.contains(list), "{}", reply.body);
    assert_eq!(xml::parse(&reply.body).children.len(), 12);
}

#[test]
fn variables_in_a_parameter_are_not_expanded() {
    let lab = Lab::with_scenario(STUBS);

    let body =
        lab.root("demo").call(ALIDNS, "DescribeDomainInfo", &[("DomainName", "${accountId}")]).assert_ok();

    assert_eq!(body["DomainName"], "${accountId}");
}

#[test]
fn the_first_matching_stub_answers_and_other_calls_find_no_action() {
    let lab = Lab::with_scenario(STUBS);
    let root = lab.root("demo");

    let other = root.call(ALIDNS, "DescribeDomains", &[]);

    assert_eq!((other.status, other.json()["Other"].clone()), (202, json!(true)));
    root.call(ALIDNS, "AddDomain", &[]).assert_refused(404, "InvalidAction.NotFound");
    let note = lab.last_record().refused.as_ref().and_then(|refused| refused.note.clone()).unwrap();
    assert!(note.contains("`stubs` of a scenario can answer it"), "{note}");
}

#[test]
fn a_call_is_authenticated_and_authorized_before_a_stub_answers_it() {
    let lab = Lab::with_scenario(STUBS);
    let (ann, bob) = (lab.user("demo", "ann"), lab.user("demo", "bob"));
    let ask = |who: &Actor| who.call(ALIDNS, "DescribeDomains", &[]);

    assert_eq!(ask(&ann).status, 202);
    ask(&bob).assert_refused(400, "Forbidden.RAM");
    assert_eq!(
        lab.last_record().decision.as_ref().unwrap().evaluated().unwrap().action,
        "alidns:DescribeDomains"
    );
    ask(&lab.actor("LTAI5tNobodyHasThisKey", "x")).assert_refused(404, "InvalidAccessKeyId.NotFound");
    ask(&lab.actor(&ann.key, "wrong")).assert_refused(400, "SignatureDoesNotMatch");
    ann.ram("UpdateAccessKey", &[]).assert_refused(403, "NoPermission");
}

#[test]
fn a_rule_makes_a_stubbed_action_fail() {
    let rules = "faults: [{match: {product: Example, version: '2030-01-01', action: Greet}, when: {first: 1}, do: {error: {code: Throttling.User}}}]";
    let lab = Lab::with_scenario(&format!("{STUBS}{rules}"));
    let greet = || lab.root("demo").call("2030-01-01", "Greet", &[("Name", "ann")]);

    greet().assert_refused(400, "Throttling.User");
    assert_eq!(greet().assert_ok()["Said"], "hello ann");
}

#[test]
fn a_product_is_found_by_its_host_and_a_declared_one_by_its_code() {
    let lab = Lab::with_scenario(STUBS);
    let root = lab.root("demo");

    let regional = call_at_host(&root, "alidns.eu-central-1.aliyuncs.com", ALIDNS, "DescribeDomainInfo", &[])
        .assert_ok();
    assert_eq!(regional["Region"], "eu-central-1");
    let named = [("RegionId", "us-west-1")];
    let named = call_at_host(&root, "alidns.eu-central-1.aliyuncs.com", ALIDNS, "DescribeDomainInfo", &named)
        .assert_ok();
    assert_eq!(named["Region"], "us-west-1");
    let private =
        call_at_host(&root, "alidns.vpc-proxy.aliyuncs.com", ALIDNS, "DescribeDomainInfo", &[]).assert_ok();
    assert_eq!(private["Region"], "cn-hangzhou");
    for host in ["example.aliyuncs.com", "example-vpc.cn-beijing.aliyuncs.com"] {
        assert_eq!(call_at_host(&root, host, "2030-01-01", "Greet", &[]).assert_ok()["Said"], "hello ");
    }
    call_at_host(&root, "example.aliyuncs.com", "2030-01-02", "Greet", &[])
        .assert_refused(400, "InvalidVersion");
    call_at_host(&root, "alidns.aliyuncs.com", "2015-01-10", "DescribeDomains", &[])
        .assert_refused(400, "InvalidVersion");
    call_at_host(&root, "nosuch.aliyuncs.com", ALIDNS, "DescribeDomains", &[])
        .assert_refused(404, "InvalidProduct.NotFound");
    call_at_host(&root, "example.aliyuncs.com", "2030-01-01", "Part", &[])
        .assert_refused(404, "InvalidAction.NotFound");
    let plain = Lab::new();
    let at_plain = call_at_host(&plain.root("demo"), "example.aliyuncs.com", "2030-01-01", "Greet", &[]);
    at_plain.assert_refused(404, "InvalidProduct.NotFound");
}

#[test]
fn a_stub_names_the_product_if_neither_host_nor_version_does() {
    let lab = Lab::with_scenario(STUBS);
    let root = lab.root("demo");

    assert_eq!(root.call("2019-09-10", "ListStacks", &[]).assert_ok()["Stacks"], json!([]));
    assert_eq!(lab.last_record().product, Some("ROS"));
    root.call("2019-09-10", "DescribeDomainNames", &[]).assert_refused(400, "InvalidVersion");
    call_at_host(&root, "wafopenapi.cn-hangzhou.aliyuncs.com", "2019-09-10", "DescribeDomainNames", &[])
        .assert_refused(404, "InvalidAction.NotFound");
}

#[test]
fn a_known_product_can_have_stubs_for_actions_that_are_not_implemented() {
    let lab = Lab::with_scenario(STUBS);

    let body = lab.root("demo").call("2020-03-31", "ListAccounts", &[]).assert_ok();

    assert_eq!(body["Accounts"], json!({"Account": []}));
    lab.root("demo")
        .call("2020-03-31", "ListFoldersForParent", &[])
        .assert_refused(404, "InvalidAction.NotFound");
}

#[test]
fn a_stub_answers_roa_calls_that_name_their_action() {
    let lab = Lab::with_scenario(STUBS);

    let reply = lab.root("demo").signing(Form::RoaV3).call("2015-12-15", "DescribeClusters", &[]);

    assert_eq!((reply.status, reply.json()), (200, json!([{"name": "c1"}])));
}

#[test]
fn an_implemented_action_is_never_answered_by_a_stub() {
    let stubs = "stubs: [{product: Ecs, action: 'Describe*', body: {Stubbed: true}}]";
    let lab = Lab::with_scenario(&format!("accounts: [{{name: demo, keys: [{{}}]}}]\n{stubs}"));
    let root = lab.root("demo");

    assert_eq!(root.ecs("DescribeDisks", &[]).assert_ok()["Stubbed"], true);
    assert!(root.ecs("DescribeRegions", &[]).assert_ok()["Regions"].is_object());
    let as_roa = root.clone().signing(Form::RoaV3);
    as_roa.ims("ListAccessKeys", &[]).assert_refused(404, "InvalidAction.NotFound");
}

#[test]
fn stubs_come_and_go_with_snapshots_and_forks() {
    let live = Live::with_scenario(Scenario::parse(STUBS).unwrap());
    let count = |world: &str| {
        live.control("GET", &format!("/worlds/{world}/stubs"), "").1["stubs"].as_array().unwrap().len()
    };
    let (made, _) = live.control("POST", "/worlds/default/fork?name=other", "");
    assert_eq!(made, 201);

    live.control("PUT", "/worlds/other/stubs", r#"{"stubs": []}"#);

    assert_eq!((count("default"), count("other")), (6, 0));
    live.control("POST", "/worlds/other/reset", "");
    assert_eq!(count("other"), 6);
}

#[test]
fn stubs_are_read_and_set_by_the_control_api() {
    let live = Live::with_scenario(Scenario::parse(STUBS).unwrap());
    let (status, before) = live.control("GET", "/worlds/default/stubs", "");
    assert_eq!((status, before["stubs"].as_array().unwrap().len()), (200, 6));
    assert_eq!(before["stubs"][3]["body"], json!({"Said": "hello ${param.Name}"}));

    let one = json!({"stubs": [{"product": "Alidns", "action": "AddDomain", "body": {"Groups": {"z": 1, "a": [1.5, null]}}}]});
    let (status, set) = live.control("PUT", "/worlds/default/stubs", &one.to_string());

    assert_eq!((status, &set), (200, &one));
    assert_eq!(live.control("GET", "/worlds/default/stubs", "").1, one);
    let diff = live.control("GET", "/worlds/default/diff", "").1.to_string();
    assert!(diff.contains("stubs[AddDomain]") && diff.contains("stubs[Greet]"), "{diff}");
    for (bad, code, told) in [
        (r#"{"stubs": [{"product": "Alidns"}]}"#, "invalid_setting", "a stub has an `action` or a `path`"),
        (
            r#"{"stubs": [{"product": "Ram", "action": "ListUsers"}]}"#,
            "invalid_setting",
            "alimock runs `ListUsers`",
        ),
        (r#"{"stub": []}"#, "invalid_body", "did you mean `stubs`?"),
    ] {
        let (status, refused) = live.control("PUT", "/worlds/default/stubs", bad);
        assert_eq!((status, refused["error"]["code"].as_str()), (400, Some(code)), "{refused}");
        assert!(refused["error"]["message"].as_str().unwrap().contains(told), "{refused}");
    }
    assert_eq!(live.control("GET", "/worlds/default/stubs", "").1, one);
}

#[test]
fn stubs_and_projects_come_back_from_an_export() {
    let projects = STUBS.replace(
        "keys: [{}]\n    policies",
        "keys: [{}]\n    projects: [{name: sales, members: [ann]}]\n    policies",
    );
    let live = Live::with_scenario(Scenario::parse(&projects).unwrap());
    let (_, before) = live.control("GET", "/worlds/default/export?format=json", "");

    let again = Live::with_scenario(Scenario::parse(&before.to_string()).unwrap());

    assert_eq!(before["stubs"].as_array().unwrap().len(), 6);
    assert_eq!(before["accounts"][0]["projects"][0]["members"], json!(["ann"]));
    assert_eq!(again.control("GET", "/worlds/default/export?format=json", "").1, before);
}
