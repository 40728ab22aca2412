//! Identity providers that IMS makes: the same that STS asks. Source: docs/evidence/ims.md 4.10 and 4.11.

use crate::federation::{NOW_SECONDS, assume_with_oidc, send_unsigned, valid_token};
use crate::support::{Actor, Lab};
use alimock::Scenario;
use alimock::federation::issuer::{self, Key, ResponseFields};
use alimock::scenario::Export;
use alimock::text::{Site, Timestamp};
use base64::{Engine, engine::general_purpose::STANDARD};
use insta::assert_snapshot;
use serde_json::json;

/// Roles that trust providers that nobody has made.
const ROLES: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    users:
      - {name: idle, keys: [{}]}
      - {name: maker, keys: [{}], policies: [OneIssuer]}
    policies:
      - name: OneIssuer
        document:
          Version: "1"
          Statement:
            - {Effect: Allow, Action: "ram:*OIDCProvider", Resource: "*", Condition: {StringEquals: {"ram:OidcIssuerUrl": "https://a.example"}}}
    roles:
      - {name: pipeline, trust: {Federated: [oidc-provider/github]}}
      - {name: staff, trust: {Federated: [saml-provider/corp]}}
  - name: other
    keys: [{}]
    oidcProviders: [{name: described, issuer: "https://b.example", clientIds: [c1], keys: KEYS}]
"#;

fn lab() -> std::sync::Arc<Lab> {
    Lab::with_scenario(&ROLES.replace("KEYS", &issuer::jwks()))
}

fn create(root: &Actor, more: &[(&str, &str)]) -> crate::support::Reply {
    let fingerprint = issuer::fingerprint();
    let mut params = std::collections::BTreeMap::from([
        ("OIDCProviderName", "github"),
        ("IssuerUrl", issuer::ISSUER),
        ("ClientIds", "sts.aliyuncs.com"),
        ("Fingerprints", fingerprint.as_str()),
    ]);
    params.extend(more.iter().copied());
    root.ims("CreateOIDCProvider", &params.into_iter().collect::<Vec<_>>())
}

