//! Pages of RAM about permissions: groups, policies with their editor, roles, sessions, explanations.

use crate::console::browser::Browser;
use crate::console::ram::{MORE, READERS, assert_done, at, call};
use crate::console::{live_with, live_with_shop};
use serde_json::json;
use std::fmt::Write;

/// The key of the user `ann`, which the page of her keys made.
fn key_of_ann(browser: &mut Browser) -> (String, String) {
    let page = browser.fill(&at("users/ann/keys/new"), &at("users/ann/keys/new"), &[]);
    (page.text("new-key-id"), page.text("new-key-secret"))
}

#[test]
fn a_group_gives_its_policies_to_its_members() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let key = key_of_ann(&mut browser);
    let key = (&*key.0, &*key.1);
    let page = browser.fill(
        &at("new-group"),
        &at("new-group"),
        &[("group-name", "staff"), ("display-name", "Staff")],
    );
    assert_done(&page, "It was created.");
    let page = browser.submit(&page, &at("groups/staff/members"), &[("member", "ann")]);
    assert!(page.has("member-ann"), "{}", page.body);
    let get = [("UserName", "ann")];
    assert_eq!(call(&live, key, "GetUser", &get).0, 403);
    let page =
        browser.submit(&page, &at("groups/staff/policies/attach"), &[("policy", "AliyunRAMReadOnlyAccess")]);
    assert_done(&page, "The policy was attached.");
    assert_eq!(call(&live, key, "GetUser", &get).0, 200);

    let page = browser.submit(&page, &at("groups/staff/edit"), &[("group-name", "crew")]);
    assert!(page.at.starts_with(&at("groups/crew")) && page.has("member-ann"), "{}", page.at);
    let values = [("policy", "AliyunRAMReadOnlyAccess"), ("type", "system")];
    let page = browser.submit(&page, &at("groups/crew/policies/detach"), &values);
    assert_done(&page, "The policy was detached.");
    assert_eq!(call(&live, key, "GetUser", &get).0, 403);
    let page = browser.submit(&page, &at("groups/crew/members/remove"), &[("member", "ann")]);
    let page = browser.submit(&page, &at("groups/crew/delete"), &[]);
    assert_done(&page, "It was deleted.");
    assert!(page.has("no-items"), "{}", page.body);
}

#[test]
fn the_editor_marks_mistakes_where_they_are_and_a_mended_policy_is_saved() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let wrong = "{\"Version\": \"1\", \"Statement\": [\n  {\"Effect\": \"Allow\", \"Action\": \"GetUser\",\n   \"Resource\": \"*\"}]}";
    let values = [("policy-name", "p"), ("document", wrong)];
    for step in ["check", "create"] {
        let page =
            browser.fill(&at("new-policy"), &at("new-policy"), &[&values[..], &[("step", step)]].concat());
        assert_eq!(page.status, if step == "check" { 200 } else { 422 }, "{step}");
        assert_eq!(page.text("mark"), "\"GetUser\"", "{step}");
        let told = "<strong>2:33</strong> Invalid action format: The action format is not valid.";
        assert!(page.body.contains(told), "{step}: {}", page.body);
        assert!(
            page.body.contains("GetUser&#34;,\n   &#34;Resource&#34;"),
            "the text is kept: {}",
            page.body
        );
    }
    assert_eq!(browser.get(&at("policies/custom/p")).status, 404);
    // While one types, the same check answers with its part of the page.
    let page = browser.get(&at("new-policy"));
    let part = browser.submit(&page, &at("check"), &[("kind", "permission"), ("document", wrong)]);
    assert_eq!((part.status, part.text("mark"), part.has("title")), (200, "\"GetUser\"".to_owned(), false));
    let trust = browser.submit(&page, &at("check"), &[("kind", "trust"), ("document", READERS)]);
    assert!(trust.body.contains("The policy element Resource is not valid."), "{}", trust.body);
    let good = browser.submit(&page, &at("check"), &[("kind", "permission"), ("document", READERS)]);
    assert!(good.has("no-mistakes"), "{}", good.body);

    let values = [("policy-name", "p"), ("description", "Readers"), ("document", READERS)];
    let page = browser.fill(&at("new-policy"), &at("new-policy"), &values);

    assert_done(&page, "It was created.");
    assert_eq!(
        (page.text("shown-version"), page.text("document-text")),
        ("v1".to_owned(), READERS.to_owned())
    );
}

