//! A world written down as a scenario, and what planting that gives.

use crate::support::live::Live;
use crate::support::{Actor, FrozenClocks, Lab, policy_document};
use alimock::Scenario;
use alimock::scenario::{Export, library};
use proptest::prelude::*;
use std::sync::Arc;

fn export_as_yaml(lab: &Lab) -> String {
    Export::present(lab.world()).yaml()
}

/// Another server, started with what was written down.
#[track_caller]
fn start_from_export(text: &str) -> Arc<Lab> {
    Lab::with_seed(&Scenario::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}")))
}

/// Everybody who has a key of `lab`: accounts, users and sessions.
fn actors(lab: &Arc<Lab>) -> Vec<Actor> {
    let state = lab.world().state();
    let keys = state.keys().map(|key| lab.actor(key.id.as_str(), key.material.secret()));
    // Deleting a role voids its sessions.
    let sessions = state.sessions().filter(|one| state.credential(one.id.as_str()).is_some());
    let sessions = sessions.map(|session| {
        lab.actor(session.id.as_str(), session.material.secret()).with_token(session.token.reveal())
    });
    keys.chain(sessions).collect()
}

/// All that the accounts of a world show of themselves, and who each key is.
fn read_all_accounts(lab: &Arc<Lab>) -> Vec<String> {
    let mut seen = Vec::new();
    let mut note = |who: &Actor, action: &str, params: &[(&str, &str)]| {
        let reply = who.ram(action, params);
        seen.push(format!("{action} {params:?} {} {}", reply.status, reply.body));
    };
    let state = lab.world().state();
    for account in state.accounts.values() {
        let Some(key) = account.keys.iter().next() else { continue };
        let root = lab.actor(key.id.as_str(), key.material.secret());
        for action in ["ListUsers", "ListGroups", "ListRoles", "GetAccountAlias"] {
            note(&root, action, &[]);
        }
        for action in ["GetPasswordPolicy", "GetSecurityPreference", "ListVirtualMFADevices"] {
            note(&root, action, &[]);
        }
        for (_, user) in account.users.iter() {
            for action in ["GetUser", "ListAccessKeys", "ListGroupsForUser", "ListPoliciesForUser"] {
                note(&root, action, &[("UserName", user.name.as_str())]);
            }
        }
        for (_, group) in account.groups.iter() {
            for action in ["GetGroup", "ListUsersForGroup", "ListPoliciesForGroup"] {
                note(&root, action, &[("GroupName", group.name.as_str())]);
            }
        }
        for (_, role) in account.roles.iter() {
            for action in ["GetRole", "ListPoliciesForRole"] {
                note(&root, action, &[("RoleName", role.name.as_str())]);
            }
            note(
                &root,
                "ListTagResources",
                &[("ResourceType", "role"), ("ResourceNames.1", role.name.as_str())],
            );
        }
        note(&root, "ListPolicies", &[("PolicyType", "Custom"), ("MaxItems", "1000")]);
        for (_, policy) in account.policies.iter() {
            let of_policy = [("PolicyType", "Custom"), ("PolicyName", policy.name.as_str())];
            for action in ["GetPolicy", "ListPolicyVersions", "ListEntitiesForPolicy"] {
                note(&root, action, &of_policy);
            }
            for version in policy.versions() {
                let number = format!("v{}", version.number);
                note(&root, "GetPolicyVersion", &[&of_policy[..], &[("VersionId", &number)]].concat());
            }
        }
    }
    for actor in actors(lab) {
        let reply = actor.sts("GetCallerIdentity", &[]);
        seen.push(format!("{} {} {}", actor.key, reply.status, reply.body));
    }
    seen
}