#[test]
fn a_provider_is_created_shown_changed_and_deleted() {
    let lab = lab();
    let root = lab.root("demo");

    let made = create(
        &root,
        &[("ClientIds", "c1, c2,c1"), ("Description", "Pipelines"), ("Fingerprints", "AA11,bb22")],
    );

    assert_snapshot!(made.one_field_a_line(), @r#"
    {
    "RequestId":"55A79700-8E4E-5E8D-8F2F-0E6B236A007F",
    "OIDCProvider":{
    "OIDCProviderName":"github",
    "Arn":"acs:ram::1234567890123456:oidc-provider/github",
    "Description":"Pipelines",
    "IssuerUrl":"https://issuer.alimock.internal",
    "ClientIds":"c1,c2",
    "Fingerprints":"AA11,bb22",
    "IssuanceLimitTime":12,
    "CreateDate":"2026-11-22T08:00:00Z",
    "UpdateDate":"2026-11-22T08:00:00Z",
    "GmtCreate":"1795334400000",
    "GmtModified":"1795334400000"}}
    "#);
    lab.advance_clock("1h");
    let name = ("OIDCProviderName", "GitHub");
    let changed = root.ims(
        "UpdateOIDCProvider",
        &[name, ("ClientIds", "c3"), ("NewDescription", ""), ("IssuanceLimitTime", "1")],
    );
    let changed = changed.assert_ok()["OIDCProvider"].clone();
    assert_eq!(
        (
            &changed["ClientIds"],
            &changed["Description"],
            &changed["IssuanceLimitTime"],
            &changed["Fingerprints"]
        ),
        (&json!("c3"), &json!(""), &json!(1), &json!("AA11,bb22"))
    );
    assert_eq!(
        (&changed["GmtCreate"], &changed["GmtModified"]),
        (&json!("1795334400000"), &json!("1795338000000"))
    );
    assert_eq!(root.ims("GetOIDCProvider", &[name]).assert_ok()["OIDCProvider"], changed);
    let kept = root.ims("UpdateOIDCProvider", &[name, ("IssuanceLimitTime", "2")]).assert_ok();
    assert_eq!(kept["OIDCProvider"]["ClientIds"], "c3");
    let cleared = root.ims("UpdateOIDCProvider", &[name, ("ClientIds", "")]).assert_ok();
    assert_eq!(cleared["OIDCProvider"]["ClientIds"], "");
    root.ims("DeleteOIDCProvider", &[name]).assert_ok();
    root.ims("DeleteOIDCProvider", &[name]).assert_refused(404, "EntityNotExist.OIDCProvider");
    let listed = root.ims("ListOIDCProviders", &[]).assert_ok();
    assert_eq!(listed["OIDCProviders"]["OIDCProvider"], json!([]));
}

#[test]
fn a_provider_of_the_built_in_issuer_works_at_once_and_stops_when_it_is_deleted() {
    let lab = lab();
    let root = lab.root("demo");
    let token = valid_token(&json!({}));
    let assume = || assume_with_oidc(&lab, "github", &token, "pipeline", &[]);
    assume().assert_refused(401, "AuthenticationFail.NoPermission");

    create(&root, &[("IssuanceLimitTime", "1")]).assert_ok();

    let session = assume().assert_ok();
    let name = ("OIDCProviderName", "github");
    let old = valid_token(&json!({"iat": NOW_SECONDS - 3601}));
    assume_with_oidc(&lab, "github", &old, "pipeline", &[])
        .assert_refused(401, "AuthenticationFail.OIDCToken.Expired");
    root.ims("UpdateOIDCProvider", &[name, ("ClientIds", "other")]).assert_ok();
    assume().assert_refused(401, "AuthenticationFail.OIDCToken.AudienceNotMatch");
    root.ims("AddClientIdToOIDCProvider", &[name, ("ClientId", "sts.aliyuncs.com")]).assert_ok();
    assume().assert_ok();
    root.ims("DeleteOIDCProvider", &[name]).assert_ok();
    assert_eq!(
        assume().assert_refused(401, "AuthenticationFail.NoPermission"),
        "No such OIDC Provider registered."
    );
    // What was given out stays good.
    crate::sessions::actor_with_credentials(&lab, &session).sts("GetCallerIdentity", &[]).assert_ok();
}

#[test]
fn the_built_in_issuer_has_a_certificate_whose_fingerprint_must_be_registered() {
    let lab = lab();
    let root = lab.root("demo");
    let token = valid_token(&json!({}));
    let assume = || assume_with_oidc(&lab, "github", &token, "pipeline", &[]);
    create(&root, &[("Fingerprints", "902ef2deeb3c5b13ea4c3d5193629309e231ae55")]).assert_ok();
    assume().assert_refused(401, "AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch");

    let fingerprint = issuer::fingerprint().to_uppercase();
    let params = [("OIDCProviderName", "github"), ("Fingerprint", fingerprint.as_str())];
    root.ims("AddFingerprintToOIDCProvider", &params).assert_ok();

    assume().assert_ok();
    root.ims("RemoveFingerprintFromOIDCProvider", &params).assert_ok();
    assume().assert_refused(401, "AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch");
}

#[test]
fn another_issuer_has_the_keys_that_a_provider_of_the_world_describes() {
    let lab = lab();
    let root = lab.root("demo");
    create(&root, &[("IssuerUrl", "https://b.example")]).assert_ok();
    let of = |issuer: &str| valid_token(&json!({"iss": issuer}));
    assume_with_oidc(&lab, "github", &of("https://b.example"), "pipeline", &[]).assert_ok();

    root.ims("DeleteOIDCProvider", &[("OIDCProviderName", "github")]).assert_ok();
    create(&root, &[("IssuerUrl", "https://unknown.example")]).assert_ok();

    assume_with_oidc(&lab, "github", &of("https://unknown.example"), "pipeline", &[])
        .assert_refused(401, "AuthenticationFail.OIDCToken.IssuerConfigurationBroken");
}

#[test]
fn policies_can_ask_for_the_issuer() {
    let lab = lab();
    let maker = lab.user("demo", "maker");
    create(&maker, &[]).assert_refused(403, "NoPermission");

    create(&maker, &[("IssuerUrl", "https://a.example")]).assert_ok();

    maker.ims("GetOIDCProvider", &[("OIDCProviderName", "github")]).assert_ok();
    let root = lab.root("demo");
    create(&root, &[("OIDCProviderName", "two")]).assert_ok();
    maker.ims("DeleteOIDCProvider", &[("OIDCProviderName", "two")]).assert_refused(403, "NoPermission");
}

#[test]
fn pages_of_providers_join() {
    let lab = lab();
    let root = lab.root("demo");
    let document = STANDARD.encode(issuer::saml_metadata(issuer::ENTITY));
    for number in 0..5 {
        let (name, issuer) = (format!("p{number}"), format!("https://p{number}.example"));
        create(&root, &[("OIDCProviderName", &name), ("IssuerUrl", &issuer)]).assert_ok();
        let params =
            [("SAMLProviderName", name.as_str()), ("EncodedSAMLMetadataDocument", document.as_str())];
        root.ims("CreateSAMLProvider", &params).assert_ok();
    }
    for (action, list, item) in [
        ("ListOIDCProviders", "OIDCProviders", "OIDCProvider"),
        ("ListSAMLProviders", "SAMLProviders", "SAMLProvider"),
    ] {
        let first = root.ims(action, &[("MaxItems", "3")]).assert_ok();
        let marker = first["Marker"].as_str().unwrap();
        let second = root.ims(action, &[("Marker", marker)]).assert_ok();

        let names = |reply: &serde_json::Value| {
            crate::support::field_texts(reply[list][item].as_array().unwrap(), &format!("{item}Name"))
        };
        assert_eq!([names(&first), names(&second)].concat(), ["p0", "p1", "p2", "p3", "p4"], "{action}");
        assert_eq!(second["IsTruncated"], false);
    }
}

fn saml_response(provider: &str) -> String {
    let now = Timestamp::from_millis(NOW_SECONDS * 1000);
    issuer::saml_response(
        &ResponseFields {
            issuer: issuer::ENTITY,
            audience: Site::China.saml_audience(),
            recipient: Site::China.saml_recipient(),
            subject: "alice",
            role_arn: "acs:ram::1234567890123456:role/staff",
            provider_arn: provider,
            session_name: "alice",
            source_identity: None,
            issued: now,
            not_before: now,
            not_on_or_after: now.plus_millis(300_000),
        },
        Key::Published,
    )
}

#[test]
fn a_saml_provider_works_at_once_shows_its_metadata_and_stops_when_it_is_deleted() {
    let lab = lab();
    let root = lab.root("demo");
    let arn = "acs:ram::1234567890123456:saml-provider/corp";
    let response = saml_response(arn);
    let role = "acs:ram::1234567890123456:role/staff";
    let params = [("SAMLProviderArn", arn), ("RoleArn", role), ("SAMLAssertion", response.as_str())];
    let assume = || send_unsigned(&lab, "AssumeRoleWithSAML", &params);
    assume().assert_refused(404, "EntityNotExist.SAMLProvider");
    let document = STANDARD.encode(issuer::saml_metadata(issuer::ENTITY));
    let name = ("SAMLProviderName", "corp");

    root.ims("CreateSAMLProvider", &[name, ("EncodedSAMLMetadataDocument", &document)]).assert_ok();

    assume().assert_ok();
    let shown = root.ims("GetSAMLProvider", &[name]).assert_ok();
    assert_eq!(shown["SAMLProvider"]["EncodedSAMLMetadataDocument"], document.as_str());
    assert_eq!(shown["SAMLProvider"]["AuthnSignAlgo"], "rsa-sha1");
    let foreign = STANDARD.encode(issuer::saml_metadata("https://idp.example"));
    root.ims("UpdateSAMLProvider", &[name, ("NewEncodedSAMLMetadataDocument", &foreign)]).assert_ok();
    assume().assert_refused(401, "AuthenticationFail.SAMLAssertion.Invalid");
    root.ims("DeleteSAMLProvider", &[name]).assert_ok();
    assume().assert_refused(404, "EntityNotExist.SAMLProvider");
}

#[test]
fn single_sign_on_has_documented_defaults_and_keeps_what_is_not_sent() {
    let lab = lab();
    let root = lab.root("demo");
    let defaults = json!({"MetadataDocument": "", "SsoEnabled": false, "SsoLoginWithDomain": true, "AuthnSignAlgo": "rsa-sha1"});
    assert_eq!(root.ims("GetUserSsoSettings", &[]).assert_ok()["UserSsoSettings"], defaults);
    let document = STANDARD.encode(issuer::saml_metadata(issuer::ENTITY));
    let params = [
        ("SsoEnabled", "true"),
        ("MetadataDocument", document.as_str()),
        ("AuxiliaryDomain", "Example.com"),
        ("SsoLoginWithDomain", "false"),
    ];
    root.ims("SetUserSsoSettings", &params).assert_ok();

    let kept = root.ims("SetUserSsoSettings", &[("SsoEnabled", "true")]).assert_ok();

    let expected = json!({
        "MetadataDocument": document, "SsoEnabled": true, "SsoLoginWithDomain": true, "AuxiliaryDomain": "example.com",
        "AuthnSignAlgo": "rsa-sha1",
    });
    assert_eq!(kept["UserSsoSettings"], expected);
    let cleared = [("MetadataDocument", ""), ("AuxiliaryDomain", "")];
    assert_eq!(root.ims("SetUserSsoSettings", &cleared).assert_ok()["UserSsoSettings"], defaults);
}

#[test]
fn an_exported_world_has_the_providers_again() {
    let lab = lab();
    let root = lab.root("demo");
    create(&root, &[("Description", "Pipelines")]).assert_ok();
    let document = STANDARD.encode(issuer::saml_metadata("https://idp.example"));
    let params = [
        ("SAMLProviderName", "corp"),
        ("Description", "Staff"),
        ("AuthnSignAlgo", "rsa-sha256"),
        ("EncodedSAMLMetadataDocument", document.as_str()),
    ];
    root.ims("CreateSAMLProvider", &params).assert_ok();
    root.ims("SetUserSsoSettings", &[("SsoEnabled", "true"), ("MetadataDocument", &document)]).assert_ok();
    let text = Export::present(lab.world()).yaml();

    let again = Lab::with_seed(&Scenario::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}")));

    for action in ["ListOIDCProviders", "ListSAMLProviders", "GetUserSsoSettings"] {
        let of = |lab: &std::sync::Arc<Lab>| {
            let mut reply = lab.root("demo").ims(action, &[]).assert_ok();
            reply["RequestId"] = json!(null);
            reply
        };
        assert_eq!(of(&again), of(&lab), "{text}");
    }
    assert_eq!(Export::present(again.world()).yaml(), text);
    let token = valid_token(&json!({}));
    assume_with_oidc(&again, "github", &token, "pipeline", &[]).assert_ok();
}

#[test]
fn what_terraform_sent_about_providers_is_answered_and_read_back() {
    let lab = Lab::with_scenario("accounts: [{name: demo, uid: 1897304235598129, keys: [{}]}]");
    let root = lab.root("demo");
    let (mut oidc, mut saml) = (Vec::new(), Vec::new());
    for line in include_str!("../data/terraform/ims.jsonl").lines() {
        let sent: serde_json::Value = serde_json::from_str(line).unwrap();
        let call = sent["call"].as_str().unwrap();
        if !call.contains("OIDCProvider") && !call.contains("SAMLProvider") {
            continue;
        }
        let params = sent["params"].as_object().unwrap().iter();
        let params: Vec<_> = params.map(|(name, value)| (name.as_str(), value.as_str().unwrap())).collect();
        let answer = root.ims(call.strip_prefix("Ims.").unwrap(), &params).assert_ok();
        match call {
            "Ims.GetOIDCProvider" => oidc.push(answer["OIDCProvider"].clone()),
            "Ims.GetSAMLProvider" => saml.push(answer["SAMLProvider"].clone()),
            "Ims.CreateSAMLProvider" => {
                let shown = root.ims("GetSAMLProvider", &params[2..]).assert_ok();
                assert_eq!(shown["SAMLProvider"]["EncodedSAMLMetadataDocument"], params[1].1);
            }
            _ => {}
        }
    }
    let (first, last) = (&oidc[0], oidc.last().unwrap());
    assert_eq!((&first["ClientIds"], &first["IssuanceLimitTime"]), (&json!("c1,c2"), &json!(12)));
    let prints = "902ef2deeb3c5b13ea4c3d5193629309e231ae55,0bbfab97059595e8d1ec48e89eb8657c0e5aae71";
    assert_eq!(
        (&last["ClientIds"], &last["Fingerprints"], &last["IssuanceLimitTime"], &last["Description"]),
        (&json!("c1,c3"), &json!(prints), &json!(24), &json!("rev 2"))
    );
    assert_eq!(saml.last().unwrap()["Description"], "rev 2");
}