#[test]
fn versions_are_added_rotated_made_default_and_deleted() {
    let live = live_with(MORE);
    let mut browser = Browser::of_owner(&live);
    let page = at("policies/custom/readers");
    let edit = at("policies/custom/readers/edit");
    let values = [("document", READERS), ("as-default", "yes")];
    for _ in 2..=5 {
        assert_done(&browser.fill(&edit, &edit, &values), "It was saved.");
    }
    let full = browser.fill(&edit, &edit, &values);
    full.assert_shows(422, "error", "The policy has as many versions as the quota allows.");
    let shown = browser.submit(&full, &edit, &[&values[..], &[("rotate", "yes")]].concat());
    assert_eq!((shown.text("shown-version"), shown.has("version-1")), ("v6".to_owned(), false));

    let shown = browser.submit(&shown, &at("policies/custom/readers/default"), &[("version", "3")]);
    assert_eq!(shown.text("shown-version"), "v3");
    let shown = browser.submit(&shown, &at("policies/custom/readers/drop"), &[("version", "6")]);
    assert!(!shown.has("version-6"), "{}", shown.body);
    let refused = browser.submit(&shown, &at("policies/custom/readers/drop"), &[("version", "3")]);
    refused.assert_shows(422, "error", "The version is the default one.");
    assert_eq!(browser.get(&format!("{page}?version=2")).text("shown-version"), "v2");
    let shown =
        browser.submit(&shown, &at("policies/custom/readers/describe"), &[("description", "All of them")]);
    assert!(shown.body.contains("All of them"), "{}", shown.body);

    let attached = browser.submit(&shown, &at("users/ann/policies/attach"), &[("policy", "readers")]);
    assert!(attached.has("policy-readers"), "{}", attached.body);
    assert!(browser.get(&page).has("holder-ann"));
    let delete = at("policies/custom/readers/delete");
    let refused = browser.fill(&delete, &delete, &[]);
    refused.assert_shows(422, "error", "The policy is still attached to a RAM user.");
    let values = [("policy", "readers"), ("type", "custom")];
    let detached = browser.submit(&refused, &at("users/ann/policies/detach"), &values);
    let refused = browser.submit(&detached, &delete, &[]);
    refused.assert_shows(422, "error", "The policy still has versions besides the default one.");
    assert_done(&browser.submit(&refused, &delete, &[("also", "yes")]), "It was deleted.");
}

#[test]
fn policies_are_filtered_by_type_and_text_and_a_system_policy_cannot_be_changed() {
    let live = live_with(MORE);
    let mut browser = Browser::of_owner(&live);
    let custom = browser.get(&at("policies?type=custom"));
    assert!(custom.has("policy-readers") && !custom.has("policy-ReadOnlyAccess"), "{}", custom.body);
    let system = browser.get(&at("policies?type=system&q=ramreadonly"));
    assert!(system.has("policy-AliyunRAMReadOnlyAccess") && !system.has("policy-readers"), "{}", system.body);
    let all = browser.get(&at("policies"));
    assert!(all.has("policy-readers") && all.has("next-page"), "custom policies come first");
    let next = all.body.split("type=system").count();
    assert!(next > 1);
    let mut page = all;
    let mut count = page.body.matches("data-testid=\"open\"").count();
    while page.has("next-page") {
        let to =
            page.body.split("data-testid=\"next-page\"").next().unwrap().rsplit("href=\"").next().unwrap();
        let to = to.split('"').next().unwrap().replace("&#38;", "&");
        page = browser.get(&to);
        count += page.body.matches("data-testid=\"open\"").count();
    }
    assert!(count > 300, "{count}");
    let page = browser.get(&at("policies/system/ReadOnlyAccess"));
    assert!(page.has("document-text") && !page.has("edit-policy"), "{}", page.body);
    for step in ["edit", "delete"] {
        assert_eq!(browser.get(&at(&format!("policies/system/ReadOnlyAccess/{step}"))).status, 404);
    }
    assert_eq!(browser.get(&at("policies/other/ReadOnlyAccess")).status, 404);
}