#[test]
fn every_scenario_of_the_library_comes_back_as_the_same_world() {
    for (name, text) in library::ALL {
        let lab = Lab::with_seed(&FrozenClocks(Scenario::parse(text).unwrap()));
        let first = export_as_yaml(&lab);

        let again = start_from_export(&first);

        assert_eq!(export_as_yaml(&again), first, "{name}");
        let (here, there) = (read_all_accounts(&lab), read_all_accounts(&again));
        for (one, other) in here.iter().zip(&there) {
            assert_eq!(one, other, "{name}");
        }
        assert_eq!(here.len(), there.len(), "{name}");
    }
}

/// A world with one of everything that a file can say.
const FULL: &str = r#"
seed: 7
clock: {resource: "2026-01-01T00:00:00.250Z", gateway: "2026-11-22T08:00:00Z"}
quotas: {users: 10}
permissions: audit
propagation: {key.active: {after: 3s}, policy.attached: flapping}
sessionExpiry: {returned: 2m, enforced: 1h}
accountRules: {loginAttempts: 3, review: manual, reviewTime: 1h}
hosts: {sts.cloud.example: Sts, storage.cloud.example: Oss}
stubs: [{product: CS, method: GET, path: "/inventory/*"}, {product: CS, path: /teams, action: ListTeams, body: {teams: []}}]
gates:
  - {product: Ecs, region: mainland, action: "Run*", requires: [activated, verified]}
  - {site: intl, requires: []}
