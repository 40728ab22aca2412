//! OAuth applications, their secrets and installations. Source: docs/evidence/ims.md 4.12.

use crate::support::{Actor, Lab, field_texts};
use alimock::Scenario;
use alimock::scenario::Export;
use insta::assert_snapshot;
use serde_json::{Value, json};

const ACCOUNTS: &str = "
accounts:
  - {name: demo, uid: 1234567890123456, keys: [{}]}
  - {name: vendor, uid: 1987654321098765, keys: [{}]}
  - {name: abroad, site: intl, keys: [{}]}
";

fn create(who: &Actor, more: &[(&str, &str)]) -> Value {
    let mut params = std::collections::BTreeMap::from([
        ("AppName", "crm"),
        ("DisplayName", "Customers"),
        ("AppType", "WebApp"),
    ]);
    params.extend(more.iter().copied());
    who.ims("CreateApplication", &params.into_iter().collect::<Vec<_>>()).assert_ok()["Application"].clone()
}

fn id(application: &Value) -> [(&str, &str); 1] {
    [("AppId", application["AppId"].as_str().unwrap())]
}

#[test]
fn an_application_has_the_defaults_of_its_type() {
    let lab = Lab::with_scenario(ACCOUNTS);
    let root = lab.root("demo");

    let params = [
        ("AppName", "crm"),
        ("DisplayName", "Customers"),
        ("AppType", "WebApp"),
        ("SecretRequired", "false"),
    ];
    assert_snapshot!(root.ims("CreateApplication", &params).one_field_a_line(), @r#"
    {
    "RequestId":"55A79700-8E4E-5E8D-8F2F-0E6B236A007F",
    "Application":{
    "AppId":"4013649033287488467",
    "AppName":"crm",
    "DisplayName":"Customers",
    "AppType":"WebApp",
    "AccountId":"1234567890123456",
    "ProtocolVersion":"2.0",
    "IsMultiTenant":false,
    "SecretRequired":true,
    "AccessTokenValidity":3600,
    "RefreshTokenValidity":2592000,
    "RedirectUris":{
    "RedirectUri":[]},
    "DelegatedScope":{
    "PredefinedScopes":{
    "PredefinedScope":[{
    "Name":"openid",
    "Description":"用于获取用户的OpenID(默认权限范围,不可移除)",
    "Required":true}]}},
    "CreateDate":"2026-11-22T08:00:00Z",
    "UpdateDate":"2026-11-22T08:00:00Z"}}
    "#);

    for (kind, refresh, multi_tenant, secret) in [
        ("NativeApp", 7_776_000, true, false),
        ("ServerApp", 2_592_000, true, true),
        ("WebApp", 2_592_000, false, true),
    ] {
        let made = create(&root, &[("AppType", kind)]);
        let found = (&made["RefreshTokenValidity"], &made["IsMultiTenant"], &made["SecretRequired"]);
        assert_eq!(found, (&json!(refresh), &json!(multi_tenant), &json!(secret)), "{kind}");
        assert_eq!(made["AppId"].as_str().unwrap().len(), 19);
    }
}

fn scopes(application: &Value) -> Vec<(String, bool)> {
    let all = application["DelegatedScope"]["PredefinedScopes"]["PredefinedScope"].as_array().unwrap();
    all.iter().map(|one| (one["Name"].as_str().unwrap().to_owned(), one["Required"] == true)).collect()
}

#[test]
fn scopes_are_replaced_as_a_whole_and_openid_stays() {
    let lab = Lab::with_scenario(ACCOUNTS);
    let root = lab.root("demo");
    let made = create(&root, &[("PredefinedScopes", "profile;aliuid"), ("RequiredScopes", "aliuid")]);
    let named = |name: &str, required| (name.to_owned(), required);
    assert_eq!(scopes(&made), [named("openid", true), named("aliuid", true), named("profile", false)]);
    let [app] = id(&made);

    let changed = root.ims(
        "UpdateApplication",
        &[app, ("NewPredefinedScopes", "profile"), ("NewRequiredScopes", "profile")],
    );

    assert_eq!(scopes(&changed.assert_ok()["Application"]), [named("openid", true), named("profile", true)]);
    let kept = root.ims("UpdateApplication", &[app, ("NewDisplayName", "Sales")]).assert_ok();
    assert_eq!(
        (scopes(&kept["Application"]).len(), &kept["Application"]["DisplayName"]),
        (2, &json!("Sales"))
    );
    let cleared = root.ims("UpdateApplication", &[app, ("NewPredefinedScopes", "")]).assert_ok();
    assert_eq!(scopes(&cleared["Application"]), [named("openid", true)]);
}

#[test]
fn the_scopes_of_a_type_are_listed_in_the_language_of_the_site() {
    let lab = Lab::with_scenario(ACCOUNTS);
    let list = |account: &str, params: &[(&str, &str)]| {
        let reply = lab.root(account).ims("ListPredefinedScopes", params).assert_ok();
        reply["PredefinedScopes"]["PredefinedScope"].as_array().unwrap().clone()
    };

    let server = list("demo", &[("AppType", "ServerApp")]);

    assert_eq!(field_texts(&server, "Name"), ["openid", "/acs/scim"]);
    assert_eq!(server[0]["Description"], "用于获取用户的OpenID(默认权限范围,不可移除)");
    assert!(list("abroad", &[])[0]["Description"].as_str().unwrap().starts_with("Obtain the OpenID"));
    assert!(list("demo", &[]).len() > list("demo", &[("AppType", "WebApp")]).len());
}

#[test]
fn a_secret_can_be_read_until_it_is_deleted() {
    let lab = Lab::with_scenario(ACCOUNTS);
    let root = lab.root("demo");
    let made = create(&root, &[]);
    let [app] = id(&made);
    let secret = root.ims("CreateAppSecret", &[app]).assert_ok()["AppSecret"].clone();
    assert_eq!(secret["AppSecretValue"].as_str().unwrap().len(), 64);
    let one = [app, ("AppSecretId", secret["AppSecretId"].as_str().unwrap())];

    assert_eq!(root.ims("GetAppSecret", &one).assert_ok()["AppSecret"], secret);

    let listed = root.ims("ListAppSecretIds", &[app]).assert_ok()["AppSecrets"]["AppSecret"].clone();
    assert_eq!(listed[0].get("AppSecretValue"), None);
    root.ims("DeleteAppSecret", &one).assert_ok();
    root.ims("GetAppSecret", &one).assert_refused(404, "EntityNotExist.Application.AppSecret");
    assert_eq!(root.ims("ListAppSecretIds", &[app]).assert_ok()["AppSecrets"]["AppSecret"], json!([]));
    root.ims("DeleteApplication", &[app]).assert_ok();
    assert_eq!(root.ims("ListApplications", &[]).assert_ok()["Applications"]["Application"], json!([]));
}

#[test]
fn another_account_installs_an_application_until_it_is_deleted() {
    let lab = Lab::with_scenario(ACCOUNTS);
    let (root, vendor) = (lab.root("demo"), lab.root("vendor"));
    let made = create(&vendor, &[("AppType", "NativeApp"), ("PredefinedScopes", "aliuid;profile")]);
    let [app] = id(&made);

    let installed = root.ims("ProvisionExternalApplication", &[app, ("Scopes", "aliuid")]).assert_ok();

    let installed = &installed["ExternalApplication"];
    assert_eq!(
        (&installed["TenantId"], &installed["AppPrincipalName"], &installed["CreateDate"]),
        (
            &json!("1234567890123456"),
            &json!("crm@app.1987654321098765.onaliyun.com"),
            &json!("1795334400000")
        )
    );
    lab.advance_clock("1m");
    let again = root.ims("ProvisionExternalApplication", &[app]).assert_ok()["ExternalApplication"].clone();
    assert_eq!(
        (&again["CreateDate"], &again["UpdateDate"]),
        (&json!("1795334400000"), &json!("1795334460000"))
    );
    assert_eq!(scopes(&again), [("openid".to_owned(), false)]);
    let count = |action: &str, list: &str, item: &str, params: &[(&str, &str)]| {
        root.ims(action, params).assert_ok()[list][item].as_array().unwrap().len()
    };
    let infos = |source: &str| {
        let (list, item) = ("ApplicationProvisionInfos", "ApplicationProvisionInfo");
        count("ListApplicationProvisionInfos", list, item, &[("SourceType", source)])
    };
    let external = || count("ListExternalApplications", "ExternalApplications", "ExternalApplication", &[]);
    assert_eq!((infos("external"), infos("inner"), external()), (1, 0, 1));
    assert_eq!(
        root.ims("GetApplicationProvisionInfo", &[app]).assert_ok()["ApplicationProvisionInfo"]["NeedPrincipalConsent"],
        true
    );
    vendor.ims("DeleteApplication", &[app]).assert_ok();
    assert_eq!((infos("external"), external()), (0, 0));
    root.ims("GetExternalApplication", &[app]).assert_refused(404, "EntityNotExist.Application");
}

#[test]
fn a_scenario_writes_applications_and_an_export_has_them_again() {
    let text = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    installedApplications: [{application: vendor/shop, scopes: [aliuid]}]
  - name: vendor
    keys: [{}]
    applications:
      - {name: shop, type: NativeApp, scopes: [aliuid, profile], requiredScopes: [profile], accessTokensLast: 15m}
      - {name: sync, displayName: Sync, type: ServerApp, id: "4030000000000000001", scopes: [/acs/scim], secrets: [{}, {id: two, value: fixed}]}
    installedApplications: [{application: "4030000000000000001"}]
"#;
    let lab = Lab::with_scenario(text);
    let exported = Export::present(lab.world()).yaml();

    let again =
        Lab::with_seed(&Scenario::parse(&exported).unwrap_or_else(|error| panic!("{error}\n{exported}")));

    assert_eq!(Export::present(again.world()).yaml(), exported);
    for (account, action) in [
        ("vendor", "ListApplications"),
        ("vendor", "ListApplicationProvisionInfos"),
        ("demo", "ListExternalApplications"),
    ] {
        let of = |lab: &std::sync::Arc<Lab>| {
            let mut reply = lab.root(account).ims(action, &[]).assert_ok();
            reply["RequestId"] = json!(null);
            reply
        };
        assert_eq!(of(&again), of(&lab), "{exported}");
        assert!(of(&lab).to_string().contains("AppId"), "{action}");
    }
    let secret = [("AppId", "4030000000000000001"), ("AppSecretId", "two")];
    let reply = again.root("vendor").ims("GetAppSecret", &secret).assert_ok();
    assert_eq!(reply["AppSecret"]["AppSecretValue"], "fixed");
}

#[test]
fn applications_that_can_never_work_are_mistakes_of_the_file() {
    for (lines, expected) in [
        (
            "applications: [{name: a, type: WebApp, scopes: [nosuch]}]",
            "scopes of this type are openid, aliuid",
        ),
        ("applications: [{name: a, type: WebApp, requiredScopes: [aliuid]}]", "are among `scopes`"),
        ("applications: [{name: a, type: WebApp, id: '12'}]", "an id has 19 digits"),
        ("applications: [{name: a, type: WebApp, accessTokensLast: 1m}]", "is between 15m and 3h"),
        (
            "applications: [{name: a, type: WebApp, secrets: [{}, {}, {}]}]",
            "an OAuth application has two secrets at most",
        ),
        ("installedApplications: [{application: demo/a}]", "no application is `demo/a`"),
        ("userSso: {enabled: true, metadata: <a/>}", "the metadata cannot be read"),
    ] {
        let text = format!("accounts:\n  - name: demo\n    {lines}\n");
        let error = Scenario::parse(&text).map(drop).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
