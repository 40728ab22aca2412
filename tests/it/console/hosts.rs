//! Pages at `/`, at the hosts of the real console, and in other worlds.

use crate::console::browser::Browser;
use crate::console::live_with_shop;
use crate::support::live::Live;
use crate::support::tls::{client_trusting, exchange, tls_handshake};
use std::io::{Read, Write};
use std::sync::Arc;

fn get(live: &Live, path: &str, headers: &str) -> String {
    let host = if headers.contains("Host:") { String::new() } else { format!("Host: {}\r\n", live.address) };
    live.send_bytes(format!("GET {path} HTTP/1.1\r\n{host}{headers}Connection: close\r\n\r\n").as_bytes())
}

#[test]
fn a_browser_at_the_root_is_led_to_the_pages_and_other_clients_get_what_they_got() {
    let live = live_with_shop();
    let browser = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
    let led = get(&live, "/", browser);
    assert!(led.starts_with("HTTP/1.1 303 ") && led.contains("\r\nlocation: /_alimock/\r\n"), "{led}");
    assert!(get(&live, "/_alimock/", browser).starts_with("HTTP/1.1 200 "));
    for headers in ["", "Accept: */*\r\n", "Accept: application/json\r\n"] {
        let api = get(&live, "/", headers);
        assert!(api.starts_with("HTTP/1.1 400 ") && api.contains("MissingAccessKeyId"), "{api}");
        let control = get(&live, "/_alimock/", headers);
        assert!(control.starts_with("HTTP/1.1 404 ") && !control.contains("html"), "{control}");
    }
    // What is signed is a call, whatever the client accepts.
    let call = get(&live, "/?Action=GetCallerIdentity&Version=2015-04-01", browser);
    assert!(!call.starts_with("HTTP/1.1 303 "), "{call}");
    // At the hosts of products, too, unless `/` is an operation of the product or the host is of another server.
    for host in
        ["ram.aliyuncs.com", "sts.cn-hangzhou.aliyuncs.com", "ecs-cn-hangzhou.aliyuncs.com", "ims.localhost"]
    {
        let product = get(&live, "/", &format!("Host: {host}\r\n{browser}"));
        assert!(product.starts_with("HTTP/1.1 303 "), "{host}: {product}");
        let start = get(&live, "/_alimock/", &format!("Host: {host}\r\n{browser}"));
        assert!(start.starts_with("HTTP/1.1 200 ") && start.contains("copy-endpoint"), "{host}: {start}");
        let api = get(&live, "/", &format!("Host: {host}\r\nAccept: */*\r\n"));
        assert!(api.starts_with("HTTP/1.1 400 ") && api.contains("AccessKeyId"), "{host}: {api}");
    }
    for host in [
        "oss.localhost",
        "oss-cn-hangzhou.aliyuncs.com",
        "demo.oss-cn-hangzhou.aliyuncs.com",
        "project.cn-hangzhou.log.aliyuncs.com",
        "registry.cn-hangzhou.aliyuncs.com",
        "100.100.100.200",
    ] {
        let product = get(&live, "/", &format!("Host: {host}\r\n{browser}"));
        assert!(!product.starts_with("HTTP/1.1 303 "), "{host}: {product}");
    }
    // Customers name buckets, so pages do not open at their hosts.
    let bucket = get(&live, "/_alimock/", &format!("Host: demo.oss-cn-hangzhou.aliyuncs.com\r\n{browser}"));
    assert!(bucket.starts_with("HTTP/1.1 403 "), "{bucket}");
    let health = get(&live, "/_alimock/health", browser);
    assert!(health.contains("content-type: application/json"), "{health}");
}

/// Addresses of the real console, each with the test id of what it opens.
const PLACES: [(&str, &str, &str); 16] = [
    ("signin.aliyun.com", "/", "login-form"),
    ("signin.aliyun.com", "/login.htm", "login-form"),
    ("signin.aliyun.com", "/1000000000000002/login.htm", "login-form"),
    ("signin.aliyun.com", "/1000000000000002.onaliyun.com/login.htm", "login-form"),
    ("1000000000000002.signin.aliyun.com", "/login.htm", "login-form"),
    ("signin.alibabacloud.com", "/", "login-form"),
    ("account.aliyun.com", "/login/login.htm", "login-form"),
    ("account.aliyun.com", "/register/register.htm", "sign-up-form"),
    ("account.alibabacloud.com", "/register/intl_register.htm", "sign-up-form"),
    ("account-intl.console.aliyun.com", "/", "login-form"),
    ("ak-console.aliyun.com", "/", "login-form"),
    ("usercenter.console.aliyun.com", "/", "login-form"),
    ("ram.console.aliyun.com", "/manage/ak", "login-form"),
    ("ram.console.aliyun.com", "/", "login-form"),
    ("usercenter2.aliyun.com", "/", "login-form"),
    ("account.aliyun.com", "/certification", "login-form"),
];