#[test]
fn roles_are_made_for_an_account_a_service_and_a_provider() {
    let live = live_with(MORE);
    let mut browser = Browser::of_owner(&live);
    live.control("GET", "/worlds/default/issuer/login", "");
    let providers = browser.get(&at("new-role"));
    let provider =
        providers.body.split("<option>").nth(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    let provider = provider.unwrap_or_default();
    let mut cases = vec![
        ("own", vec![("trusted", "account")], "acs:ram::1000000000000002:root"),
        (
            "theirs",
            vec![("trusted", "account"), ("uid", "1000000000000009")],
            "acs:ram::1000000000000009:root",
        ),
        ("ecs", vec![("trusted", "service"), ("service", "ecs.aliyuncs.com")], "ecs.aliyuncs.com"),
    ];
    if !provider.is_empty() {
        cases.push(("oidc", vec![("trusted", "provider"), ("provider", &provider)], "oidc:aud"));
    }
    for (name, values, trusted) in &cases {
        let write =
            browser.fill(&at("new-role"), &at("new-role"), &[&values[..], &[("step", "write")]].concat());
        assert!(
            write.text("document").contains(trusted) && write.has("no-mistakes"),
            "{name}: {}",
            write.body
        );
        let page = browser.submit(&write, &at("new-role"), &[&values[..], &[("role-name", *name)]].concat());
        assert_done(&page, "It was created.");
        assert!(page.text("trust").contains(trusted), "{name}: {}", page.body);
    }
    let page = browser.get(&at("roles"));
    assert!(page.body.contains("ecs.aliyuncs.com") && page.has("role-own"), "{}", page.body);

    let own = at("roles/own");
    let page = browser.fill(&own, &at("roles/own/edit"), &[("session", "7200"), ("description", "Mine")]);
    assert!(page.body.contains("value=\"7200\"") && page.body.contains("value=\"Mine\""), "{}", page.body);
    let trust = at("roles/own/trust");
    let mended = r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["oss.aliyuncs.com"]}}]}"#;
    let page = browser.fill(&trust, &trust, &[("document", mended)]);
    assert_eq!(page.text("trust"), mended);
    let page = browser.submit(&page, &at("roles/own/policies/attach"), &[("policy", "ReadOnlyAccess")]);
    assert!(page.has("policy-ReadOnlyAccess"), "{}", page.body);
    let refused = browser.submit(&page, &at("roles/own/delete"), &[]);
    refused.assert_shows(422, "error", "The role still has a policy.");
    let values = [("policy", "ReadOnlyAccess"), ("type", "system")];
    let page = browser.submit(&refused, &at("roles/own/policies/detach"), &values);
    assert_done(&browser.submit(&page, &at("roles/own/delete"), &[]), "It was deleted.");
}

