//! Stubs of operations that alimock does not run: a scenario answers them. Source: docs/evidence/account.md 6.4.

use super::request_about;
use crate::support::doors::{Oss, OssForm, xml_text};
use crate::support::{Actor, Lab, Reply};
use alimock::Scenario;

const FILMS: &str = r#"
accounts:
  - name: demo
    uid: 1234567890123456
    keys: [{}]
    roles:
      - name: uploader
        policies: [AliyunOSSAll]
        sessions: [{name: app, expires: 15m}]
    policies: [{name: AliyunOSSAll, document: {Version: "1", Statement: [{Effect: Allow, Action: "oss:*", Resource: "*"}]}}]
    users: [{name: guest, keys: [{}]}]
    buckets: [{name: films}]
  - {name: other, keys: [{}]}
stubs:
  - {product: Oss, action: InitiateMultipartUpload, body: {Bucket: films, Key: "${param.Object}", UploadId: u1}}
  - {product: Oss, action: PutObject}
  - {product: Oss, action: UploadPart, headers: {ETag: '"E${param.partNumber}"', x-oss-hash-crc64ecma: "0"}}
  - {product: Oss, action: CompleteMultipartUpload, body: {Bucket: films, Key: a.mkv, ETag: '"E"'}}
  - {product: Oss, action: AbortMultipartUpload}
  - {product: Oss, action: GetObject, headers: {Content-Type: text/plain}, body: "hello ${accountId}"}
  - {product: Oss, action: ListObjectsV2, body: {Name: films, KeyCount: 1, Contents: [{Key: a.mkv, Size: 3}]}}
  - {product: Oss, action: "Put*Tagging", status: 204}
  - {product: Odps, action: GetTables, body: {Tables: {MaxItems: 10}}}
faults:
  - {name: once, match: {product: Oss, action: PutObject, param: {Object: slow}}, do: {error: {code: UserDisable}}}
"#;

fn call(actor: &Actor, method: &str, key: &str, query: &[(&str, &str)]) -> Reply {
    actor.oss(&Oss { form: OssForm::V4, key, ..request_about(method, "films", query) })
}

#[test]
fn an_upload_in_parts_is_answered_until_the_session_ends() {
    let lab = Lab::with_scenario(FILMS);
    let app = super::session_of_role(&lab, "app");

    let started = call(&app, "POST", "a.mkv", &[("uploads", "")]);

    assert_eq!((started.status, started.headers["content-type"].to_str().unwrap()), (200, "application/xml"));
    let root =
        "<InitiateMultipartUploadResult><Bucket>films</Bucket><Key>a.mkv</Key><UploadId>u1</UploadId></";
    assert!(started.body.contains(root), "{}", started.body);
    assert_eq!(started.headers["server"], "AliyunOSS");
    let part = |number| call(&app, "PUT", "a.mkv", &[("partNumber", number), ("uploadId", "u1")]);
    let first = part("1");
    assert_eq!(
        (first.status, first.body.as_str(), &first.headers["etag"]),
        (200, "", &"\"E1\"".parse().unwrap())
    );
    lab.advance_clock("16m");
    part("2").assert_oss_refused(403, "SecurityTokenExpired");
    let root = lab.root("demo");
    let done = call(&root, "POST", "a.mkv", &[("uploadId", "u1")]);
    assert!(done.body.contains("<CompleteMultipartUploadResult><Bucket>"), "{}", done.body);
    assert_eq!(call(&root, "DELETE", "a.mkv", &[("uploadId", "u1")]).status, 204);
}

