//! Hosts of OSS: region, bucket, methods and preflights. Source: docs/evidence/account.md 6.4.

use super::{lab, request_about};
use crate::support::doors::{OSS_FORMS, Oss, xml_text};
use crate::support::{Lab, Reply};
use bytes::Bytes;
use http::Request;

#[test]
fn a_bucket_is_addressed_at_the_host_of_its_region() {
    let lab = lab();
    let root = lab.root("demo");
    for form in OSS_FORMS {
        let call = |host: &str, region: &str, query: &[(&str, &str)]| {
            root.oss(&Oss { form, host, region, ..request_about("GET", "demo-logs", query) })
        };
        for (host, endpoint) in [
            ("demo-logs.oss-cn-hangzhou.aliyuncs.com", "oss-cn-beijing.aliyuncs.com"),
            ("demo-logs.oss-cn-hangzhou-internal.aliyuncs.com", "oss-cn-beijing-internal.aliyuncs.com"),
            ("demo-logs.cn-hangzhou.oss.aliyuncs.com", "oss-cn-beijing.aliyuncs.com"),
        ] {
            let refused = call(host, "cn-hangzhou", &[("acl", "")]);

            let text = "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.";
            assert_eq!(refused.assert_oss_refused(403, "AccessDenied"), text, "{form:?} {host}");
            let elements = ["Bucket", "Endpoint", "EC"].map(|name| xml_text(&refused.body, name));
            assert_eq!(elements, ["demo-logs", endpoint, "0003-00001403"]);
            // These work at the host of every region.
            assert_eq!(call(host, "cn-hangzhou", &[("bucketInfo", "")]).status, 200);
            assert_eq!(call(host, "cn-hangzhou", &[("location", "")]).status, 200);
        }
        for host in [
            "demo-logs.oss-cn-beijing.aliyuncs.com",
            "demo-logs.oss-accelerate.aliyuncs.com",
            "127.0.0.1:4588",
        ] {
            assert_eq!(call(host, "cn-beijing", &[("acl", "")]).status, 200, "{form:?} {host}");
        }
    }
}

#[test]
fn a_bucket_in_the_path_is_refused_at_a_host_of_oss() {
    let lab = lab();
    let root = lab.root("demo");
    for host in [
        "oss-cn-hangzhou.aliyuncs.com",
        "oss-cn-hangzhou-internal.aliyuncs.com",
        "oss-accelerate.aliyuncs.com",
    ] {
        for (method, query) in [("GET", &[("acl", "")][..]), ("PUT", &[])] {
            let refused = root.oss(&Oss { host, ..request_about(method, "demo-data", query) });
            refused.assert_oss_refused(403, "SecondLevelDomainForbidden");
            assert_eq!(xml_text(&refused.body, "EC"), "0003-00001401");
        }
        assert_eq!(root.oss(&Oss { host, ..Oss::default() }).status, 200);
    }
}

/// OSS finds the bucket before it looks at the credential.
#[test]
fn the_bucket_is_looked_up_before_the_signature() {
    let lab = lab();
    let root = lab.root("demo");
    let wrong = lab.actor(&root.key, "wrongSecret");
    wrong.oss(&request_about("GET", "nowhere", &[])).assert_oss_refused(404, "NoSuchBucket");
    let host = "demo-logs.oss-cn-hangzhou.aliyuncs.com";
    let elsewhere = wrong.oss(&Oss { host, ..request_about("GET", "demo-logs", &[]) });
    assert_eq!(xml_text(&elsewhere.body, "EC"), "0003-00001403");
    // An unknown key may belong to another world, which has the bucket.
    let unknown = lab.actor("LTAI5tNobodyHasThis00", "secret");
    unknown.oss(&request_about("GET", "nowhere", &[])).assert_oss_refused(403, "InvalidAccessKeyId");
}