#[test]
fn sessions_tell_to_whom_they_were_issued_and_end() {
    let live = live_with(MORE);
    let mut browser = Browser::of_owner(&live);
    let (id, secret) = key_of_ann(&mut browser);
    let page = browser.get(&at("users/ann"));
    let _ =
        browser.submit(&page, &at("users/ann/policies/attach"), &[("policy", "AliyunSTSAssumeRoleAccess")]);
    let role = [("RoleArn", "acs:ram::1000000000000002:role/app"), ("RoleSessionName", "day")];
    let call = crate::support::sign::Call {
        key: &id,
        secret: &secret,
        version: "2015-04-01",
        action: "AssumeRole",
        params: &role,
        nonce: "session",
        ..crate::console::owner::CALL
    };
    let request = crate::support::sign::request(crate::support::sign::Form::RpcV1, &call);
    assert_eq!(crate::support::live::send(live.address, &request).0, 200);

    let page = browser.get(&at("sessions"));

    assert!(page.body.contains("acs:ram::1000000000000002:user/ann"), "{}", page.body);
    assert_eq!(page.body.matches("data-testid=\"session\"").count(), 2, "{}", page.body);
    let page = browser.get(&at("sessions?q=night"));
    assert_eq!((page.text("session-name"), page.text("issued-to")), ("night".to_owned(), "None".to_owned()));
    let to = page.body.split("/revoke\"").next().unwrap().rsplit("action=\"").next().unwrap();
    let to = format!("{to}/revoke");
    let page = browser.submit(&page, &to, &[]);
    assert_done(&page, "It was saved.");
    assert_eq!(page.body.matches("data-testid=\"session\"").count(), 1, "{}", page.body);
    let gone = browser.submit(&page, &to, &[]);
    gone.assert_shows(422, "error", "There is no such temporary credential.");
}

#[test]
fn the_explanation_is_that_of_the_control_api_and_names_the_statement() {
    let live = live_with(MORE);
    let mut browser = Browser::of_owner(&live);
    let page = browser.get(&at("users/ann"));
    let _ = browser.submit(&page, &at("users/ann/policies/attach"), &[("policy", "readers")]);

    let page = browser.get(&at("explain?principal=user&name=ann&action=ram:ListUsers,ram:DeleteUser&conditions=acs:SourceIp%3D192.0.2.1"));

    assert_eq!(page.body.matches("data-testid=\"answer\"").count(), 2, "{}", page.body);
    assert_eq!(page.text("verdict"), "Allowed");
    assert_eq!(
        (page.text("statement-policy"), page.text("applies")),
        ("readers (RamUser)".to_owned(), "Applies".to_owned())
    );
    let question = json!({"account": "shop", "user": "ann", "action": "ram:ListUsers"}).to_string();
    let (status, answer) = live.control("POST", "/worlds/default/explain", &question);
    assert_eq!(
        (status, answer["decision"]["reason"].as_str()),
        (200, Some(&*page.text("reason"))),
        "{answer}"
    );
    assert!(page.body.contains(">Denied<"), "{}", page.body);
    let root = browser.get(&at("explain?principal=root&action=ram:DeleteUser"));
    assert_eq!((root.text("verdict"), root.has("no-statements")), ("Allowed".to_owned(), true));
    let role = browser.get(&at("explain?principal=role&name=app&action=ram:DeleteUser"));
    assert_eq!(role.text("verdict"), "Denied");
    for (query, id, text) in [
        ("principal=user&name=nobody&action=ram:GetUser", "error-name", "There is no such RAM user."),
        ("principal=role&name=nobody&action=ram:GetUser", "error-name", "There is no such role."),
        (
            "name=ann&action=ram:GetUser&conditions=x",
            "error-conditions",
            "One KEY=VALUE a line, such as acs:SourceIp=192.0.2.1",
        ),
        (&*format!("name=ann&action={}", "a,".repeat(21)), "error-action", "Ask for 20 actions at most."),
    ] {
        browser.get(&at(&format!("explain?{query}"))).assert_shows(422, id, text);
    }
}

#[test]
fn control_policies_of_a_directory_are_part_of_the_explanation() {
    let live = live_with(
        "- {name: company, realName: {status: VERIFIED, subject: enterprise, name: Company Ltd}}
directories:
- account: company
  controlEnabled: true
  controlPolicies:
  - name: no-new-users
    document: {Version: '1', Statement: [{Effect: Deny, Action: 'ram:CreateUser', Resource: '*'}]}
  folders: [{path: prod}]
  members: [{account: shop, folder: prod}]",
    );
    let mut browser = Browser::of_owner(&live);
    let page = browser.get(&at("users/ann"));
    let _ = browser.submit(&page, &at("users/ann/policies/attach"), &[("policy", "AdministratorAccess")]);
    let path = at("explain?principal=user&name=ann&action=ram:CreateUser");
    assert_eq!(browser.get(&path).text("verdict"), "Allowed");
    let words =
        json!({"attachControlPolicy": {"account": "company", "policy": "no-new-users", "folder": "prod"}});
    assert_eq!(live.control("POST", "/worlds/default/commands", &words.to_string()).0, 200);

    let page = browser.get(&path);

    assert_eq!(page.text("verdict"), "Denied", "{}", page.body);
    assert!(
        page.text("reason").starts_with("explicit deny: by control policy no-new-users"),
        "{}",
        page.body
    );
    assert!(page.body.contains("no-new-users (ResourceDirectoryTarget)"), "{}", page.body);
}