accounts:
  - {name: zulu, uid: 1999999999999999, isPartner: true, keys: [{}]}
  - name: shop
    uid: 1234567890123456
    site: intl
    partner: zulu
    loginName: shop@example.com
    email: shop@example.com
    mobile: 65-12345678
    country: MY
    realName: {status: REJECTED, subject: personal, name: "Lee: a 'person'", documentType: "0", country: MY, expires: +240h, code: BLUR, reason: "The scan # is blurred."}
    state: {status: ARREARS, balance: -12.34, creditLine: 5.5, shutdownPolicy: noStop, holds: [LOGIN, PURCHASES]}
    security:
      mfa: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
      ipMask: {enabled: true, networks: [10.0.0.0/8, 192.168.1.1]}
      sessionExpires: 2h
      mobileLogin: true
      protection: {level: high, verifyType: mfa}
    details: {NickName: "- lee", City: ""}
    services: {dataworks-public: {activated: "false", edition: "1e3"}, sls: {activated: "true"}}
    labels: [{series: vip, name: gold, until: +1h}, {series: vip, name: silver}]
    instances:
      - {product: ecs, type: vm, months: 2, region: ap-southeast-1, id: i-one, order: 7, clientToken: once, parameters: "x=1", price: 200, bought: -3h}
      - {product: oss, released: -1h, bought: -2h}
    allowUserToManageAccessKeys: true
    securityPreference: {allowUserToChangePassword: false, loginNetworkMasks: 10.0.0.0/8, loginSessionDuration: 2}
    passwordPolicy: {minimumLength: 12, numbers: true}
    keys:
      - {id: LTAI5tShopRootKey00001, secret: shopRootSecret}
      - id: LTAI5tShopRootKey00002
        status: Inactive
        leaked: true
        publicKey: |
          -----BEGIN PUBLIC KEY-----
          MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAxEw8YrS0k+p315N07owo
          RiO8WFSrNWWAJBffU33KGZtnEmA9FJDaJLPpOJbnkYBJlihc0evjG3g45gTTsaFf
          1jny/BIoPsK9Mgtuc8/7uQnYRuTpaC/43iOfXsYiSk5Iuy/4XVU8cAAe/lx2cTTU
          wSeH2NTddH7eOBaLDAY7CupyrcCMjyTKQ7SaibLdk5OzoR0yhXM9S/0OxeBOQHGv
          tRe1kAm3ghPGQFfH4wjzvmgfXtDHFNpkZkCdLE2UAi6+DHUFCJ7LZgpCNCWNNYRM
          ayNAMf2IJcxs43ZZLHhEzlW0QMN8sfrjfm20NkXDX2emmOscHsvo5ZjN0feWRF9t
          2QIDAQAB
          -----END PUBLIC KEY-----
    bearerTokens: [shop-bearer]
    alias: shop
    policies:
      - name: ReadUsers
        description: "yes"
        version: 3
        document: {Version: "1", Statement: [{Effect: Allow, Action: ["ram:Get*", "ram:List*"], Resource: "*"}]}
        otherVersions:
          - {version: 1, document: "{\n  \"Version\": \"1\",\n  \"Statement\": [{\"Effect\": \"Deny\", \"Action\": \"*\", \"Resource\": \"*\"}]\n}\n"}
        tags: {team: red, empty: ""}
      - {name: ReadOnlyAccess, document: {Version: "1", Statement: [{Effect: Deny, Action: "*", Resource: "*"}]}}
    groups: [{name: Readers, comments: "all\nwho read ", policies: [ReadUsers], resourceGroups: {rg-one: [ReadUsers], rg-two: [ReadUsers]}}]
    users:
      - name: ci
        displayName: "1e3"
        mobilePhone: 86-13900000000
        email: ci@example.com
        comments: "- runs: everything"
        mfa: {seed: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ}
        groups: [Readers]
        policies: ["acs:ram::system:policy/ReadOnlyAccess", ReadOnlyAccess]
        loginProfile: {passwordResetRequired: true, mfaBindRequired: true, status: Inactive}
        created: -400d
        lastLogin: -90m
        keys: [{created: -100d, lastUsed: 2025-12-31T23:00:00.5Z, lastUsedService: Ecs}, {status: Inactive}]
        bearerTokens: [ci-bearer]
    roles:
      - {name: AliyunServiceRoleForAutoScaling_x, service: ess.aliyuncs.com, description: for scaling}
      - name: deploy
        trust: {RAM: [user/ci], Federated: [oidc-provider/pipelines]}
        maxSession: 2h
        allowConsoleLogin: false
        policies: [AliyunRAMReadOnlyAccess]
        tags: {team: blue}
        sessions:
          - {name: night, expires: 1h, enforcedExpires: 5m, sourceIdentity: alice, policy: {Version: "1", Statement: [{Effect: Allow, Action: "sts:*", Resource: "*"}]}}
          - {name: over, expires: -1h}
      - {name: open}
      - {name: service, trust: {Service: [ecs.aliyuncs.com]}}
      - name: odd
        trust: {Version: "1", Statement: [{Effect: Allow, Action: "sts:*", Principal: {RAM: "*"}}]}
    oidcProviders:
      - {name: pipelines, clientIds: [sts.aliyuncs.com, other], issuanceLimit: 1h, trusted: false}
      - {name: elsewhere, clientIds: [a], issuer: "https://idp.example.com", certificate: aa, fingerprints: [aa, bb]}
    samlProviders: [{name: corp}, {name: broken, metadata: <x/>, readable: false}]
    projects: [{name: shop_data, members: [ci, role/deploy]}, {name: shop_private}]
    buckets: [{name: shop-data}, {name: shop-logs, region: cn-beijing, acl: public-read, storageClass: IA, redundancy: ZRS}]
faults:
  - name: a busy afternoon
    match: {user: ci}
    when: {between: [+10s, "2026-06-01T00:00:00Z"], probability: 0.25}
    do: {error: {code: Throttling.User}, delay: 200ms, jitter: 1m30s}
  - {match: {key: LTAI5tOldKey}, enabled: false, do: {skew: -20m}}
timeline:
  - {at: +5m, do: {disableKey: {user: ci, account: shop, index: 0}}}
  - {at: "2026-01-02T00:00:00Z", do: {setState: {account: shop, status: NORMAL}}}
"#;

#[test]
fn a_world_with_one_of_everything_comes_back_as_the_same_world() {
    let lab = start_from_export(FULL);
    let first = export_as_yaml(&lab);

    let again = start_from_export(&first);

    assert_eq!(export_as_yaml(&again), first);
    assert_eq!(read_all_accounts(&lab), read_all_accounts(&again));
    assert!(first.starts_with("# yaml-language-server: $schema=alimock.schema.json\nseed: 7\n"), "{first}");
    insta::assert_snapshot!(first);
}