#[test]
fn pages_open_at_the_hosts_and_paths_of_the_real_console() {
    let live = live_with_shop();
    for (host, path, id) in PLACES {
        let mut browser = Browser::of(&live);
        host.clone_into(&mut browser.host);
        let page = browser.get(path);
        assert!(page.has(id), "{host}{path}: {}", page.body);
    }
    let mut browser = Browser::of(&live);
    "ak-console.aliyun.com".clone_into(&mut browser.host);
    let asked = browser.get("/");
    let values = [("login", "shop@example.com"), ("password", "Passw0rd!"), ("back", "/console/keys")];
    let page = browser.submit(&asked, "/_alimock/console/login", &values);
    assert_eq!((page.status, page.has("keys")), (200, true), "{}", page.body);
    let intl =
        get(&live, "/register/register.htm", "Host: account.alibabacloud.com\r\nAccept: text/html\r\n");
    assert!(intl.contains(r#"value="intl" checked"#), "{intl}");
}

#[test]
fn other_paths_of_these_hosts_stay_with_the_gateway() {
    let live = live_with_shop();
    for (host, path) in [
        ("oauth.aliyun.com", "/v1/token"),
        ("signin.aliyun.com", "/v1/oauth"),
        ("ram.aliyuncs.com", "/login.htm"),
    ] {
        let answer = get(&live, path, &format!("Host: {host}\r\nAccept: text/html\r\n"));
        assert!(!answer.contains("text/html"), "{host}{path}: {answer}");
    }
}

#[test]
fn a_page_opens_through_the_proxy_over_tls() {
    let live = live_with_shop();
    let mut stream = live.connect();
    let host = "account.aliyun.com";
    stream.write_all(format!("CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n").as_bytes()).unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() > 0 {
        head.push(byte[0]);
    }
    let config = Arc::new(client_trusting(&live, &["http/1.1"]));
    let mut tls = tls_handshake(&config, host, stream).unwrap();

    let page = exchange(
        &mut tls,
        &format!("GET /login/login.htm HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
    );

    assert!(page.starts_with("HTTP/1.1 200 ") && page.contains("login-form"), "{page}");
    assert!(
        page.contains("; SameSite=Strict; Secure\r\n"),
        "a cookie of a page over TLS stays on TLS: {page}"
    );
}

#[test]
fn a_page_belongs_to_the_world_of_its_address_and_a_log_in_to_its_own() {
    let live = live_with_shop();
    live.control(
        "POST",
        "/worlds?name=ci",
        "accounts: [{name: lab, uid: 1000000000000009, security: {password: Passw0rd!}}]",
    );
    let mut browser = Browser::of(&live);
    browser.get("/_alimock/console/login?world=ci").assert_shows(200, "world", "World: ci");
    let page = browser.get("/_alimock/console/login?world=ci");
    assert!(page.body.contains("1000000000000009") && !page.body.contains("1000000000000002"));
    let login =
        live.control("GET", "/worlds/ci/accounts/lab", "").1["loginName"].as_str().unwrap().to_owned();
    let values = [("login", &*login), ("password", "Passw0rd!")];
    let home = browser.submit(&page, "/_alimock/console/login?world=ci", &values);
    home.assert_shows(200, "uid", "1000000000000009");
    // Without a name in the address, the log-in says the world.
    browser.get("/_alimock/console/").assert_shows(200, "uid", "1000000000000009");
    assert_eq!(browser.get("/_alimock/console/keys?world=default").status, 401);
    assert_eq!(browser.get("/_alimock/inbox?world=nosuch").status, 404);
    let host = format!("Host: ci.localhost:{}\r\nAccept: text/html\r\n", live.address.port());
    assert!(get(&live, "/_alimock/inbox", &host).contains("World: ci"));
}