#[test]
fn a_list_shows_a_hundred_users_a_page_and_is_searched() {
    let mut users = String::new();
    for number in 0..250 {
        write!(users, ", {{name: user-{number:03}}}").unwrap();
    }
    let live = live_with(&format!(
        "- {{name: crowd, uid: 1000000000000003, email: crowd@example.com, security: {{password: Passw0rd!}}, users: [{}]}}",
        users.trim_start_matches(", ")
    ));
    let mut browser = Browser::of(&live);
    browser.log_in("crowd@example.com", "Passw0rd!");
    let mut page = browser.get(&at("users"));
    let mut counts = Vec::new();
    loop {
        counts.push(page.body.matches("data-testid=\"open\"").count());
        if !page.has("next-page") {
            break;
        }
        let to =
            page.body.split("data-testid=\"next-page\"").next().unwrap().rsplit("href=\"").next().unwrap();
        page = browser.get(&to.split('"').next().unwrap().replace("&#38;", "&"));
    }
    assert_eq!((counts, page.has("first-page")), (vec![100, 100, 50], true));
    let found = browser.get(&at("users?q=USER-24"));
    assert_eq!(found.body.matches("data-testid=\"open\"").count(), 10, "{}", found.body);
    assert!(browser.get(&at("users?from=x")).has("next-page"), "a number that is none begins at the start");
}

#[test]
fn a_ram_user_has_no_pages_of_ram_and_nobody_sees_another_account() {
    let live = live_with(MORE);
    let mut ann = Browser::of(&live);
    ann.log_in("ann@1000000000000002.onaliyun.com", "Secret-0001");
    let pages = [
        "users",
        "users/ann",
        "users/ann/keys",
        "groups",
        "policies",
        "roles",
        "roles/app",
        "sessions",
        "explain",
        "new-user",
    ];
    for page in pages {
        assert_eq!(ann.get(&at(page)).status, 404, "{page}");
    }
    let home = ann.get("/_alimock/console/");
    assert!(!home.has("nav-ram"), "{}", home.body);
    let csrf = format!("csrf={}&user-name=x", home.csrf());
    assert_eq!(ann.send("POST", &at("new-user"), "", &csrf).status, 404);
    let mut nobody = Browser::of(&live);
    for page in pages {
        let page = nobody.get(&at(page));
        assert_eq!((page.status, page.has("login-form")), (401, true), "{}", page.at);
    }
}

#[test]
fn pages_of_ram_open_at_the_host_and_paths_of_the_real_console() {
    let live = live_with(MORE);
    let mut browser = Browser::of_owner(&live);
    "ram.console.aliyun.com".clone_into(&mut browser.host);
    for (path, id) in [
        ("/", "users"),
        ("/users", "users"),
        ("/users/ann", "edit-form"),
        ("/users/ann@1000000000000002.onaliyun.com", "edit-form"),
        ("/users/create", "user-form"),
        ("/groups", "groups"),
        ("/groups/staff", "member-form"),
        ("/policies", "policies"),
        ("/policies/new", "policy-form"),
        ("/policies/ReadOnlyAccess/System/content", "document-text"),
        ("/roles", "roles"),
        ("/roles/app", "trust"),
        ("/manage/ak", "keys"),
    ] {
        let page = browser.get(path);
        assert_eq!((page.status, page.has(id)), (200, true), "{path}: {}", page.body);
    }
    assert_ne!(browser.get("/nothing").status, 200);
}
