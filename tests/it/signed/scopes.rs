//! V4 credentials are good for one product, one region and one day. Source: docs/evidence/account.md 6.4.

use crate::support::doors::{Odps, Oss, OssForm, xml_text};
use crate::support::{Lab, NOW, Reply};
use alimock::text::Timestamp;

const SEED: &str = "accounts: [{name: demo, keys: [{id: LTAI5tDemoRootKey, secret: demoRootSecret}], projects: [{name: one}], \
     buckets: [{name: scoped, region: cn-hangzhou}]}]";

#[track_caller]
fn assert_scope_refused(reply: &Reply, text: &str, ec: Option<&str>) {
    assert_eq!(reply.assert_oss_refused(400, "InvalidArgument"), text);
    let found = reply.body.contains("<EC>").then(|| xml_text(&reply.body, "EC"));
    assert_eq!(found.as_deref(), ec);
}

#[test]
fn a_credential_for_another_region_is_refused() {
    let lab = Lab::with_scenario(SEED);
    let text = "Invalid signing region in Authorization header.";
    for form in [OssForm::V4, OssForm::V4Url] {
        // The host tells the region, or the bucket does.
        for host in ["scoped.oss-cn-hangzhou.aliyuncs.com", "127.0.0.1:4588"] {
            let call = |region| {
                let call =
                    Oss { form, bucket: "scoped", host, region, query: &[("acl", "")], ..Oss::default() };
                lab.send(&call.signed(&lab.root("demo")))
            };
            assert_scope_refused(&call("cn-beijing"), text, Some("0002-00000226"));
            let ec = if form == OssForm::V4 { "0002-00000213" } else { "0002-00000224" };
            assert_scope_refused(&call(""), "Authorization header is invalid.", Some(ec));
            assert_eq!(call("cn-hangzhou").status, 200, "{form:?} {host}");
        }
    }
}

#[test]
fn a_credential_for_another_product_or_day_is_refused() {
    let lab = Lab::with_scenario(SEED);
    let send = |from: &str, to: &str| {
        let mut request = Oss { form: OssForm::V4, ..Oss::default() }.signed(&lab.root("demo"));
        let authorization = request.headers()["authorization"].to_str().unwrap().replace(from, to);
        request.headers_mut().insert("authorization", authorization.parse().unwrap());
        lab.send(&request)
    };
    let text = "Invalid signing product in Authorization header.";
    assert_scope_refused(&send("/oss/", "/oss-cloudbox/"), text, Some("0002-00000227"));
    let reply = send("/20261122/", "/20261121/");
    assert_scope_refused(&reply, "Invalid signing date in Authorization header.", None);
    assert_eq!(xml_text(&reply.body, "ServerTime"), NOW.replace('Z', ".000Z"));
}

#[test]
fn a_maxcompute_credential_is_valid_only_for_its_region_and_day() {
    let lab = Lab::with_scenario(SEED);
    let host = "service.cn-hangzhou.maxcompute.aliyun.com";
    let send = |region, to: Option<&str>| {
        let call = Odps { host, base: "/api", region: Some(region), ..Odps::default() };
        let mut request = call.signed(&lab.root("demo"));
        if let Some(day) = to {
            let authorization = request.headers()["authorization"].to_str().unwrap().replace("20261122", day);
            request.headers_mut().insert("authorization", authorization.parse().unwrap());
        }
        lab.send(&request)
    };
    assert_eq!(send("cn-hangzhou", None).status, 200);
    send("cn-beijing", None).assert_odps_refused(400, "InvalidParameter", "ODPS-0410011");
    send("cn-hangzhou", Some("20261121")).assert_odps_refused(400, "InvalidParameter", "ODPS-0410011");
    assert!(Timestamp::parse_signed(NOW).is_some());
}
