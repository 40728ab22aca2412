//! `alimock why`: the reasons that it shows, and what to do.

use super::Asked;
use crate::support::NOW;
use crate::support::live;
use crate::support::sign::{Call, Form, Signer, request_by};
use serde_json::Value;

#[test]
fn why_shows_the_policies_of_a_denied_caller_and_what_to_do() {
    let asked = Asked::new();
    asked.run(&["do", "attachPolicy", "account=demo", "user=dev", "policy=AliyunOSSFullAccess"]).good();
    let id = asked.by_dev("CreateUser", &[("UserName", "x")]);

    let text = asked.run(&["why"]).good();

    for part in [
        "403 Ram.CreateUser by demo/dev: refused at the step `authorize`\nNoPermission: ",
        &format!("\n  id          {id}\n"),
        "parameter   UserName=x\n",
        "\npermission\n  implicit deny: no policy allows it\n  ram:CreateUser on acs:ram:*:",
        "  Allow AliyunOSSFullAccess, statement 1: ",
        "\nto do\n  attach a policy that allows ram:CreateUser on acs:ram:*:",
        "`alimock do attachPolicy account=demo user=dev policy=POLICY`\n",
    ] {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
    let json = asked.run(&["why", &id, "--json"]).json();
    assert_eq!(
        (&json["request"]["step"], &json["request"]["who"], &json["permission"]["decision"]["allowed"]),
        (&"authorize".into(), &"demo/dev".into(), &false.into())
    );
    asked.run(&["do", "attachPolicy", "account=demo", "user=dev", "policy=AliyunRAMFullAccess"]).good();
    let text = asked.run(&["why"]).good();
    assert!(text.contains("by the policies of now: allowed") || text.contains("policies of now: "), "{text}");
    assert!(text.contains("Allow AliyunRAMFullAccess, statement 1: "), "{text}");
}

#[test]
fn why_shows_both_signed_texts_with_a_caret_under_their_first_difference() {
    let asked = Asked::new();
    let plus = Signer { query: Some(("%20".to_owned(), "%2B".to_owned())), ..Signer::default() };
    let plus = Signer { query: Some(("%2520".to_owned(), "+".to_owned())), ..plus };
    let plus = Signer { query: Some(("a%20b".to_owned(), "a+b".to_owned())), ..plus };
    asked.call(&plus, "LTAI5tOfTheAccount", "secretOfTheAccount", "ListUsers", &[("Marker", "a b")]);

    let text = asked.run(&["why"]).good();

    assert!(text.contains("refused at the step `authenticate`\nSignatureDoesNotMatch: "), "{text}");
    assert!(text.contains("\nsignature\n  a space was encoded as `+`\n"), "{text}");
    let lines: Vec<_> = text.lines().collect();
    let caret = lines.iter().position(|line| line.trim() == "^").unwrap();
    let column = lines[caret].find('^').unwrap();
    let [server, client] = [lines[caret - 2], lines[caret - 1]];
    assert!(server.starts_with("    server  ") && client.starts_with("    client  "), "{text}");
    assert_eq!(server[..column], client[..column].replace("client", "server"));
    assert_ne!(server[column..=column], client[column..=column]);
    let coloured = asked.run(&["why", "--color", "always"]).good();
    assert!(coloured.contains("\x1b[1;31m^\x1b[0m"), "{coloured}");
    assert!(text.contains("to do\n  sign the text of the server: "), "{text}");
}

#[test]
fn why_says_which_secret_to_check_if_the_mistake_is_not_known() {
    let asked = Asked::new();
    asked.call(&Signer::default(), "LTAI5tOfTheAccount", "another secret", "ListUsers", &[]);

    let text = asked.run(&["why"]).good();

    assert!(text.contains("text that the server signs:\n    GET&%2F&AccessKeyId"), "{text}");
    assert!(text.contains("check the secret of LTAI5tOfTheAccount") && !text.contains('^'), "{text}");
}

#[test]
fn why_names_the_gate_the_rule_and_the_state_of_a_key() {
    let asked = Asked::with(
        "faults:
  - {name: busy, match: {action: ListGroups}, do: {error: {code: Throttling.User}}}",
    );
    asked.run(&["account", "unverify", "demo"]).good();
    let call = Call {
        key: "LTAI5tOfTheAccount",
        secret: "secretOfTheAccount",
        token: None,
        version: "2014-05-26",
        action: "RunInstances",
        params: &[("RegionId", "cn-hangzhou")],
        time: NOW,
        nonce: "gate",
        xml: false,
    };
    live::send(asked.live.address, &request_by(&Signer::default(), Form::RpcV1, &call));
    let gate = asked.run(&["why"]).good();
    asked.by_root("ListGroups", &[]);
    let rule = asked.run(&["why"]).good();
    asked.run(&["key", "disable", "LTAI5tOfTheAccount"]).good();
    asked.by_root("ListUsers", &[]);
    let key = asked.run(&["why"]).good();

    assert!(gate.contains("refused at the step `gate`"), "{gate}");
    assert!(gate.contains("\ngate\n  the account does not meet `verified`\n"), "{gate}");
    assert!(gate.contains("`alimock account verify demo`"), "{gate}");
    assert!(rule.contains("refused at the step `rule`"), "{rule}");
    let shown = "  `busy`, call 1 that it matched: match {\"action\":\"ListGroups\"}, do {\"error\":{\"code\":\"Throttling.User\"}}\n";
    assert!(rule.contains(shown), "{rule}");
    assert!(rule.contains("`alimock ctl DELETE faults/1` removes it"), "{rule}");
    assert!(key.contains("InvalidAccessKeyId.Inactive: "), "{key}");
    assert!(key.contains("\nto do\n  enable the key: `alimock key enable LTAI5tOfTheAccount`\n"), "{key}");
    asked.run(&["key", "enable", "LTAI5tOfTheAccount"]).good();
    asked.run(&["ctl", "DELETE", "faults/1"]).good();
    asked.run(&["account", "verify", "demo"]).good();
    assert!(asked.run(&["why", &asked.by_root("ListGroups", &[])]).good().contains(": answered\n"));
}

#[test]
fn why_shows_an_answered_request_and_refuses_an_unknown_one() {
    let asked = Asked::new();
    assert_eq!(
        asked.run(&["why"]).good(),
        "no refused call\n\nto do\n  the journal has no rejected call; name a request by its RequestId\n"
    );
    assert_eq!(asked.run(&["why", "--json"]).json()["request"], Value::Null);
    let id = asked.by_root("ListUsers", &[]);

    let text = asked.run(&["why", &id]).good();

    assert!(text.starts_with("200 Ram.ListUsers by demo: answered\n"), "{text}");
    assert!(
        text.contains("permission\n  allowed: the account itself\n") && !text.contains("to do"),
        "{text}"
    );
    asked.run(&["why", "no-such-id"]).failed(1, "there is no request `no-such-id`\nhint: ");
    asked.run(&["why", "--world", "lost"]).failed(1, "there is no world `lost`\nhint: ");
}
