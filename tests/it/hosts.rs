//! Names of hosts tell the product and the world of a call. Source: docs/evidence/gateway.md section 9.

use crate::support::doors::{Oss, xml_text};
use crate::support::sign::Form;
use crate::support::{Lab, Reply};
use alimock::Scenario;
use alimock::gateway::{Gateway, Rules};
use alimock::text::{Scalar, WorldName};
use alimock::world::{Settings, Worlds};
use bytes::Bytes;
use http::{HeaderValue, Request};
use std::sync::Arc;

fn send_to_host(lab: &Lab, host: &str, version: &str) -> Reply {
    let target = format!("/?Action=Nothing&Version={version}&Format=JSON");
    lab.send(&Request::get(target).header("host", host).body(Bytes::new()).unwrap())
}

/// The hosts of the facts, public, for networks and for tests, by product and a version that it has.
// A table reads by rows.
#[rustfmt::skip]
const HOSTS: &[(&str, &str, &[&str])] = &[
    ("Ram", "2015-05-01", &["ram.aliyuncs.com", "RAM.aliyuncs.com:443", "ram.vpc-proxy.aliyuncs.com", "ram-share.aliyuncs.com", "ram.localhost:4588", "ram", "ram:4588", "ram-vpc.cn-hangzhou.localhost"]),
    ("Ims", "2019-08-15", &["ims.aliyuncs.com", "ims.vpc-proxy.aliyuncs.com", "https://ims.aliyuncs.com/", "ims.localhost"]),
    ("Sts", "2015-04-01", &["sts.aliyuncs.com", "sts.cn-hangzhou.aliyuncs.com", "sts.ap-southeast-1.aliyuncs.com", "sts-vpc.cn-beijing.aliyuncs.com", "sts-internal.cn-beijing.aliyuncs.com", "sts.cn-hangzhou.localhost", "sts-vpc"]),
    ("ResourceManager", "2020-03-31", &["resourcemanager.aliyuncs.com", "resourcemanager.vpc-proxy.aliyuncs.com", "resourcemanager-vpc.cn-hangzhou.aliyuncs.com"]),
    ("ResourceDirectoryMaster", "2022-04-19", &["resourcedirectory.aliyuncs.com", "resourcedirectory-intl.aliyuncs.com", "resourcedirectorymaster.aliyuncs.com", "resourcedirectory.vpc-proxy.aliyuncs.com"]),
    ("ResourceCenter", "2022-12-01", &["resourcecenter.aliyuncs.com", "resourcecenter-intl.aliyuncs.com", "resourcecenter.vpc-proxy.aliyuncs.com"]),
    ("BssOpenApi", "2017-12-14", &["business.aliyuncs.com", "business.ap-southeast-1.aliyuncs.com", "business-vpc.cn-hangzhou.aliyuncs.com", "business.vpc-proxy.aliyuncs.com", "business-intl.vpc-proxy.aliyuncs.com"]),
    ("account-crm", "2016-06-06", &["account-crm.aliyuncs.com"]),
    ("AccountCenter", "2024-12-09", &["accountcenter.cn-hangzhou.aliyuncs.com", "accountcenter-intl.aliyuncs.com"]),
    ("Cloudauth", "2019-03-07", &["cloudauth.aliyuncs.com", "cloudauth.cn-beijing.aliyuncs.com", "cloudauth.cn-qingdao.aliyuncs.com", "cloudauth-vpc.cn-beijing.aliyuncs.com"]),
    ("Agency", "2022-12-16", &["agency.aliyuncs.com", "agency.cn-hangzhou.aliyuncs.com"]),
    ("Alidns", "2015-01-09", &["alidns.aliyuncs.com", "dns.aliyuncs.com", "alidns.cn-hangzhou.aliyuncs.com"]),
    ("CloudSSO", "2021-05-15", &["cloudsso.cn-shanghai.aliyuncs.com", "cloudsso-vpc.cn-shanghai.aliyuncs.com"]),
    ("Location", "2015-06-12", &["location-readonly.aliyuncs.com", "location.aliyuncs.com", "location-readonly"]),
];

#[test]
fn every_documented_host_selects_its_product_and_refuses_other_versions() {
    let lab = Lab::new();
    for (product, version, hosts) in HOSTS {
        for host in *hosts {
            let other = if *product == "Ram" { "2015-04-01" } else { "2015-05-01" };
            // The product is noted once the version is one of its own.
            let _ = send_to_host(&lab, host, version);
            assert_eq!(lab.last_record().product, Some(*product), "{host}");
            send_to_host(&lab, host, other).assert_refused(400, "InvalidVersion");
        }
    }
}

