//! Keys, tokens, times and signatures at OSS. Source: docs/evidence/account.md 6.4.

use super::{lab, list_buckets, request_about, session_of_role, set_status};
use crate::support::doors::{OSS_FORMS, Oss, OssForm, listed_names, seconds_from_now, xml_text};
use crate::support::{Actor, Reply, xml};
use alimock::error::oss;
use alimock::text::Uid;
use alimock::world::account::Status;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Request;

#[test]
fn a_bad_key_is_refused_in_each_way() {
    let lab = lab();
    let (root, ci) = (lab.root("demo"), lab.user("demo", "ci"));
    let inactive = {
        let state = lab.world().state();
        let key = state.keys().nth(1).unwrap().clone();
        lab.actor(key.id.as_str(), key.material.secret())
    };
    for form in OSS_FORMS {
        let send = |actor: &Actor| actor.oss(&Oss { form, ..Oss::default() });
        let ids = |reply: &Reply| (xml_text(&reply.body, "OSSAccessKeyId"), xml_text(&reply.body, "EC"));

        let unknown = send(&lab.actor("LTAI5tNobodyHasThis00", "secret"));
        assert_eq!(unknown.assert_oss_refused(403, "InvalidAccessKeyId"), oss::ACCESS_KEY_NOT_FOUND.message);
        assert_eq!(ids(&unknown), ("LTAI5tNobodyHasThis00".into(), "0002-00000902".into()));
        let disabled = send(&inactive);
        assert_eq!(
            disabled.assert_oss_refused(403, "InvalidAccessKeyId"),
            "The OSS Access Key Id you provided is disabled."
        );
        assert_eq!(ids(&disabled), (inactive.key.clone(), "0002-00000904".into()));
        let wrong = send(&lab.actor(&root.key, "wrongSecret"));
        wrong.assert_oss_refused(403, "SignatureDoesNotMatch");
        let number = if form.is_v4() { "0002-00000201" } else { "0002-00000040" };
        assert_eq!(ids(&wrong), (root.key.clone(), number.into()));
        assert!(
            xml_text(&wrong.body, "StringToSign").contains('\n')
                && wrong.body.contains("<SignatureProvided>")
        );
        assert_eq!(wrong.body.contains("<CanonicalRequest>GET\n/\n"), form.is_v4(), "{}", wrong.body);
        send(&lab.actor(&root.key, &ci.secret)).assert_oss_refused(403, "SignatureDoesNotMatch");
        let cause = lab.last_record().refused.clone().unwrap().mismatch.clone().unwrap().cause.to_string();
        assert!(cause.contains(&ci.key), "{form:?}: {cause}");
    }
    let pasted = lab.actor(" LTAI5tDemoRootKey", &root.secret).oss(&Oss::default());
    assert_eq!(pasted.assert_oss_refused(403, "InvalidAccessKeyId"), oss::ACCESS_KEY_NOT_FOUND.message);
    assert_eq!(xml_text(&pasted.body, "OSSAccessKeyId"), " LTAI5tDemoRootKey");
    let brackets = lab.actor("<LTAI5tDemoRootKey>", &root.secret).oss(&Oss::default());
    assert_eq!(brackets.assert_oss_refused(403, "InvalidAccessKeyId"), oss::ACCESS_KEY_IMPOSSIBLE.message);
    assert_eq!(xml_text(&brackets.body, "OSSAccessKeyId"), "&lt;LTAI5tDemoRootKey&gt;");
    assert_eq!(xml_text(&brackets.body, "EC"), "0002-00000901");
}

/// The key is looked up before the token. Source: docs/evidence/account.md 6.4.
#[test]
fn an_unknown_key_is_refused_before_its_token_is_read() {
    let lab = lab();
    for form in OSS_FORMS {
        let send = |key: &str, token: Option<&str>| {
            let actor = lab.actor(key, "secret");
            let actor = token.map_or_else(|| actor.clone(), |token| actor.clone().with_token(token));
            let reply = actor.oss(&Oss { form, ..Oss::default() });
            reply.assert_oss_refused(403, "InvalidAccessKeyId");
            (xml_text(&reply.body, "Message"), xml_text(&reply.body, "EC"))
        };
        let unknown = |ec: &str| (oss::ACCESS_KEY_NOT_FOUND.message.to_owned(), ec.to_owned());

        assert_eq!(send("LTAI5tNobodyHasThis00", Some("nonsense")), unknown("0002-00000002"));
        assert_eq!(send("STS.NobodyHasThis00", Some("nonsense")), unknown("0002-00000002"));
        let lost = (oss::TOKEN_MISSING.message.to_owned(), "0002-00000003".to_owned());
        assert_eq!(send("STS.NobodyHasThis00", None), lost);
    }
}