#[test]
fn changes_to_a_world_appear_in_its_export() {
    let lab = Lab::new();
    let root = lab.root("demo");
    root.ram("CreateUser", &[("UserName", "alice"), ("Comments", "new")]).assert_ok();
    let key = root.create_key(&[("UserName", "alice")]);
    root.ram(
        "AttachPolicyToUser",
        &[("UserName", "alice"), ("PolicyType", "System"), ("PolicyName", "ReadOnlyAccess")],
    )
    .assert_ok();
    lab.advance_clock("90s");

    let again = start_from_export(&export_as_yaml(&lab));

    let alice = again.actor(&key.key, &key.secret);
    alice.ram("ListUsers", &[]).assert_ok();
    alice.ram("CreateUser", &[("UserName", "bob")]).assert_refused(403, "NoPermission");
    assert_eq!(again.world().clock.now(), lab.world().clock.now());
}

#[test]
fn ids_that_were_made_before_are_not_made_again() {
    let lab = Lab::new();
    let root = lab.root("demo");
    root.ram("CreateUser", &[("UserName", "alice")]).assert_ok();
    let first = root.create_key(&[("UserName", "alice")]);
    let second = root.create_key(&[("UserName", "alice")]);
    root.ram("DeleteAccessKey", &[("UserName", "alice"), ("UserAccessKeyId", &first.key)]).assert_ok();

    // The third key that is made there has the number of the second one here.
    let again = start_from_export(&export_as_yaml(&lab));
    let made = again.root("demo").create_key(&[("UserName", "alice")]);

    assert_ne!(made.key, second.key);
    made.sts("GetCallerIdentity", &[]).assert_ok();
    again.actor(&second.key, &second.secret).sts("GetCallerIdentity", &[]).assert_ok();
}

#[test]
fn running_clocks_and_time_spans_continue_after_an_export() {
    let lab = start_from_export(&format!(
        "clock: {{resource: '2026-01-01T00:00:00Z'}}\naccounts: [{{name: demo, roles: [{{name: r, sessions: [{{name: s, expires: 1h}}]}}]}}]\n{}",
        "faults: [{when: {between: [+10s, +70s]}, do: {delay: 1s}}]\ntimeline: [{at: +5m, do: {revokeSessions: {}}}]"
    ));
    lab.advance_clock("30s");

    let text = export_as_yaml(&lab);

    for line in ["expires: 59m30s", "- -20s", "- +40s", "at: +4m30s", "resource: \"2026-01-01T00:00:30Z\""] {
        assert!(text.contains(line), "no `{line}`: {text}");
    }
    assert!(!text.contains("rule-1"), "a name that nobody gave: {text}");
}

#[test]
fn a_verified_account_that_applies_for_more_stays_verified() {
    let live = Live::with_scenario(
        Scenario::parse("accounts: [{name: demo, uid: 1234567890123456, realName: {status: VERIFIED, subject: personal}}]")
            .unwrap(),
    );
    let path = "/worlds/default/accounts/1234567890123456/real-name";
    let body = r#"{"subject":"enterprise","method":"document","name":"Walk Ltd","documentNumber":"91330000MA27WALKLT"}"#;
    assert_eq!(live.control("POST", path, body).0, 202);

    let export = live.control("GET", "/worlds/default/export?format=json", "").1;

    let record = &export["accounts"][0]["realName"];
    assert_eq!((&record["status"], &record["subject"]), (&"VERIFIED".into(), &"personal".into()));
}