#[test]
fn a_host_of_alibaba_cloud_that_no_product_has_is_refused() {
    let lab = Lab::new();
    for host in [
        "nosuch.aliyuncs.com",
        "aliyuncs.com",
        "nosuch.cn-hangzhou.aliyuncs.com",
        "ram.example.alibabacloud.com",
        "oauth.alibabacloud.com",
        "oauth.aliyun.com",
        "signin.aliyun.com",
        "1234567890123456.signin.aliyun.com",
    ] {
        send_to_host(&lab, host, "2015-05-01").assert_refused(404, "InvalidProduct.NotFound");
    }
    // Where the host is none of theirs, the version tells.
    for host in
        ["127.0.0.1:4588", "localhost", "alimock:4588", "host.docker.internal:4588", "aliyuncs.com.example"]
    {
        let _ = send_to_host(&lab, host, "2015-05-01");
        assert_eq!(lab.last_record().product, Some("Ram"), "{host}");
    }
}

#[test]
fn a_host_of_a_protocol_that_alimock_does_not_speak_says_so_in_json() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo}]\nstubs: [{product: dh-cn-beijing, version: '2018-01-01', action: ListProject, body: {}}]",
    );
    for (host, product) in [
        ("0123.cryptoservice.kms.aliyuncs.com", "a KMS instance"),
        ("es-cn-0001.elasticsearch.aliyuncs.com:9200", "Elasticsearch"),
        ("1234567890123456.eventbridge.cn-hangzhou.aliyuncs.com", "EventBridge (events)"),
        ("1234567890123456.mqrest.cn-hangzhou-internal.aliyuncs.com", "RocketMQ over HTTP"),
        ("mse-0001-nacos-ans.mse.aliyuncs.com:8848", "MSE (registries)"),
        ("cn-hangzhou.oss-dls.aliyuncs.com", "OSS-HDFS"),
        ("1234567890123456.cn-shanghai.pai-eas.aliyuncs.com", "PAI-EAS (model services)"),
        ("dashscope-intl.aliyuncs.com", "Model Studio (DashScope)"),
        ("DH-cn-hangzhou.aliyuncs.com", "DataHub"),
        ("nls-gateway-cn-shanghai.aliyuncs.com", "Intelligent Speech Interaction"),
        ("opensearch-cn-hangzhou.aliyuncs.com", "OpenSearch"),
        ("registry-vpc.cn-hangzhou.aliyuncs.com", "Container Registry (images)"),
    ] {
        let get = Request::get("/projects").header("host", host).header("authorization", "DATAHUB a:b");
        let reply = lab.send(&get.body(Bytes::new()).unwrap());
        reply.assert_refused(404, "Alimock.ProtocolNotSpoken");
        assert_eq!(reply.json()["Code"], "Alimock.ProtocolNotSpoken", "{host}");
        let refused = lab.last_record().refused.clone().unwrap();
        assert_eq!(refused.message, format!("alimock does not speak the protocol of {product}."), "{host}");
    }
    // Products of the same names with an API of their own, and a stub's product, still count.
    for host in
        ["mse.cn-hangzhou.aliyuncs.com", "eventbridge.cn-hangzhou.aliyuncs.com", "dh-cn-beijing.aliyuncs.com"]
    {
        let _ = send_to_host(&lab, host, "2015-05-01");
        assert_ne!(lab.last_record().refused.clone().unwrap().code, "Alimock.ProtocolNotSpoken", "{host}");
    }
}

#[test]
fn host_labels_below_localhost_name_a_world_a_product_or_both() {
    let seed = Scenario::parse("accounts: [{name: demo}]").unwrap();
    let worlds = Arc::new(Worlds::new(Settings::default(), &seed).unwrap());
    for name in ["ci", "sts"] {
        worlds.make(Some(WorldName::parse(name).unwrap()), &seed).unwrap();
    }
    let gateway = Gateway::new(Arc::clone(&worlds), Rules::default(), Some("cloud.test".to_owned()));
    let of = |host: &str| {
        let counts =
            || worlds.all().into_iter().map(|world| (world.name.to_string(), world.journal.written()));
        let before: Vec<_> = counts().collect();
        let request = Request::get("/?Action=Nothing&Version=2015-05-01")
            .header("host", host)
            .body(Bytes::new())
            .unwrap();
        let status = gateway.handle(&request, [127, 0, 0, 1].into()).status().as_u16();
        let now: Vec<_> = counts().collect();
        let world = now.into_iter().zip(before).find(|(now, before)| now != before).unwrap().0.0;
        (world, status)
    };
    let found = |world: &str, status| (world.to_owned(), status);

    for host in ["ci.localhost", "ram.ci.localhost:4588", "ci.cloud.test", "ram.ci.cloud.test"] {
        assert_eq!(of(host).0, "ci", "{host}");
    }
    for host in ["ram.localhost", "ram.cloud.test", "ram-vpc.cn-beijing.cloud.test"] {
        assert_eq!(of(host), found("default", 404), "{host}");
    }
    // A world that is called like a product is the world.
    assert_eq!(of("sts.localhost"), found("sts", 404));
    assert_eq!(of("ims.localhost"), found("default", 400));
    for host in ["nosuch.localhost", "nosuch.cloud.test", "nosuch.ci.localhost"] {
        assert_eq!(of(host), found("default", 404), "{host}");
    }
}