#[test]
fn signed_parts_of_a_request_cannot_be_changed() {
    let lab = lab();
    let root = lab.root("demo");
    assert_eq!(root.oss(&request_about("PUT", "made-here", &[])).status, 200);
    for form in OSS_FORMS {
        let sound =
            Oss { form, headers: &[("x-oss-acl", "private")], ..request_about("PUT", "made-here", &[]) };
        let refused = |change: &dyn Fn(&mut http::Request<Bytes>)| {
            let mut request = sound.signed(&root);
            change(&mut request);
            lab.send(&request).assert_oss_refused(403, "SignatureDoesNotMatch");
        };
        refused(&|request| *request.method_mut() = http::Method::DELETE);
        refused(&|request| {
            let other = request.uri().to_string().replacen("made-here", "demo-data", 1);
            *request.uri_mut() = other.parse().unwrap();
        });
        refused(&|request| {
            request.headers_mut().insert("x-oss-acl", http::HeaderValue::from_static("public-read"));
        });
        refused(&|request| {
            let mark = if request.uri().query().is_some() { '&' } else { '?' };
            *request.uri_mut() = format!("{}{mark}policy", request.uri()).parse().unwrap();
        });
        assert!(lab.world().state().accounts[&Uid(1_234_567_890_123_456)].buckets.len() == 3, "{form:?}");
        assert_eq!(lab.send(&sound.signed(&root)).status, 200);
    }
}

#[test]
fn a_signed_time_may_be_fifteen_minutes_off() {
    let root = lab().root("demo");
    for form in [OssForm::V1, OssForm::V4] {
        let at = |seconds| root.oss(&Oss { form, time: seconds_from_now(seconds), ..Oss::default() });

        assert_eq!((at(-900).status, at(900).status), (200, 200), "{form:?}");
        for seconds in [-901, 901] {
            let skewed = at(seconds);
            skewed.assert_oss_refused(403, "RequestTimeTooSkewed");
            assert_eq!(xml_text(&skewed.body, "ServerTime"), "2026-11-22T08:00:00.000Z");
            assert_eq!(xml_text(&skewed.body, "MaxAllowedSkewMilliseconds"), "900000");
        }
    }
}

#[test]
fn a_signed_url_is_valid_until_it_expires() {
    let root = lab().root("demo");
    for form in [OssForm::V1Url, OssForm::V4Url] {
        let made = |seconds: i64| {
            root.oss(&Oss { form, time: seconds_from_now(-seconds), seconds: 60, ..Oss::default() })
        };

        assert_eq!((made(0).status, made(60).status), (200, 200), "{form:?}");
        let over = made(61);
        assert_eq!(over.assert_oss_refused(403, "AccessDenied"), "Request has expired.");
        assert_eq!(xml_text(&over.body, "Expires"), "2026-11-22T07:59:59.000Z");
        let number = if form.is_v4() { "0002-00000236" } else { "0002-00000069" };
        assert_eq!(xml_text(&over.body, "EC"), number);
    }
    let long = Oss { form: OssForm::V4Url, seconds: 7 * 86_400 + 1, ..Oss::default() };
    let long = root.oss(&long);
    long.assert_oss_refused(400, "InvalidArgument");
    assert_eq!(xml_text(&long.body, "EC"), "0002-00000232");
    let ahead = root.oss(&Oss { form: OssForm::V4Url, time: seconds_from_now(901), ..Oss::default() });
    ahead.assert_oss_refused(403, "RequestTimeTooSkewed");
    assert_eq!(xml_text(&ahead.body, "EC"), "0002-00000235");
}

