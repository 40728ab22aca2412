//! Who is refused, and how: every key state in every form, and the order in which checks win.
//!
//! Source: docs/evidence/gateway.md sections 6.1, 6.2 and 8.

use crate::support::sign::{self, ALL, Form};
use crate::support::{Actor, Lab, NOW};
use alimock::text::{Scalar, Timestamp};
use alimock::world::Clocks;
use alimock::world::clock::Run;
use http::{HeaderValue, Method};
use std::sync::Arc;

/// A world with a key in every state.
fn lab() -> Arc<Lab> {
    Lab::with_scenario(
        "accounts:
  - name: demo
    keys: [{id: LTAI5tActive0001, secret: activeSecret}, {id: LTAI5tInactive01, secret: inactiveSecret, status: Inactive}]
    bearerTokens: [goodBearer]
    roles:
      - name: deploy
        sessions:
          - {name: live, id: STS.NLive0001, secret: liveSecret, token: CAISlive}
          - {name: ended, id: STS.NEnded0001, secret: endedSecret, token: CAISended, expires: '-1s'}
          - {name: cut, id: STS.NCut0001, secret: cutSecret, token: CAIScut, expires: 1h, enforcedExpires: '-1s'}
  - {name: off, state: {status: DISABLED}, keys: [{id: LTAI5tOff0001, secret: offSecret}], bearerTokens: [offBearer]}
  - {name: gone, state: {status: CLOSED}, keys: [{id: LTAI5tGone0001, secret: goneSecret}]}
  - {name: frozen, state: {status: LOGIN_FROZEN}, keys: [{id: LTAI5tFrozen001, secret: frozenSecret}]}
  - {name: owing, state: {status: ARREARS_SHUTDOWN}, keys: [{id: LTAI5tOwing0001, secret: owingSecret}]}",
    )
}

/// What a call answers: RPC forms ask who they are; ROA forms reach no action, which shows that they were let in.
fn status_code_and_message(actor: &Actor, form: Form) -> (u16, String, String) {
    let reply = actor.clone().signing(form).sts("GetCallerIdentity", &[]);
    if reply.status == 200 {
        return (200, String::new(), String::new());
    }
    let body = reply.json();
    let text = |name: &str| body[name].as_str().expect("every member of a refusal is text").to_owned();
    for member in ["RequestId", "HostId", "Recommend"] {
        assert!(!text(member).is_empty());
    }
    (reply.status, text("Code"), text("Message"))
}

