//! MNS, FunctionCompute 2.0 and Table Store by their own protocols. Source: docs/evidence/own-protocols.md sections 2 to 4.

use crate::support::doors::{seconds_from_now, xml_text};
use crate::support::own::Own;
use crate::support::{Actor, Lab, Reply};
use alimock::gateway::RawRequest;
use alimock::text::Uid;
use alimock::world::account::Status;
use alimock::world::{By, Refusal, Tx};
use bytes::Bytes;
use http::Request;
use serde_json::Value;

const UID: &str = "1234567890123456";
const SEED: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}, {status: Inactive}]
    policies:
      - name: Own
        document:
          Version: "1"
          Statement:
            - {Effect: Allow, Action: "mns:*Message", Resource: "acs:mns:*:*:/queues/my-*/messages"}
            - {Effect: Allow, Action: "fc:InvokeFunction", Resource: "acs:fc:*:*:services/shop/functions/*"}
            - {Effect: Allow, Action: "ots:*Get*", Resource: "acs:ots:*:*:instance/my-instance/table/orders*"}
    users: [{name: ci, keys: [{}], policies: [Own]}, {name: guest, keys: [{}]}]
    roles: [{name: etl, policies: [Own], sessions: [{name: night, expires: 1h}]}]
  - {name: other, keys: [{}]}
stubs:
  - {product: FC, action: ListServices, body: {services: [{serviceName: shop}]}}
"#;

/// A product: how it signs, and how it refuses.
struct Product {
    name: &'static str,
    style: &'static str,
    /// Sends a permitted call by `actor`, at a time that is some seconds off.
    send: fn(&Actor, i64) -> RawRequest,
    /// Code and text of a refusal.
    told: fn(&Reply) -> (String, String),
    /// Codes and texts for an unknown key, a disabled key, a wrong secret, a wrong time, a bad and an expired token, a missing
    /// permission, and a call that does not run.
    wanted: [(u16, &'static str, &'static str); 8],
}

const ORDERS: &[u8] = b"\x0a\x06orders";

const PRODUCTS: [Product; 4] = [
    Product {
        name: "MNS",
        style: "mns-v1",
        send: |actor, seconds| {
            let (time, target) = (seconds_from_now(seconds), "/queues/my-jobs/messages");
            Own { method: "POST", target, time, body: b"<Message/>", ..Own::default() }.mns(actor)
        },
        told: |reply| (xml_text(&reply.body, "Code"), xml_text(&reply.body, "Message")),
        wanted: [
            (403, "InvalidAccessKeyId", "The access Id you provided is not exist."),
            (403, "InvalidAccessKeyId", "The access Id you provided is disabled."),
            (403, "SignatureDoesNotMatch", "The request signature we calculated does not match"),
            (408, "TimeExpired", "The http request you sent is expired."),
            (403, "AccessDenied", "The security token you provided is invalid."),
            (403, "AccessDenied", "The security token you provided has expired."),
            (
                403,
                "AccessDenied",
                "The OwnerId that your Access Key Id associated to is forbidden for this operation.",
            ),
            (405, "UnsupportedOperation", "alimock does not run this request"),
        ],
    },
    Product {
        name: "FC",
        style: "fc-v1",
        send: |actor, seconds| {
            let target = "/2016-08-15/services/shop/functions/pay/invocations";
            Own { method: "POST", target, time: seconds_from_now(seconds), ..Own::default() }.fc(actor)
        },
        told: told_in_json,
        wanted: [
            (403, "InvalidAccessKeyID", "invalid access key ID 'LTAI5tNobodyHasThis00'"),
            (403, "InvalidAccessKeyID", "access key ID '"),
            (403, "SignatureNotMatch", "The request signature we calculated does not match"),
            (403, "AccessDenied", "the request time "),
            (403, "AccessDenied", "the security token is invalid"),
            (403, "AccessDenied", "the security token has expired"),
            (
                403,
                "AccessDenied",
                "the caller is not authorized to perform 'fc:InvokeFunction' on resource \
                 'acs:fc:cn-hangzhou:1234567890123456:services/shop/functions/pay'",
            ),
            (400, "PathNotSupported", "alimock does not run this request"),
        ],
    },
    Product {
        name: "Ots",
        style: "ots-v2",
        send: |actor, seconds| {
            let (time, target) = (seconds_from_now(seconds), "/GetRow");
            Own { target, time, body: ORDERS, ..Own::default() }.ots(actor, None)
        },
        told: told_in_protobuf,
        wanted: OTS,
    },
    Product {
        name: "Ots",
        style: "ots-v4",
        send: |actor, seconds| {
            let (time, target) = (seconds_from_now(seconds), "/GetRow");
            Own { target, time, body: ORDERS, ..Own::default() }.ots(actor, Some("cn-hangzhou"))
        },
        told: told_in_protobuf,
        wanted: OTS,
    },
];