#[test]
fn a_credential_that_cannot_be_read_says_which() {
    let lab = lab();
    let send = |authorization: &str, date: &str, target: &str, host: &str| {
        let mut request = Request::get(target).header("host", host).header("date", date);
        if !authorization.is_empty() {
            request = request.header("authorization", authorization);
        }
        lab.send(&request.body(Bytes::new()).unwrap())
    };
    let (here, now) = ("127.0.0.1:4588", "Sun, 22 Nov 2026 08:00:00 GMT");

    for malformed in [
        "OSS",
        "OSS LTAI5tDemoRootKey",
        "OSS2 AccessKeyId:LTAI5tDemoRootKey,Signature:c2ln",
        "OSS4-HMAC-SHA256",
        "OSS4-HMAC-SHA256 Credential=LTAI5tDemoRootKey, Signature=00",
        "OSS4-HMAC-SHA256 Credential=LTAI5tDemoRootKey/20261122/cn-hangzhou/oss/aws4_request, Signature=00",
        "OSS4-HMAC-SHA256 Credential=LTAI5tDemoRootKey/20261122/cn-hangzhou/oss/aliyun_v4_request",
        "OSS4-HMAC-SHA256 Credential=LTAI5tDemoRootKey/20261121/cn-hangzhou/oss/aliyun_v4_request, Signature=00",
    ] {
        send(malformed, now, "/", here).assert_oss_refused(400, "InvalidArgument");
    }
    // allinssl/allinssl 97 (2025-05).
    assert!(send("OSS", now, "/", here).body.contains("<EC>0002-00000063</EC>"));
    for date in ["", "yesterday", "20261122T080000", "2026112２T080000Z"] {
        let refused = send("OSS LTAI5tDemoRootKey:c2ln", date, "/", here);
        assert_eq!(
            refused.assert_oss_refused(403, "AccessDenied"),
            "OSS authentication requires a valid Date."
        );
    }
    let at_oss = "oss-cn-hangzhou.aliyuncs.com";
    let whole = "Query string authentication requires the Signature, Expires and OSSAccessKeyId parameters.";
    for (query, host, text, ec) in [
        ("OSSAccessKeyId=a&Expires=soon&Signature=c2ln", here, oss::INVALID_EXPIRES.message, "0002-00000070"),
        ("OSSAccessKeyId=a&Signature=c2ln", here, whole, "0002-00000067"),
        ("OSSAccessKeyId=a&Expires=&Signature=c2ln", here, whole, "0002-00000068"),
        ("Expires=1&Signature=c2ln", at_oss, whole, "0002-00000071"),
        ("OSSAccessKeyId=&Expires=1&Signature=c2ln", here, whole, "0002-00000072"),
    ] {
        let refused = send("", now, &format!("/?{query}"), host);
        assert_eq!(refused.assert_oss_refused(403, "AccessDenied"), text, "{query}");
        assert_eq!(
            (xml_text(&refused.body, "EC").as_str(), refused.headers["x-oss-ec"].to_str().unwrap()),
            (ec, ec),
            "{query}"
        );
    }
    let no_signature = send("", now, "/?OSSAccessKeyId=a&Expires=1", here);
    assert_eq!(no_signature.assert_oss_refused(403, "AccessDenied"), whole);
    let version = "x-oss-signature-version=OSS4-HMAC-SHA256";
    for (query, ec) in [
        ("x-oss-credential=LTAI", "0002-00000066"),
        ("x-oss-signature-version=OSS2", "0002-00000066"),
        (version, "0002-00000217"),
        (
            &*format!("{version}&x-oss-credential=a/2026-11-22/cn-hangzhou/oss/aliyun_v4_request"),
            "0002-00000223",
        ),
        (&*format!("{version}&x-oss-credential=a/20261122/cn-hangzhou/oss/abc"), "0002-00000224"),
        (
            &*format!("{version}&x-oss-credential=a/20261122/cn-hangzhou/oss/aliyun_v4_request"),
            "0002-00000215",
        ),
    ] {
        let refused = send("", now, &format!("/?{query}"), here);
        refused.assert_oss_refused(400, "InvalidArgument");
        assert_eq!(xml_text(&refused.body, "EC"), ec, "{query}");
    }
    let anonymous = send("", now, "/", at_oss);
    assert_eq!(
        anonymous.assert_oss_refused(403, "AccessDenied"),
        "Anonymous access is forbidden for this operation."
    );
    assert_eq!(xml_text(&anonymous.body, "EC"), "0003-00001201");
    // Without a signature only the host tells that it is OSS.
    assert_eq!(xml_text(&send("", now, "/", here).body, "Code"), "MissingAccessKeyId");
}