/// The answers of the products at their hosts, whatever a request looks like.
#[test]
fn the_host_decides_how_a_request_is_refused() {
    let lab = Lab::new();
    let root = lab.root("demo");
    let at = |host: &'static str, form: Form| {
        let call = [("RoleArn", "acs:ram::1234567890123456:role/none"), ("RoleSessionName", "app")];
        let mut request = root.clone().signing(form).request("2015-04-01", "AssumeRole", &call);
        request.headers_mut().insert("host", HeaderValue::from_static(host));
        lab.send(&request)
    };

    // A call of STS at a host of OSS. Source: aliyun/aliyun-oss-python-sdk issue 171 (2019-04).
    let reply = at("oss-cn-hongkong.aliyuncs.com", Form::RpcV1);
    assert_eq!(reply.status, 403);
    assert_eq!(reply.headers["content-type"], "application/xml");
    assert_eq!(xml_text(&reply.body, "Code"), "AccessDenied");
    assert_eq!(xml_text(&reply.body, "Message"), "Anonymous access is forbidden for this operation.");
    assert_eq!(xml_text(&reply.body, "HostId"), "oss-cn-hongkong.aliyuncs.com");
    assert_eq!(lab.last_record().product, Some("Oss"));
    for form in [Form::RpcV3, Form::RoaV1, Form::RoaV3] {
        at("oss-cn-hongkong.aliyuncs.com", form).assert_oss_refused(400, "InvalidArgument");
    }
    // At a host of MaxCompute.
    for host in [
        "service.cn-hangzhou.maxcompute.aliyun.com",
        "service.odps.aliyun.com",
        "dt.cn-hangzhou.maxcompute.aliyun.com",
    ] {
        let told = at(host, Form::RpcV1);
        assert!(told.body.contains("ODPS-0410"), "{}", told.body);
        assert!(at(host, Form::RpcV3).body.contains("ODPS-0410011"));
    }
    // At the address of the metadata service.
    let page = at("100.100.100.200", Form::RpcV1);
    assert_eq!(page.status, 404, "{}", page.body);
    assert_eq!(page.headers["content-type"], "text/html");
}

#[test]
fn a_call_of_oss_at_a_host_of_the_gateway_is_refused_by_the_gateway() {
    let lab = Lab::new();
    let mut request = Oss::default().signed(&lab.root("demo"));
    request.headers_mut().insert("host", HeaderValue::from_static("ram.aliyuncs.com"));

    let reply = lab.send(&request);

    assert_eq!(xml_text(&reply.body, "Code"), "MissingAccessKeyId", "{}", reply.body);
    assert_eq!(xml_text(&reply.body, "HostId"), "ram.aliyuncs.com");
}

#[test]
fn a_scenario_gives_a_product_another_host() {
    let lab = Lab::with_scenario(
        "accounts: [{name: demo, keys: [{}]}]
hosts: {STS.cloud.example: Sts, storage.cloud.example: Oss, desk.cloud.example: Ecd}
stubs: [{product: Ecd, version: '2020-09-30', action: DescribeDesktops, body: {Total: 0}}]",
    );
    let root = lab.root("demo");
    let at = |host: &'static str, version: &str, action: &str| {
        let mut request = root.request(version, action, &[]);
        request.headers_mut().insert("host", HeaderValue::from_static(host));
        lab.send(&request)
    };

    at("sts.cloud.example", "2015-04-01", "GetCallerIdentity").assert_ok();
    at("sts.cloud.example:4588", "2015-05-01", "ListUsers").assert_refused(400, "InvalidVersion");
    at("desk.cloud.example", "2020-09-30", "DescribeDesktops").assert_ok();
    at("storage.cloud.example", "2015-04-01", "GetCallerIdentity").assert_oss_refused(403, "AccessDenied");
    // A host that no scenario declares leaves it to the version.
    at("other.cloud.example", "2015-05-01", "ListUsers").assert_ok();
}

#[test]
fn hosts_of_a_scenario_are_names_of_products_that_exist() {
    for (hosts, told) in [
        ("{https://sts.example: Sts}", "`https://sts.example` is no host name"),
        ("{sts.example: Stss}", "`sts.example`: there is no product `Stss`, did you mean `Sts`?"),
    ] {
        let wrong = Scenario::parse(&format!("hosts: {hosts}")).unwrap_err().to_string();
        assert!(wrong.contains(told), "{wrong}");
    }
}