const OTS: [(u16, &str, &str); 8] = [
    (403, "OTSAuthFailed", "The AccessKeyID does not exist."),
    (403, "OTSAuthFailed", "The AccessKeyID is disabled."),
    (403, "OTSAuthFailed", "Signature mismatch."),
    (403, "OTSAuthFailed", "Mismatch between system time and x-ots-date: 2026-11-22T"),
    (403, "OTSAuthFailed", "The security token is invalid."),
    (403, "OTSAuthFailed", "The security token is expired."),
    (403, "OTSNoPermissionAccess", "You have no permission to access the requested resource, please contact"),
    (400, "OTSParameterInvalid", "alimock does not run this request"),
];

fn told_in_json(reply: &Reply) -> (String, String) {
    let body: Value = serde_json::from_str(&reply.body).unwrap();
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    (text("ErrorCode"), text("ErrorMessage"))
}

/// Reads a message whose two fields are texts.
fn told_in_protobuf(reply: &Reply) -> (String, String) {
    let body = reply.body.as_bytes();
    let mut texts = Vec::new();
    let mut rest = body;
    for tag in [0x0a, 0x12] {
        assert_eq!(rest[0], tag, "{body:?}");
        let end = 1 + rest[1..].iter().position(|byte| byte & 0x80 == 0).unwrap();
        let length = rest[1..=end].iter().rev().fold(0, |all, byte| all << 7 | usize::from(byte & 0x7f));
        texts.push(String::from_utf8(rest[end + 1..=end + length].to_vec()).unwrap());
        rest = &rest[end + 1 + length..];
    }
    assert!(rest.is_empty());
    let message = texts.pop().unwrap();
    (texts.pop().unwrap(), message)
}

impl Product {
    /// Fails unless the reply is what is wanted at this place of the list.
    #[track_caller]
    fn assert_told(&self, reply: &Reply, at: usize) {
        let (status, code, text) = self.wanted[at];
        let (told, message) = (self.told)(reply);
        assert_eq!((reply.status, told.as_str()), (status, code), "{} {message}", self.style);
        assert!(message.starts_with(text), "{} {message}", self.style);
    }
}

#[test]
fn each_state_of_a_key_a_session_and_a_permission_is_told_in_the_words_of_the_product() {
    for product in &PRODUCTS {
        let lab = Lab::with_scenario(SEED);
        let send = |actor: &Actor, seconds| lab.send(&(product.send)(actor, seconds));
        let root = lab.root("demo");
        let inactive = {
            let state = lab.world().state();
            let key =
                state.keys().find(|key| key.status == alimock::world::account::KeyStatus::Inactive).unwrap();
            lab.actor(key.id.as_str(), key.material.secret())
        };

        product.assert_told(&send(&lab.actor("LTAI5tNobodyHasThis00", "secret"), 0), 0);
        product.assert_told(&send(&inactive, 0), 1);
        product.assert_told(&send(&lab.actor(&root.key, "wrongSecret"), 0), 2);
        assert!(lab.last_record().refused.clone().unwrap().mismatch.is_some());
        for seconds in [-901, 901] {
            product.assert_told(&send(&root, seconds), 3);
        }
        let etl = lab.session("etl");
        product.assert_told(&send(&etl.clone().with_token("nonsense"), 0), 4);
        product.assert_told(&send(&lab.user("demo", "guest"), 0), 6);
        for actor in [&root, &lab.user("demo", "ci"), &etl] {
            for seconds in [-900, 900] {
                product.assert_told(&send(actor, seconds), 7);
            }
        }
        let record = lab.last_record();
        assert_eq!((record.style, record.product), (product.style, Some(product.name)));
        lab.advance_clock("1h");
        product.assert_told(&send(&etl, 0), 5);
    }
}