#[test]
fn temporary_keys_are_accepted_with_their_token_until_they_expire() {
    for form in OSS_FORMS {
        let lab = lab();
        let (night, day) = (session_of_role(&lab, "night"), session_of_role(&lab, "day"));
        let send = |actor: &Actor| actor.oss(&Oss { form, ..Oss::default() });
        let with = |token: Option<&str>| send(&Actor { token: token.map(str::to_owned), ..night.clone() });

        assert_eq!(listed_names(&send(&night)).len(), 2, "{form:?}");
        assert_eq!(
            with(None).assert_oss_refused(403, "InvalidAccessKeyId"),
            "The OSS Access Key Id you provided does not exist in our records. The Security Token may be lost to specify that it is a STS Access Id."
        );
        assert_eq!(xml_text(&with(None).body, "EC"), "0002-00000003");
        assert_eq!(
            with(day.token.as_deref()).assert_oss_refused(403, "AccessKeyIdAndSecurityTokenNotMatch"),
            "The OSS access key id and security token you provided does not match."
        );
        with(Some("nonsense")).assert_oss_refused(403, "InvalidSecurityToken");
        assert_eq!(xml_text(&with(Some("nonsense")).body, "EC"), "0002-00000006");
        send(&lab.root("demo").with_token("nonsense")).assert_oss_refused(403, "InvalidSecurityToken");
        lab.advance_clock("1h");
        let over = send(&night);
        over.assert_oss_refused(403, "SecurityTokenExpired");
        assert_eq!(over.headers["x-oss-ec"], "0002-00000007");
        let names = xml::parse(&over.body).children.into_iter().map(|child| child.name).collect::<Vec<_>>();
        let wanted = ["Code", "Message", "RequestId", "HostId", "SecurityToken", "EC", "RecommendDoc"];
        assert_eq!(names, wanted);
        assert_eq!(Some(xml_text(&over.body, "SecurityToken")), night.token);
        assert_eq!(listed_names(&send(&day)).len(), 2);
    }
}

#[test]
fn keys_of_a_disabled_or_closed_account_are_refused() {
    for (status, known) in
        [(Status::Disabled, &oss::ACCESS_KEY_DISABLED), (Status::Closed, &oss::ACCESS_KEY_NOT_FOUND)]
    {
        let lab = lab();
        set_status(&lab, 1_234_567_890_123_456, status);

        assert_eq!(
            list_buckets(&lab.root("demo")).assert_oss_refused(403, "InvalidAccessKeyId"),
            known.message
        );
    }
}

/// Source: docs/evidence/account.md 6.4, "Responses".
#[test]
fn a_head_request_is_refused_in_headers() {
    let lab = lab();
    let stranger = lab.actor("LTAI5tNobodyHasThis00", "secret");
    let call = |method| stranger.oss(&Oss { key: "a.txt", ..request_about(method, "demo-data", &[]) });

    let (head, get) = (call("HEAD"), call("GET"));

    assert_eq!((head.status, head.body.as_str()), (get.status, ""));
    assert_eq!(head.headers["content-type"], "application/xml");
    assert_eq!(head.headers["x-oss-ec"], get.headers["x-oss-ec"]);
    let told = STANDARD.decode(&head.headers["x-oss-err"]).unwrap();
    let told = String::from_utf8(told).unwrap();
    let id = get.headers["x-oss-request-id"].to_str().unwrap();
    assert_eq!(told.replace(&xml_text(&told, "RequestId"), id), get.body);
    assert!(!get.headers.contains_key("x-oss-err") && get.headers.contains_key("x-oss-server-time"));
    assert!(id.len() == 24 && id.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()), "{id}");
}