#[test]
fn a_bucket_that_one_has_already_stays_as_it_is() {
    let lab = lab();
    let root = lab.root("demo");
    let put = |host: &str, bucket, class: &str| {
        let body = format!(
            "<CreateBucketConfiguration><StorageClass>{class}</StorageClass></CreateBucketConfiguration>"
        );
        let body = if class.is_empty() { String::new() } else { body };
        root.oss(&Oss { host, body: &body, ..request_about("PUT", bucket, &[]) })
    };
    let elsewhere = put("demo-data.oss-cn-beijing.aliyuncs.com", "demo-data", "");
    let text = elsewhere.assert_oss_refused(409, "BucketAlreadyExists");
    assert_eq!(text, "Bucket already exists can't modify location.");
    let here = "demo-logs.oss-cn-beijing.aliyuncs.com";
    let text = put(here, "demo-logs", "Archive").assert_oss_refused(409, "BucketAlreadyExists");
    assert_eq!(text, "Cannot modify existing bucket's storage class.");
    assert_eq!((put(here, "demo-logs", "IA").status, put(here, "demo-logs", "").status), (200, 200));
}

fn unsigned(lab: &Lab, method: &str, target: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder()
        .method(method)
        .uri(target)
        .header("host", "demo-data.oss-cn-hangzhou.aliyuncs.com");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    lab.send(&request.body(Bytes::new()).unwrap())
}

/// Observed: hujinchen/Image_upload_aliyun 2.
#[test]
fn a_method_that_the_resource_does_not_have_is_refused() {
    let lab = lab();
    for (method, target, kind) in [
        ("POST", "/a.txt", "Object"),
        ("POST", "/", "Bucket"),
        ("PATCH", "/a.txt", "Object"),
        ("TRACE", "/", "Bucket"),
    ] {
        let refused = unsigned(&lab, method, target, &[]);
        refused.assert_oss_refused(405, "MethodNotAllowed");
        assert_eq!(refused.headers["allow"], "GET DELETE HEAD PUT POST OPTIONS");
        let elements = ["Method", "ResourceType"].map(|name| xml_text(&refused.body, name));
        assert_eq!(elements, [method, kind]);
    }
}

#[test]
fn a_preflight_is_refused_because_buckets_have_no_rules() {
    let lab = lab();
    let origin = ("origin", "https://shop.example");
    let asked = [origin, ("access-control-request-method", "PUT")];

    let refused = unsigned(&lab, "OPTIONS", "/a.txt", &asked);

    let text = refused.assert_oss_refused(403, "AccessForbidden");
    assert_eq!(text, "CORSResponse: CORS is not enabled for this bucket.");
    assert_eq!(xml_text(&refused.body, "EC"), "0003-00000601");
    for (headers, ec) in [(&[][..], "0034-00000101"), (&[origin][..], "0034-00000102")] {
        let refused = unsigned(&lab, "OPTIONS", "/", headers);
        refused.assert_oss_refused(400, "InvalidArgument");
        assert_eq!(xml_text(&refused.body, "EC"), ec);
    }
}

/// Source: treeverse/lakeFS 3613 (2022-07), vectordotdev/vector 20746 (2024-06), electron-userland/electron-builder 8674 (2024-11).
#[test]
fn a_client_of_s3_with_the_bucket_in_the_path_is_told_in_words_of_s3() {
    let lab = lab();
    for authorization in [
        "AWS LTAI5tNobody:c2ln",
        "AWS4-HMAC-SHA256 Credential=LTAI5tNobody/20261122/cn-hangzhou/s3/aws4_request, SignedHeaders=host, Signature=00",
    ] {
        let request = Request::put("/demo-data/dummy")
            .header("host", "oss-cn-hangzhou.aliyuncs.com")
            .header("authorization", authorization);
        let refused = lab.send(&request.body(Bytes::new()).unwrap());
        let text = refused.assert_oss_refused(403, "SecondLevelDomainForbidden");
        assert_eq!(text, "Please use virtual hosted style to access.");
        assert_eq!(xml_text(&refused.body, "EC"), "0003-00001401");
    }
}

#[test]
fn the_oldest_host_means_the_first_region() {
    let lab = lab();
    let root = lab.root("demo");
    let call = |host, bucket| root.oss(&Oss { host, ..request_about("GET", bucket, &[("acl", "")]) });
    assert_eq!(call("demo-data.oss.aliyuncs.com", "demo-data").status, 200);
    let elsewhere = call("demo-logs.oss.aliyuncs.com", "demo-logs");
    assert_eq!(xml_text(&elsewhere.body, "Endpoint"), "oss-cn-beijing.aliyuncs.com");
}