#[test]
fn signed_parts_of_a_request_cannot_be_changed() {
    for product in &PRODUCTS {
        let lab = Lab::with_scenario(SEED);
        let root = lab.root("demo");
        let changed = |change: &dyn Fn(&mut Request<Bytes>)| {
            let mut request = (product.send)(&root, 0);
            change(&mut request);
            product.assert_told(&lab.send(&request), 2);
        };
        changed(&|request| *request.uri_mut() = format!("{}x", request.uri()).parse().unwrap());
        let own = match product.name {
            "MNS" => "x-mns-other",
            "FC" => "x-fc-other",
            _ => "x-ots-other",
        };
        changed(&|request| _ = request.headers_mut().insert(own, "1".parse().unwrap()));
        if product.name != "Ots" {
            changed(&|request| *request.method_mut() = http::Method::PUT);
        }
    }
}

#[test]
fn a_body_must_fit_its_digest() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    for (at, code, text) in [
        (0, "InvalidDegist", "The Content-MD5 you specified is invalid."),
        (2, "OTSAuthFailed", "Mismatch between MD5 value of request body and x-ots-contentmd5 in header."),
    ] {
        let product = &PRODUCTS[at];
        let mut request = (product.send)(&root, 0);
        *request.body_mut() = Bytes::from_static(b"other");
        let (told, message) = (product.told)(&lab.send(&request));
        assert_eq!((told.as_str(), message.as_str()), (code, text));
    }
}

#[test]
fn what_is_missing_is_named() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    for (at, header, status, code, text) in [
        (0, "authorization", 400, "MissingAuthorizationHeader", "Authorization header is required."),
        (0, "date", 400, "MissingDateHeader", "Date header is required."),
        (1, "date", 400, "MissingRequiredHeader", "required HTTP header Date was not specified"),
        (2, "x-ots-date", 400, "OTSParameterInvalid", "Missing header: 'x-ots-date'."),
        (2, "x-ots-signature", 400, "OTSParameterInvalid", "Missing header: 'x-ots-signature'."),
    ] {
        let product = &PRODUCTS[at];
        let mut request = (product.send)(&root, 0);
        request.headers_mut().remove(header);
        let reply = lab.send(&request);
        let (told, message) = (product.told)(&reply);
        assert_eq!((reply.status, told.as_str(), message.as_str()), (status, code, text));
    }
    for (at, header, value, status, code) in [
        (0, "authorization", "MNS key", 400, "InvalidAuthorizationHeader"),
        (0, "date", "today", 400, "InvalidDateHeader"),
        (1, "authorization", "FC key", 400, "InvalidArgument"),
        (1, "date", "today", 400, "InvalidArgument"),
        (2, "x-ots-date", "today", 400, "OTSParameterInvalid"),
    ] {
        let product = &PRODUCTS[at];
        let mut request = (product.send)(&root, 0);
        request.headers_mut().insert(header, value.parse().unwrap());
        let reply = lab.send(&request);
        assert_eq!((reply.status, (product.told)(&reply).0.as_str()), (status, code));
    }
    let unsigned = |host: &str, path: &str| {
        lab.send(&Request::get(path).header("host", host).body(Bytes::new()).unwrap())
    };
    let host = format!("{UID}.cn-hangzhou.fc.aliyuncs.com");
    let told = told_in_json(&unsigned(&host, "/2016-08-15/services"));
    assert_eq!(told.1, "required HTTP header Authorization was not specified");
    let reply = unsigned("my-instance.cn-hangzhou.ots.aliyuncs.com", "/ListTable");
    assert_eq!((reply.status, told_in_protobuf(&reply).0.as_str()), (405, "OTSMethodNotAllowed"));
}

