//! `Location` `DescribeEndpoints`: clients that look hosts up are led to where they came from.

use crate::support::{Actor, Lab, Reply};
use http::HeaderValue;
use serde_json::json;

const VERSION: &str = "2015-06-12";

fn describe_endpoints(actor: &Actor, host: &'static str, params: &[(&str, &str)]) -> Reply {
    let mut request = actor.request(VERSION, "DescribeEndpoints", params);
    request.headers_mut().insert("host", HeaderValue::from_static(host));
    actor.lab.send(&request)
}

const IMS: [(&str, &str); 3] = [("Id", "cn-hangzhou"), ("ServiceCode", "ims"), ("Type", "openAPI")];

#[test]
fn an_endpoint_is_returned_in_the_format_that_sdks_read() {
    let lab = Lab::new();

    let mut body = describe_endpoints(&lab.root("demo"), "location-readonly.aliyuncs.com", &IMS).assert_ok();

    assert!(body["RequestId"].take().is_string());
    let endpoint = json!({
        "Endpoint": "ims.aliyuncs.com",
        "Id": "cn-hangzhou",
        "Namespace": "",
        "Protocols": {"Protocols": ["HTTP", "HTTPS"]},
        "SerivceCode": "ims",
        "Type": "openAPI",
    });
    assert_eq!(body, json!({"RequestId": null, "Endpoints": {"Endpoint": [endpoint]}, "Success": true}));
    let xml = describe_endpoints(&lab.root("demo").in_xml(), "location-readonly.aliyuncs.com", &IMS).body;
    assert!(xml.contains("<Endpoints><Endpoint><Endpoint>ims.aliyuncs.com</Endpoint>"), "{xml}");
}

#[test]
fn clients_that_use_an_alimock_name_get_that_name_as_the_endpoint() {
    let lab = Lab::new();
    for (host, expected) in [
        ("127.0.0.1:4588", "127.0.0.1:4588"),
        ("alimock:4588", "alimock:4588"),
        ("location-readonly.localhost:4588", "ims.localhost:4588"),
    ] {
        let body = describe_endpoints(&lab.root("demo"), host, &IMS).assert_ok();
        assert_eq!(body["Endpoints"]["Endpoint"][0]["Endpoint"], expected, "{host}");
    }
}

#[test]
fn a_user_without_any_policy_may_look_up_and_a_caller_without_a_key_may_not() {
    let lab = Lab::with_scenario("accounts: [{name: demo, users: [{name: ci, keys: [{}]}]}]");

    describe_endpoints(&lab.user("demo", "ci"), "location-readonly.aliyuncs.com", &IMS).assert_ok();
    describe_endpoints(&lab.actor("LTAI5tNoSuchKey00001", "s"), "location-readonly.aliyuncs.com", &IMS)
        .assert_refused(404, "InvalidAccessKeyId.NotFound");
}

#[test]
fn unknown_regions_products_and_types_have_no_endpoint() {
    let lab = Lab::new();
    let ask = |id, service, kind| {
        let params = [("Id", id), ("ServiceCode", service), ("Type", kind)];
        describe_endpoints(&lab.root("demo"), "location-readonly.aliyuncs.com", &params)
    };

    let text = ask("cn-nowhere", "ims", "openAPI").assert_refused(404, "InvalidRegionId");
    assert_eq!(text, "The specified region does not exist.");
    let text = ask("cn-hangzhou", "nosuch", "openAPI").assert_refused(400, "Illegal Parameter");
    assert_eq!(text, "Please check the parameters");
    ask("cn-hangzhou", "nosuch", "innerAPI").assert_refused(400, "Illegal Parameter");
    assert_eq!(ask("cn-hangzhou", "ims", "innerAPI").assert_ok()["Endpoints"]["Endpoint"], json!([]));
    assert_eq!(ask("cn-hangzhou", "agency", "innerAPI").assert_ok()["Endpoints"]["Endpoint"], json!([]));
    let missing = |id: &[(&str, &str)], code: &str| {
        lab.root("demo").call(VERSION, "DescribeEndpoints", id).assert_refused(400, code)
    };
    assert_eq!(missing(&[], "MissingId"), "Id is mandatory for this action.");
    missing(&[("Id", "cn-hangzhou")], "MissingServiceCode");
}

#[test]
fn hosts_depend_on_product_region_and_type() {
    let lab = Lab::new();
    let host = "location.aliyuncs.com";
    let ask = |host, id, service, kind| {
        describe_endpoints(&lab.root("demo"), host, &[("Id", id), ("ServiceCode", service), ("Type", kind)])
    };
    let endpoint = |id, service, kind| {
        ask(host, id, service, kind).assert_ok()["Endpoints"]["Endpoint"][0]["Endpoint"].clone()
    };

    assert_eq!(endpoint("cn-hangzhou", "pvtz", "openAPI"), "pvtz.aliyuncs.com");
    let told = ask(host, "cn-beijing", "pvtz", "openAPI").assert_refused(404, "InvalidRegionId");
    assert_eq!(told, "The specified region does not exist.");
    ask("127.0.0.1:4588", "cn-beijing", "pvtz", "openAPI").assert_refused(404, "InvalidRegionId");
    assert_eq!(endpoint("cn-hangzhou", "ecs", "openAPI"), "ecs-cn-hangzhou.aliyuncs.com");
    assert_eq!(endpoint("eu-central-1", "ecs", "openAPI"), "ecs.eu-central-1.aliyuncs.com");
    // Location has no public host of RAM; a client that came by alimock's own name is not sent to the real one.
    assert_eq!(endpoint("cn-hangzhou", "ram", "openAPI"), json!(null));
    assert_eq!(endpoint("cn-hangzhou", "ram", "innerAPI"), "ram-share.aliyuncs.com");
    let own = ask("127.0.0.1:4588", "cn-hangzhou", "ram", "openAPI").assert_ok();
    assert_eq!(own["Endpoints"]["Endpoint"][0]["Endpoint"], "127.0.0.1:4588");
    // A product that the table lacks follows the rule of the SDKs.
    assert_eq!(endpoint("cn-hangzhou", "accountcenter", "openAPI"), "accountcenter.cn-hangzhou.aliyuncs.com");
}