#[test]
fn every_key_state_is_answered_as_documented_in_every_form() {
    let lab = lab();
    let not_found = (404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");
    let inactive = (400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled.");
    let let_in = (200, "", "");
    let deleted = lab.actor("LTAI5tActive0001", "activeSecret").new_key_of_new_user();
    let rows: [(&str, Actor, (u16, &str, &str)); 18] = [
        ("active", lab.actor("LTAI5tActive0001", "activeSecret"), let_in),
        ("inactive", lab.actor("LTAI5tInactive01", "inactiveSecret"), inactive),
        ("deleted", deleted, not_found),
        ("unknown", lab.actor("LTAI5tNoSuchKey1", "x"), not_found),
        (
            "no id at all",
            lab.actor("LTAI 5t", "x"),
            (404, "InvalidAccessKeyId", "Specified access key is not found or invalid."),
        ),
        (
            "wrong secret",
            lab.actor("LTAI5tActive0001", "wrong"),
            (400, "SignatureDoesNotMatch", "Specified signature "),
        ),
        ("of a disabled account", lab.actor("LTAI5tOff0001", "offSecret"), inactive),
        ("of a closed account", lab.actor("LTAI5tGone0001", "goneSecret"), not_found),
        ("of an account with frozen login", lab.actor("LTAI5tFrozen001", "frozenSecret"), let_in),
        ("of an account in debt", lab.actor("LTAI5tOwing0001", "owingSecret"), let_in),
        ("live session", lab.actor("STS.NLive0001", "liveSecret").with_token("CAISlive"), let_in),
        (
            "ended session",
            lab.actor("STS.NEnded0001", "endedSecret").with_token("CAISended"),
            (400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."),
        ),
        (
            "session that ends before it says",
            lab.actor("STS.NCut0001", "cutSecret").with_token("CAIScut"),
            (400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired."),
        ),
        (
            "session without its token",
            lab.actor("STS.NLive0001", "liveSecret"),
            (400, "MissingSecurityToken", "SecurityToken is mandatory for this action."),
        ),
        (
            "session with the token of another",
            lab.actor("STS.NLive0001", "liveSecret").with_token("CAISended"),
            (
                400,
                "InvalidSecurityToken.MismatchWithAccessKey",
                "Specified SecurityToken mismatch with the AccessKey.",
            ),
        ),
        (
            "session with half a token",
            lab.actor("STS.NLive0001", "liveSecret").with_token("CAISli"),
            (400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed."),
        ),
        (
            "long-term key with a session's token",
            lab.actor("LTAI5tActive0001", "activeSecret").with_token("CAISlive"),
            (
                400,
                "InvalidSecurityToken.MismatchWithAccessKey",
                "Specified SecurityToken mismatch with the AccessKey.",
            ),
        ),
        (
            "session with a wrong secret",
            lab.actor("STS.NLive0001", "wrong").with_token("CAISlive"),
            (400, "SignatureDoesNotMatch", "Specified signature "),
        ),
    ];
    for (state, actor, (status, code, message)) in &rows {
        for form in ALL {
            let roa = matches!(form, Form::RoaV1 | Form::RoaV3);
            let expected = match (*status, roa, actor.token.is_some()) {
                (200, true, false) => (
                    404,
                    "InvalidAction.NotFound",
                    "Specified api is not found, please check your url and method.",
                ),
                // Known, and not allowed to ask for what nobody has.
                (200, true, true) => (403, "NoPermission", "You are not authorized to do this action."),
                _ => (*status, *code, *message),
            };
            let (status, code, message) = status_code_and_message(actor, form);
            assert_eq!((status, code.as_str()), (expected.0, expected.1), "{state}, {form:?}");
            assert!(message.starts_with(expected.2), "{state}, {form:?}: {message}");
        }
    }
}

impl Actor {
    /// A key that existed and was deleted.
    fn new_key_of_new_user(&self) -> Actor {
        self.ram("CreateUser", &[("UserName", "gone")]).assert_ok();
        let key = self.create_key(&[("UserName", "gone")]);
        self.ram("DeleteAccessKey", &[("UserName", "gone"), ("UserAccessKeyId", &key.key)]).assert_ok();
        key
    }
}

#[test]
fn a_mismatch_of_v1_ends_with_the_servers_string_to_sign() {
    let lab = lab();
    let wrong = lab.actor("LTAI5tActive0001", "wrong");

    let message = wrong.ram("ListUsers", &[("MaxItems", "2")]).assert_refused(400, "SignatureDoesNotMatch");

    let sent = format!(
        "AccessKeyId%3DLTAI5tActive0001%26Action%3DListUsers%26Format%3DJSON%26MaxItems%3D2%26SignatureMethod%3DHMAC-SHA1%26\
         SignatureNonce%3Dnonce-1%26SignatureVersion%3D1.0%26Timestamp%3D{}%26Version%3D2015-05-01",
        NOW.replace(':', "%253A")
    );
    assert_eq!(
        message,
        format!(
            "Specified signature is not matched with our calculation. server string to sign is:GET&%2F&{sent}"
        )
    );
}

#[test]
fn a_mismatch_of_v3_shows_both_of_the_servers_texts() {
    let lab = lab();

    let message = lab
        .actor("LTAI5tActive0001", "wrong")
        .signing(Form::RpcV3)
        .sts("GetCallerIdentity", &[])
        .assert_refused(400, "SignatureDoesNotMatch");

    let (start, canonical) = message.split_once("] server CanonicalRequest is [").unwrap();
    let hash = start
        .strip_prefix(
            "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n",
        )
        .unwrap();
    assert_eq!(hash.len(), 64);
    assert!(canonical.starts_with(
        "POST\n/\n\naccept:application/json\nhost:127.0.0.1:4588\nx-acs-action:GetCallerIdentity\n"
    ));
}

#[test]
fn a_nonce_is_used_once_and_only_by_a_valid_signature() {
    let lab = lab();
    let actor = lab.actor("LTAI5tActive0001", "activeSecret");
    for form in ALL {
        let request = actor.clone().signing(form).request("2015-04-01", "GetCallerIdentity", &[]);
        let mut forged = request.clone();
        forged.headers_mut().insert("x-acs-extra", HeaderValue::from_static("1"));
        *forged.method_mut() = if forged.method() == Method::GET { Method::POST } else { Method::GET };
        lab.send(&forged).assert_refused(400, "SignatureDoesNotMatch");

        let first = lab.send(&request);

        assert!(
            first.status == 200 || first.json()["Code"] == "InvalidAction.NotFound",
            "{form:?} {}",
            first.body
        );
        assert_eq!(
            lab.send(&request).assert_refused(400, "SignatureNonceUsed"),
            "Specified signature nonce was used already.",
            "{form:?}"
        );
    }
}

#[test]
fn the_window_of_fifteen_minutes_counts_on_the_gateway_clock_alone() {
    let lab = lab();
    let actor = lab.actor("LTAI5tActive0001", "activeSecret");
    let now = Timestamp::parse(NOW).unwrap();
    let set = |resource: i64, gateway: i64| {
        let run = |minutes: i64| Run::Frozen(now.plus_millis(minutes));
        lab.world().clock.set(Clocks { resource: run(resource * 60_000), gateway: run(gateway) });
    };
    for form in [Form::RpcV1, Form::RpcV3] {
        for (offset, good) in
            [(15 * 60_000, true), (-15 * 60_000, true), (15 * 60_000 + 1, false), (-15 * 60_000 - 1, false)]
        {
            set(0, offset);
            let reply = actor.clone().signing(form).sts("GetCallerIdentity", &[]);
            if good {
                reply.assert_ok();
            } else {
                assert_eq!(
                    reply.assert_refused(400, "InvalidTimeStamp.Expired"),
                    "Specified time stamp or date value is expired."
                );
            }
        }
    }
    set(60 * 24 * 365, 0);
    actor.sts("GetCallerIdentity", &[]).assert_ok();
}

/// A signed call with one thing changed before it is signed.
fn sign_at_time(actor: &Actor, form: Form, time: &str) -> alimock::gateway::RawRequest {
    let call = sign::Call {
        key: &actor.key,
        secret: &actor.secret,
        token: None,
        version: "2015-04-01",
        action: "GetCallerIdentity",
        params: &[],
        time,
        nonce: &actor.lab.nonce(),
        xml: false,
    };
    sign::request(form, &call)
}

#[test]
fn a_time_of_another_form_is_refused() {
    let lab = lab();
    let actor = lab.actor("LTAI5tActive0001", "activeSecret");
    for time in ["yesterday", "2026-11-22 08:00:00", "2026-11-22T08:00:00+08:00"] {
        for form in [Form::RpcV1, Form::RpcV3, Form::RoaV1] {
            lab.send(&sign_at_time(&actor, form, time)).assert_refused(400, "InvalidTimeStamp.Format");
        }
    }
    // Two official clients send fractions in v1.
    lab.send(&sign_at_time(&actor, Form::RpcV1, "2026-11-22T08:00:00.123Z")).assert_ok();
    lab.send(&sign_at_time(&actor, Form::RpcV3, "2026-11-22T08:00:00.123Z"))
        .assert_refused(400, "InvalidTimeStamp.Format");
}

/// A v1 call without signing it, from the parameters as they are.
fn send_unsigned(lab: &Lab, query: &str) -> crate::support::Reply {
    lab.send(&http::Request::get(format!("/?Format=JSON&{query}")).body(bytes::Bytes::new()).unwrap())
}

#[test]
fn missing_parameters_are_named_in_order() {
    let lab = lab();
    let call = "Action=GetCallerIdentity&Version=2015-04-01";
    let all = [
        ("Signature", "AccessKeyId=LTAI5tActive0001"),
        ("SignatureMethod", "Signature=x"),
        ("SignatureVersion", "SignatureMethod=HMAC-SHA1"),
        ("SignatureNonce", "SignatureVersion=1.0"),
        ("Timestamp", "SignatureNonce=n"),
    ];
    send_unsigned(&lab, "").assert_refused(400, "MissingAccessKeyId");
    send_unsigned(&lab, call).assert_refused(400, "MissingAccessKeyId");
    send_unsigned(&lab, "AccessKeyId=k").assert_refused(400, "MissingVersion");
    send_unsigned(&lab, "AccessKeyId=k&Version=2015-04-01").assert_refused(400, "MissingAction");
    let mut query = call.to_owned();
    for (missing, add) in all {
        query = format!("{query}&{add}");
        let message = send_unsigned(&lab, &query).assert_refused(400, &format!("Missing{missing}"));
        assert_eq!(message, format!("{missing} is mandatory for this action."));
    }
}

#[test]
fn checks_run_in_the_documented_order() {
    let lab = lab();
    let v1 = "SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=n&Signature=x";
    let good_time = "Timestamp=2026-11-22T08:00:00Z";
    let sts = "Action=GetCallerIdentity&Version=2015-04-01";
    let cases = [
        // The product by host beats everything, then version and action.
        ("Action=NoSuch&Version=1999-01-01", 400, "InvalidVersion"),
        ("Action=NoSuch&Version=2015-04-01", 404, "InvalidAction.NotFound"),
        // Time beats the key, the key beats method and signature.
        (&*format!("{sts}&{v1}&AccessKeyId=LTAI5tNoSuchKey1&Timestamp=x"), 400, "InvalidTimeStamp.Format"),
        (
            &*format!("{sts}&{v1}&AccessKeyId=LTAI5tNoSuchKey1&Timestamp=2020-01-01T00:00:00Z"),
            400,
            "InvalidTimeStamp.Expired",
        ),
        (
            &*format!("{sts}&{v1}&AccessKeyId=LTAI5tNoSuchKey1&{good_time}"),
            404,
            "InvalidAccessKeyId.NotFound",
        ),
        (
            &*format!("{sts}&{v1}&AccessKeyId=LTAI5tInactive01&{good_time}"),
            400,
            "InvalidAccessKeyId.Inactive",
        ),
        (&*format!("{sts}&{v1}&AccessKeyId=STS.NLive0001&{good_time}"), 400, "MissingSecurityToken"),
        (
            &*format!("{sts}&{v1}&AccessKeyId=LTAI5tActive0001&{good_time}").replace("HMAC-SHA1", "MD5"),
            400,
            "InvalidSignatureMethod",
        ),
        (&*format!("{sts}&{v1}&AccessKeyId=LTAI5tActive0001&{good_time}"), 400, "SignatureDoesNotMatch"),
        // A wrong secret beats missing parameters of the action.
        (
            &*format!("Action=CreateUser&Version=2015-05-01&{v1}&AccessKeyId=LTAI5tActive0001&{good_time}"),
            400,
            "SignatureDoesNotMatch",
        ),
    ];
    for (query, status, code) in cases {
        let _ = send_unsigned(&lab, query).assert_refused(status, code);
    }
    let root = lab.actor("LTAI5tActive0001", "activeSecret");
    root.ram("CreateUser", &[]).assert_refused(400, "MissingUserName");
    let _ = lab
        .send(
            &http::Request::get("/?Format=JSON")
                .header("host", "nosuch.aliyuncs.com")
                .body(bytes::Bytes::new())
                .unwrap(),
        )
        .assert_refused(404, "InvalidProduct.NotFound");
    let mut delete = root.request("2015-04-01", "GetCallerIdentity", &[]);
    *delete.method_mut() = Method::DELETE;
    lab.send(&delete).assert_refused(400, "UnsupportedHTTPMethod");
}

#[test]
fn a_real_action_is_authorized_before_it_is_reported_as_not_found() {
    let lab = lab();
    lab.actor("LTAI5tActive0001", "activeSecret")
        .call("2019-03-07", "DescribeFaceVerify", &[])
        .assert_refused(404, "InvalidAction.NotFound");
    lab.actor("LTAI5tActive0001", "wrong")
        .call("2019-03-07", "DescribeFaceVerify", &[])
        .assert_refused(400, "SignatureDoesNotMatch");
    lab.actor("STS.NLive0001", "liveSecret")
        .with_token("CAISlive")
        .ecs("RunInstances", &[])
        .assert_refused(403, "Forbidden.RAM");
}

#[test]
fn bearer_tokens_and_anonymous_calls_need_no_signature() {
    let lab = lab();
    let bearer = |token: &str| {
        send_unsigned(
            &lab,
            &format!(
                "Action=GetCallerIdentity&Version=2015-04-01&BearerToken={token}&SignatureType=BEARERTOKEN"
            ),
        )
    };

    assert_eq!(bearer("goodBearer").assert_ok()["IdentityType"], "Account");
    assert_eq!(
        bearer("nonsense").assert_refused(400, "UnsupportedSignatureType"),
        "This signature type is not supported."
    );
    bearer("").assert_refused(400, "MissingBearerToken");
    bearer("offBearer").assert_refused(400, "InvalidAccessKeyId.Inactive");
    send_unsigned(&lab, "Action=AssumeRoleWithOIDC&Version=2015-04-01")
        .assert_refused(400, "MissingRoleSessionName");
    let v3 = http::Request::post("/?SignatureType=BEARERTOKEN")
        .header("x-acs-action", "GetCallerIdentity")
        .header("x-acs-version", "2015-04-01");
    lab.send(&v3.header("x-acs-bearer-token", "goodBearer").body(bytes::Bytes::new()).unwrap()).assert_ok();
}

#[test]
fn an_error_has_the_requested_format_and_an_unknown_format_is_refused() {
    let lab = lab();
    let get = |target: &str, accept: &str| {
        lab.send(&http::Request::get(target).header("accept", accept).body(bytes::Bytes::new()).unwrap())
    };
    let xml = get("/?Action=ListUsers&Version=2015-05-01&Format=xml", "application/json");
    assert!(xml.body.starts_with("<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>"), "{}", xml.body);
    assert!(xml.body.contains(
        "<Recommend><![CDATA[https://api.aliyun.com/troubleshoot?q=MissingAccessKeyId&product=Ram&requestId="
    ));
    // Without Format: XML while the product is unknown, then the product's own.
    assert!(get("/", "*/*").body.starts_with("<?xml"));
    assert!(get("/?Action=ListUsers&Version=2015-05-01", "*/*").body.starts_with('{'));
    assert!(get("/?Action=DescribeRegions&Version=2014-05-26", "*/*").body.starts_with("<?xml"));
    get("/?Action=ListUsers&Version=2015-05-01&Format=YAML", "*/*")
        .assert_refused(400, "InvalidParameter.Format");
    let roa =
        http::Request::get("/clusters").header("x-acs-version", "2015-12-15").header("accept", "text/html");
    lab.send(&roa.header("authorization", "acs a:b").body(bytes::Bytes::new()).unwrap())
        .assert_refused(400, "InvalidParameter.Accept");
}

#[test]
fn a_body_that_does_not_match_its_md5_has_its_own_code() {
    let lab = lab();
    let mut request =
        lab.actor("LTAI5tActive0001", "activeSecret").signing(Form::RoaV1).request("2015-12-15", "X", &[]);
    request.headers_mut().insert("content-md5", HeaderValue::from_static("AAAAAAAAAAAAAAAAAAAAAA=="));

    lab.send(&request).assert_refused(400, "ContentMD5NotMatched");
}

#[test]
fn the_journal_suggests_why_a_signature_does_not_match() {
    let lab = lab();
    let note = |actor: &Actor, params: &[(&str, &str)], spoil: &dyn Fn(&mut crate::support::sign::Signer)| {
        let mut signer = crate::support::sign::Signer::default();
        spoil(&mut signer);
        let request = actor.request_by(&signer, "2015-05-01", "GetUser", params);
        lab.send(&request).assert_refused(400, "SignatureDoesNotMatch");
        lab.last_record().refused.as_ref().unwrap().note.clone().unwrap()
    };
    let odd = [("UserName", "a b*c~d/e")];
    for form in [Form::RpcV1, Form::RpcV3] {
        let good = lab.actor("LTAI5tActive0001", "activeSecret").signing(form);
        for (wrong, right, words) in [
            ("+", "%20", "a space was encoded as `+`"),
            ("*", "%2A", "`*` was not encoded"),
            ("%7E", "~", "`~` was encoded"),
            ("/", "%2F", "`/` was not encoded"),
        ] {
            let said = note(&good, &odd, &|signer| signer.query = Some((right.to_owned(), wrong.to_owned())));
            assert_eq!(said, words, "{form:?}");
        }
        let other = lab.actor("LTAI5tActive0001", "inactiveSecret").signing(form);
        assert!(
            note(&other, &[], &|_| {}).starts_with("it was made with the secret of the AccessKey LTAI5t"),
            "{form:?}"
        );
        let wrong = lab.actor("LTAI5tActive0001", "nobodysSecret").signing(form);
        assert_eq!(
            note(&wrong, &[], &|_| {}),
            "wrong secret, or something changed the request after signing"
        );
    }
    let v1 = lab.actor("LTAI5tActive0001", "activeSecret");
    assert_eq!(note(&v1, &[], &|signer| signer.suffix = ""), "no `&` was appended to the secret");
    assert_eq!(note(&v1, &[], &|signer| signer.method = Some("POST")), "another HTTP method was signed");
}

/// What the journal says of a call that `signer` signed, which is changed on its way.
fn journaled_signature(
    form: Form,
    params: &[(&str, &str)],
    signer: crate::support::sign::Signer,
    change: impl Fn(&mut alimock::gateway::RawRequest),
) -> serde_json::Value {
    let lab = lab();
    let actor = lab.actor("LTAI5tActive0001", "activeSecret").signing(form);
    let mut request = actor.request_by(&signer, "2015-05-01", "GetUser", params);
    change(&mut request);
    let _ = lab.send(&request).assert_refused(400, "SignatureDoesNotMatch");
    serde_json::to_value(&*lab.last_record()).unwrap()["signature"].clone()
}

#[test]
fn the_journal_shows_both_strings_to_sign_and_their_first_difference() {
    use crate::support::sign::Signer;
    let odd = [("UserName", "a b*c~d/e")];
    for (form, wrong, right) in [(Form::RpcV1, "%2B", "%2520"), (Form::RpcV3, "+", "%20")] {
        let query = Some(("%20".to_owned(), "+".to_owned()));
        let shown = journaled_signature(form, &odd, Signer { query, ..Signer::default() }, |_| {});

        let (server, client) = (shown["server"].as_str().unwrap(), shown["client"].as_str().unwrap());
        let at = usize::try_from(shown["firstDifference"].as_u64().unwrap()).unwrap();
        assert!(server[..at] == client[..at] && server.as_bytes()[at] != client.as_bytes()[at], "{shown}");
        assert!(server.contains(&format!("a{right}b")) && client.contains(&format!("a{wrong}b")), "{shown}");
        assert_eq!(shown["cause"], "a space was encoded as `+`");
    }
}

#[test]
fn the_journal_suggests_what_is_wrong_with_signed_headers_and_versions() {
    use crate::support::sign::{Signer, hmac_sha1};
    let v3 = |from: &str, to: &str, change: fn(&mut alimock::gateway::RawRequest)| {
        let request = Some((from.to_owned(), to.to_owned()));
        journaled_signature(Form::RpcV3, &[], Signer { request, ..Signer::default() }, change)["cause"]
            .clone()
    };
    assert_eq!(
        v3("host:127.0.0.1:4588\n", "host:127.0.0.1\n", |_| {}),
        "the host was signed without its port"
    );
    assert_eq!(
        v3("x-acs-version:2015-05-01\n", "", |_| {}),
        "the header `x-acs-version` was not signed, although `SignedHeaders` names it"
    );
    let late = |request: &mut alimock::gateway::RawRequest| {
        request.headers_mut().insert("x-late", HeaderValue::from_static("1"));
    };
    assert_eq!(
        v3("\n\naccept;", "\nx-late:1\n\naccept;", late),
        "the header `x-late` was signed, but `SignedHeaders` does not name it"
    );
    let none = Signer::default();
    let body =
        journaled_signature(Form::RpcV3, &[], none.clone(), |request| *request.body_mut() = "x".into());
    assert_eq!(body["cause"], "the body is not the one that was signed");
    let other_mac = Signer { mac: Some("HMAC-SHA256"), ..Signer::default() };
    assert_eq!(
        journaled_signature(Form::RpcV1, &[], other_mac, |_| {})["cause"],
        "it was made with HMAC-SHA256, which is not what `SignatureMethod` says"
    );
    let version_1 = journaled_signature(Form::RpcV3, &[("UserName", "ci")], none, |request| {
        let signature = hmac_sha1("activeSecret&", "POST&%2F&UserName%3Dci");
        let before = request.headers()["authorization"].to_str().unwrap();
        let (kept, _) = before.split_once("Signature=").unwrap();
        let signed = format!("{kept}Signature={signature}").parse().unwrap();
        request.headers_mut().insert("authorization", signed);
    });
    assert_eq!(
        (&version_1["cause"], &version_1["client"]),
        (&"it is a signature of version 1".into(), &"POST&%2F&UserName%3Dci".into())
    );
}

#[test]
fn a_string_to_sign_in_the_journal_contains_no_secret() {
    use crate::support::sign::Signer;
    for form in [Form::RpcV1, Form::RpcV3, Form::RoaV1] {
        for query in [None, Some(("%20".to_owned(), "+".to_owned()))] {
            let signer = Signer { query, suffix: "", ..Signer::default() };
            let lab = lab();
            let actor = lab.actor("LTAI5tActive0001", "nobodysSecret").signing(form);
            let params = [("NewPassword", "hunter *&/~2"), ("UserName", "ci")];
            let _ = lab.send(&actor.request_by(&signer, "2015-05-01", "GetUser", &params));

            let kept = serde_json::to_string(&*lab.last_record()).unwrap();
            assert!(!kept.contains("hunter") && !kept.contains("~2"), "{form:?}: {kept}");
            assert!(kept.contains("NewPassword"), "{kept}");
        }
    }
}