#[test]
fn a_host_of_another_account_is_refused_before_the_signature() {
    let lab = Lab::with_scenario(SEED);
    let wrong = lab.actor(&lab.root("demo").key, "wrongSecret");
    let owner = lab.uid("other");

    let host = &format!("{owner}.mns.cn-hangzhou.aliyuncs.com");
    let reply = lab.send(&Own { host, target: "/queues", ..Own::default() }.mns(&wrong));
    PRODUCTS[0].assert_told(&reply, 6);
    assert_eq!(xml_text(&reply.body, "HostId"), format!("http://{host}"));
    assert_eq!(xml_text(&reply.body, "RequestId"), reply.headers["x-mns-request-id"]);
    let host = &format!("{owner}.cn-hangzhou.fc.aliyuncs.com");
    let reply = lab.send(&Own { host, target: "/2016-08-15/services", ..Own::default() }.fc(&wrong));
    assert_eq!(told_in_json(&reply).1, "The service or function doesn't belong to you.");

    let host = &format!("{UID}.mns.cn-beijing-internal.aliyuncs.com");
    let reply = lab.send(&Own { host, target: "/queues", ..Own::default() }.mns(&lab.root("demo")));
    PRODUCTS[0].assert_told(&reply, 7);
    assert_eq!(lab.last_record().params.get("RegionId"), Some("cn-beijing"));
}

#[test]
fn permissions_go_by_the_resource_of_a_request() {
    let lab = Lab::with_scenario(SEED);
    let ci = lab.user("demo", "ci");
    let mns = |method: &str, target: &str| lab.send(&Own { method, target, ..Own::default() }.mns(&ci));
    let fc = |method: &str, target: &str| lab.send(&Own { method, target, ..Own::default() }.fc(&ci));
    let ots = |target: &str, body: &[u8]| lab.send(&Own { target, body, ..Own::default() }.ots(&ci, None));

    PRODUCTS[0].assert_told(&mns("GET", "/queues/my-jobs/messages?waitseconds=3"), 7);
    PRODUCTS[0].assert_told(&mns("GET", "/queues/others/messages"), 6);
    PRODUCTS[0].assert_told(&mns("DELETE", "/queues/my-jobs"), 6);
    let denied = told_in_json(&fc("GET", "/2016-08-15/services?limit=3")).1;
    let resource = format!("acs:fc:cn-hangzhou:{UID}:services/*");
    assert_eq!(
        denied,
        format!("the caller is not authorized to perform 'fc:ListServices' on resource '{resource}'")
    );
    let two = b"\x0a\x08\x0a\x06orders\x0a\x07\x0a\x05items";
    PRODUCTS[2].assert_told(&ots("/BatchGetRow", &two[..10]), 7);
    PRODUCTS[2].assert_told(&ots("/BatchGetRow", two), 6);
    PRODUCTS[2].assert_told(&ots("/PutRow", ORDERS), 6);
    PRODUCTS[2].assert_told(&ots("/ListTable", b""), 6);
}

#[test]
fn a_stub_answers_for_fc_and_the_state_of_the_account_refuses() {
    let lab = Lab::with_scenario(SEED);
    let root = lab.root("demo");
    let list = Own { target: "/2016-08-15/services", ..Own::default() };
    let reply = lab.send(&list.fc(&root));
    assert_eq!((reply.status, reply.body.as_str()), (200, r#"{"services":[{"serviceName":"shop"}]}"#));
    assert_eq!(reply.headers["x-fc-request-id"].len(), 36);

    let uid = Uid(1_234_567_890_123_456);
    let now = lab.world().clock.now().resource;
    let done: Result<_, Refusal> = lab.world().commit(now, By::OURSELVES, |tx: &mut Tx<'_>| {
        tx.account_of(uid)?.0.affairs_mut().set_business("FC", "activated", "false");
        tx.set_standing(uid, Some(Status::ArrearsShutdown), None, None)
    });
    done.unwrap();
    let denied = told_in_json(&lab.send(&list.fc(&root)));
    assert_eq!(denied, ("AccessDenied".to_owned(), "FC service is not enabled for current user.".to_owned()));
    let ots = (PRODUCTS[2].send)(&root, 0);
    assert_eq!(told_in_protobuf(&lab.send(&ots)).1, "The user is disabled.");
}