#[test]
fn contents_lists_and_statuses_are_those_of_the_stub() {
    let lab = Lab::with_scenario(FILMS);
    let root = lab.root("demo");

    let object = call(&root, "GET", "a.txt", &[]);
    assert_eq!(
        (object.body.as_str(), &object.headers["content-type"]),
        ("hello 1234567890123456", &"text/plain".parse().unwrap())
    );
    let listed = call(&root, "GET", "", &[("list-type", "2")]);
    let body = "<ListBucketResult><Name>films</Name><KeyCount>1</KeyCount><Contents><Key>a.mkv</Key><Size>3</Size></Contents></ListBucketResult>";
    assert!(listed.body.ends_with(body), "{}", listed.body);
    assert_eq!(call(&root, "PUT", "a.txt", &[("tagging", "")]).status, 204);
    call(&root, "GET", "", &[]).assert_oss_refused(400, "NotImplemented");
    assert!(root.odps("/projects/x/tables").body.contains("<Tables><MaxItems>10</MaxItems></Tables>"));
}

#[test]
fn a_stub_answers_only_who_may_use_the_bucket() {
    let lab = Lab::with_scenario(FILMS);

    call(&lab.user("demo", "guest"), "GET", "a.txt", &[]).assert_oss_refused(403, "AccessDenied");
    call(&lab.root("other"), "GET", "a.txt", &[]).assert_oss_refused(403, "AccessDenied");
    let nowhere = Oss { key: "a", ..request_about("GET", "nowhere", &[]) };
    lab.root("demo").oss(&nowhere).assert_oss_refused(404, "NoSuchBucket");
}

/// Names by method and resource were those of all requests before operations had their own.
#[test]
fn a_name_by_method_and_resource_works_too() {
    let stubs = r#"
accounts: [{name: demo, keys: [{}], buckets: [{name: films}]}]
stubs:
  - {product: Oss, action: PostObjectUploads, body: {UploadId: u1}}
  - {product: Oss, action: "PutObject*"}
faults:
  - {match: {product: Oss, action: PostObjectRestore}, do: {error: {code: UserDisable}}}
  - {match: {product: Oss, action: PutObject, param: {Object: slow}}, do: {error: {code: UserDisable}}}
"#;
    let lab = Lab::with_scenario(stubs);
    let root = lab.root("demo");

    assert_eq!(xml_text(&call(&root, "POST", "a", &[("uploads", "")]).body, "UploadId"), "u1");
    assert_eq!(lab.last_record().action, "InitiateMultipartUpload");
    assert_eq!(call(&root, "PUT", "a", &[]).status, 200);
    assert_eq!(call(&root, "PUT", "a", &[("partNumber", "1"), ("uploadId", "u")]).status, 200);
    call(&root, "POST", "a", &[("restore", "")]).assert_oss_refused(403, "UserDisable");
    call(&root, "PUT", "slow", &[]).assert_oss_refused(403, "UserDisable");
    // `PutObject` is an operation of its own, so the rule is not for parts.
    assert_eq!(call(&root, "PUT", "slow", &[("partNumber", "1"), ("uploadId", "u")]).status, 200);
}

#[test]
fn names_and_headers_that_can_never_answer_are_refused() {
    let check = |stub: &str| {
        let file = format!("accounts: [{{name: demo, keys: [{{}}]}}]\nstubs: [{{product: Oss, {stub}}}]");
        Scenario::parse(&file).err().map(|problems| format!("{problems:?}")).unwrap_or_default()
    };

    for good in [
        "action: UploadPart",
        "action: PostObjectUploads",
        "action: 'Put*'",
        "action: GetObject, headers: {ETag: a}",
    ] {
        assert_eq!(check(good), "", "{good}");
    }
    for (bad, told) in [
        ("action: UploadParts", "did you mean `UploadPart`?"),
        ("action: PutBucket", "alimock runs `PutBucket`"),
        ("action: Nothing*", "no action that fits"),
        ("action: GetObject, headers: {Content-Length: '3'}", "alimock sets `Content-Length` itself"),
        ("action: GetObject, headers: {'a b': c}", "is no name of a header"),
        ("action: GetObject, headers: {ETag: '${etag}'}", "there is no variable `${etag}`"),
    ] {
        assert!(check(bad).contains(told), "{bad}: {}", check(bad));
    }
}