#[test]
fn the_control_api_exports_a_world_as_yaml_and_as_json() {
    let live = Live::start();
    let get = |query: &str| {
        let request = format!(
            "GET /_alimock/worlds/default/export{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        );
        let answer = live.send_bytes(request.as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.to_owned())
    };

    let (head, yaml) = get("");
    let (json_head, json) = get("?format=json");

    assert!(head.contains("content-type: application/yaml"), "{head}");
    assert!(json_head.contains("content-type: application/json"), "{json_head}");
    assert!(yaml.starts_with("# yaml-language-server"), "{yaml}");
    for text in [&yaml, &json] {
        let world = Live::with_scenario(Scenario::parse(text).unwrap());
        assert_eq!(world.control("GET", "/worlds/default/export?format=json", "").1.to_string(), {
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            value.to_string()
        });
    }
    let (status, refused) = live.control("GET", "/worlds/default/export?format=toml", "");
    assert_eq!((status, &refused["error"]["code"]), (400, &"invalid_format".into()));
}

/// Does something to a world, by the number of what; whether it may be done is its affair.
fn do_something(lab: &Arc<Lab>, what: u8, which: u8, other: u8) {
    let root = lab.root("demo");
    let pick = |stem: &str, number: u8| format!("{stem}{}", number % 3);
    let (user, group, role) = (pick("user", which), pick("group", which), pick("role", which));
    let (custom, second) = (pick("policy", other), pick("group", other));
    let texts =
        ["- x: y", "yes", "1e3", "# no", "multi\nline ", "'\"", " pad", "~", "{a}", "*all", "0x1f", "ü→"];
    let text = texts[usize::from(other) % texts.len()];
    let number = format!("v{}", other % 4 + 1);
    let document = policy_document(["Allow", "Deny"][usize::from(which % 2)], "ecs:*");
    let of_custom = [("PolicyType", "Custom"), ("PolicyName", custom.as_str())];
    let of_system = [("PolicyType", "System"), ("PolicyName", "ReadOnlyAccess")];
    let policy = if other.is_multiple_of(2) { of_custom } else { of_system };
    let (action, params): (&str, Vec<(&str, &str)>) = match what % 22 {
        0 => ("CreateUser", vec![("UserName", &user), ("Comments", text), ("DisplayName", text)]),
        1 => ("DeleteUser", vec![("UserName", &user)]),
        2 => ("UpdateUser", vec![("UserName", &user), ("NewUserName", "renamed"), ("NewComments", text)]),
        3 => ("CreateAccessKey", vec![("UserName", &user)]),
        4 => ("CreateGroup", vec![("GroupName", &group), ("Comments", text)]),
        5 => ("AddUserToGroup", vec![("UserName", &user), ("GroupName", &second)]),
        6 => ("RemoveUserFromGroup", vec![("UserName", &user), ("GroupName", &second)]),
        7 => ("CreatePolicy", vec![of_custom[1], ("PolicyDocument", &document), ("Description", text)]),
        8 => (
            "CreatePolicyVersion",
            vec![
                of_custom[1],
                ("PolicyDocument", &document),
                ("SetAsDefault", ["true", "false"][usize::from(which % 2)]),
            ],
        ),
        9 => ("DeletePolicyVersion", vec![of_custom[1], ("VersionId", &number)]),
        10 => ("SetDefaultPolicyVersion", vec![of_custom[1], ("VersionId", &number)]),
        11 => ("AttachPolicyToUser", vec![("UserName", &user), policy[0], policy[1]]),
        12 => ("DetachPolicyFromUser", vec![("UserName", &user), policy[0], policy[1]]),
        13 => ("AttachPolicyToGroup", vec![("GroupName", &group), policy[0], policy[1]]),
        14 => ("AttachPolicyToRole", vec![("RoleName", &role), policy[0], policy[1]]),
        15 => (
            "CreateRole",
            vec![
                ("RoleName", &role),
                ("AssumeRolePolicyDocument", TRUST),
                ("Description", text),
                ("MaxSessionDuration", "7200"),
            ],
        ),
        16 => ("DeleteRole", vec![("RoleName", &role)]),
        17 => (
            "TagResources",
            vec![
                ("ResourceType", "role"),
                ("ResourceNames.1", &role),
                ("Tag.1.Key", text),
                ("Tag.1.Value", text),
            ],
        ),
        18 => ("SetAccountAlias", vec![("AccountAlias", &group)]),
        19 => ("SetPasswordPolicy", vec![("MinimumPasswordLength", "14"), ("RequireNumbers", "true")]),
        20 => (
            "SetSecurityPreference",
            vec![("AllowUserToChangePassword", "false"), ("AllowUserToManageAccessKeys", "true")],
        ),
        _ => return assume(lab, &role),
    };
    let _ = root.ram(action, &params);
}

const TRUST: &str =
    r#"{"Version":"1","Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"RAM":["*"]}}]}"#;

fn assume(lab: &Arc<Lab>, role: &str) {
    let arn = format!("acs:ram::{}:role/{role}", lab.uid("demo"));
    let params = [
        ("RoleArn", arn.as_str()),
        ("RoleSessionName", "job"),
        (
            "Policy",
            r#"{"Version": "1", "Statement": [{"Effect": "Allow", "Action": "ram:*", "Resource": "*"}]}"#,
        ),
    ];
    let _ = lab.user("demo", "ci").sts("AssumeRole", &params);
    lab.advance_clock("7m");
}

/// The same without what a file cannot say: ids of entities and when they were made.
fn without_ids_and_dates(seen: Vec<String>) -> Vec<String> {
    let mask = |line: String| {
        let mut parts: Vec<&str> = line.split(',').collect();
        let unsaid = ["UserId", "GroupId", "RoleId", "PrincipalId", "RequestId", "Date", "requestId"];
        parts.retain(|part| {
            !unsaid
                .iter()
                .any(|name| part.contains(&format!("{name}\":")) || part.contains(&format!("{name}=")))
        });
        parts.join(",")
    };
    seen.into_iter().map(mask).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn a_world_survives_an_export_after_any_operations(steps in proptest::collection::vec(any::<(u8, u8, u8)>(), 0..60)) {
        let lab = Lab::with_scenario("accounts: [{name: demo, keys: [{}], users: [{name: ci, keys: [{}], policies: [AliyunSTSAssumeRoleAccess]}]}]");
        for (what, which, other) in steps {
            do_something(&lab, what, which, other);
        }
        let first = export_as_yaml(&lab);

        let again = start_from_export(&first);

        prop_assert_eq!(export_as_yaml(&again), first);
        prop_assert_eq!(without_ids_and_dates(read_all_accounts(&again)), without_ids_and_dates(read_all_accounts(&lab)));
    }
}

/// A world in which everything that a difference can be about happens after a snapshot.
fn start_with_changes() -> Live {
    let scenario = "clock: {resource: '2026-01-01T00:00:00Z'}
accounts:
  - name: demo
    uid: 1234567890123456
    policies: [{name: ReadUsers, document: {Version: '1', Statement: [{Effect: Allow, Action: 'ram:List*', Resource: '*'}]}}]
    users: [{name: ci, keys: [{id: LTAI5tCiKey0000000001, secret: first}], policies: [ReadUsers, ReadOnlyAccess]}, {name: dev}]
    roles: [{name: deploy, sessions: [{name: job, id: STS.NJob00000000001, secret: s, token: t, expires: 1h}]}]
faults: [{name: slow, match: {action: ListUsers}, do: {delay: 1s}}, {match: {user: ci}, do: {delay: 2s}}]
timeline: [{at: +5m, do: {setState: {status: ARREARS, balance: -1}}}]";
    let live = Live::with_scenario(Scenario::parse(scenario).unwrap());
    let post = |path: &str, body: &str| {
        let (status, answer) = live.control("POST", &format!("/worlds/default{path}"), body);
        assert!((200..300).contains(&status), "{answer}");
    };
    post("/snapshots/before", "");
    post("/commands", r#"{"disableKey": {"user": "ci"}}"#);
    post("/commands", r#"{"detachPolicy": {"user": "ci", "policy": "ReadUsers"}}"#);
    post("/accounts/1234567890123456/access-keys", r#"{"user": "dev"}"#);
    post("/clock/advance", r#"{"by": "10m"}"#);
    assert_eq!(live.control("DELETE", "/worlds/default/faults/1", "").0, 204);
    live
}

#[test]
fn a_difference_tells_what_is_new_what_is_gone_and_what_is_another() {
    let live = start_with_changes();
    let diff = |query: &str| live.control("GET", &format!("/worlds/default/diff{query}"), "").1;

    let since_seed = diff("");

    insta::assert_snapshot!(serde_json::to_string_pretty(&since_seed).unwrap());
    // Rules are no part of a snapshot: they are the present ones.
    let since_snapshot = diff("?from=before&to=now");
    let rules = |diff: &serde_json::Value| {
        let all = diff["differences"].as_array().unwrap();
        all.iter().filter(|one| one["path"].as_str().unwrap().starts_with("faults")).count()
    };
    assert_eq!((rules(&since_seed), rules(&since_snapshot)), (1, 0));
    let until_snapshot = diff("?to=before");
    assert_eq!((rules(&until_snapshot), until_snapshot["differences"].as_array().unwrap().len()), (1, 1));
    assert_eq!(diff("?from=now")["differences"], serde_json::json!([]));
    let back = diff("?from=now&to=seed");
    for (there, here) in
        back["differences"].as_array().unwrap().iter().zip(since_seed["differences"].as_array().unwrap())
    {
        assert!(there["was"] == here["is"] || there["path"] != here["path"], "{there} {here}");
    }
}

#[test]
fn a_difference_can_be_read_as_text_and_shows_no_secret() {
    let live = start_with_changes();
    let text = live.send_bytes(
        b"GET /_alimock/worlds/default/diff?format=text HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );

    let lines: Vec<_> = text.split_once("\r\n\r\n").unwrap().1.lines().collect();

    assert!(
        lines.contains(&"~ clock.resource: \"2026-01-01T00:00:00Z\" -> \"2026-01-01T00:10:00Z\""),
        "{text}"
    );
    assert!(
        lines.contains(
            &"~ accounts[demo].users[ci].keys[LTAI5tCiKey0000000001].status: \"Active\" -> \"Inactive\""
        ),
        "{text}"
    );
    assert!(lines.contains(&"- accounts[demo].users[ci].policies[ReadUsers]: \"ReadUsers\""), "{text}");
    assert!(text.contains(r#""secret":"***""#), "{text}");
}

#[test]
fn a_difference_to_an_unknown_snapshot_is_reported() {
    let live = Live::start();
    for (query, status, code) in [
        ("from=nothing", 404, "snapshot_not_found"),
        ("to=nothing", 404, "snapshot_not_found"),
        ("format=yaml", 400, "invalid_format"),
    ] {
        let (got, answer) = live.control("GET", &format!("/worlds/default/diff?{query}"), "");
        assert_eq!((got, answer["error"]["code"].as_str()), (status, Some(code)));
    }
}

/// What a YAML writer may stumble over: what it reads as something else, folds, normalizes or has to escape.
const HARD: &str = "[a-z0-9:#\\- \n\r\t'\"|>{}\u{0}\u{7}\u{85}\u{2028}\u{feff}\u{1F600}é]{1,60}|\\PC{1,100}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_text_survives_an_export(text in HARD) {
        let lab = Lab::with_scenario("accounts: [{name: demo, keys: [{}]}]");
        let document = policy_document("Allow", "*");
        let params = [("PolicyName", "p"), ("PolicyDocument", document.as_str()), ("Description", text.as_str())];
        lab.root("demo").ram("CreatePolicy", &params).assert_ok();

        let again = start_from_export(&export_as_yaml(&lab));

        let kept = again.root("demo").ram("GetPolicy", &[("PolicyType", "Custom"), ("PolicyName", "p")]).assert_ok();
        prop_assert_eq!(kept["Policy"]["Description"].as_str(), Some(text.as_str()));
    }
}
