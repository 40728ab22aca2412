//! Access to pages and forms: control token, foreign sites, tokens of forms, cookies, security headers.

use crate::console::browser::Browser;
use crate::console::languages::PAGES;
use crate::console::live_with_shop;
use crate::support::live::Live;
use alimock::Scenario;
use alimock::control::ControlToken;
use alimock::server::Config;
use alimock::text::SecretText;

#[test]
fn every_page_forbids_inline_scripts_other_sites_and_frames() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    for path in PAGES.iter().chain(&["/scenario/export"]) {
        let page = browser.get(&format!("/_alimock{path}"));
        let policy = page.header("content-security-policy").unwrap_or_else(|| panic!("{path}: no policy"));
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {part}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        for inline in
            ["<script>", " style=\"", " onclick=", "http-equiv", "src=\"http", "href=\"http", "hx-on"]
        {
            assert!(!page.body.contains(inline), "{path}: {inline}");
        }
    }
}

#[test]
fn cookies_are_out_of_reach_of_scripts_and_of_other_sites() {
    let live = live_with_shop();
    let mut browser = Browser::of(&live);
    let page = browser.get("/_alimock/console/login");
    assert!(page.head.contains("set-cookie: alimock_visitor="), "{}", page.head);
    let values = [("csrf", &*page.csrf()), ("login", "shop@example.com"), ("password", "Passw0rd!")];
    let body = values
        .map(|(name, value)| format!("{name}={}", value.replace('@', "%40").replace('!', "%21")))
        .join("&");
    let before = browser.cookies["alimock_visitor"].clone();

    let done = browser.send("POST", "/_alimock/console/login", "", &body);

    assert_eq!(done.status, 303, "{}", done.body);
    let set: Vec<_> = done.head.lines().filter(|line| line.starts_with("set-cookie: ")).collect();
    assert_eq!(set.len(), 2, "{set:?}");
    assert!(set.iter().all(|line| line.contains("; HttpOnly; SameSite=Strict")), "{set:?}");
    assert_ne!(browser.cookies["alimock_visitor"], before, "forms from before the log-in do not count");
}

#[test]
fn a_form_without_the_token_of_this_browser_changes_nothing() {
    let live = live_with_shop();
    let mut owner = Browser::of_owner(&live);
    let mut other = Browser::of(&live);
    let stolen = other.get("/_alimock/console/login").csrf();
    for csrf in ["", "csrf=x", &format!("csrf={stolen}")] {
        let page = owner.send("POST", "/_alimock/console/keys/new", "", csrf);
        page.assert_shows(403, "title", "The form is no longer valid");
        for path in ["new-user", "users/ann/delete", "users/ann/login", "new-policy", "check", "new-role"] {
            let path = format!("/_alimock/console/ram/{path}");
            let values = format!("{csrf}&user-name=x&confirm=ann&also=yes");
            let page = owner.send("POST", &path, "", &values);
            page.assert_shows(403, "title", "The form is no longer valid");
        }
        assert_eq!(owner.get("/_alimock/console/ram/users/ann").status, 200);
    }
    let mut nobody = Browser::of(&live);
    assert_eq!(nobody.send("POST", "/_alimock/rules", "", "csrf=&rule=do%3A%20%7B%7D").status, 403);
    let keys = live.control("GET", "/worlds/default/accounts/shop/access-keys", "").1;
    assert_eq!(keys["accessKeys"].as_array().unwrap().len(), 2, "the seeded ones");
}

#[test]
fn pages_of_other_sites_get_nothing() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let csrf = browser.get("/_alimock/console/keys/new").csrf();
    for headers in [
        "Host: evil.example\r\n",
        "Origin: https://evil.example\r\n",
        "Origin: null\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
    ] {
        for path in PAGES.iter().chain(&["/scenario/export"]) {
            let page = browser.send("GET", &format!("/_alimock{path}"), headers, "");
            assert_eq!(page.status, 403, "{headers}{path}");
        }
        let page = browser.send("POST", "/_alimock/console/keys/new", headers, &format!("csrf={csrf}"));
        assert_eq!(page.status, 403, "{headers}");
    }
    let keys = live.control("GET", "/worlds/default/accounts/shop/access-keys", "").1;
    assert_eq!(keys["accessKeys"].as_array().unwrap().len(), 2);
}

#[test]
fn with_a_control_token_every_page_asks_for_it_and_files_do_not() {
    let token = ControlToken::Given(SecretText::new("a-token-of-mine"));
    let live =
        Live::configured(Scenario::default_seed(), Config { control_token: token, ..Config::default() });
    let mut browser = Browser::of(&live);
    for path in PAGES.iter().chain(&["/scenario/export", "/console/certification/x"]) {
        let page = browser.get(&format!("/_alimock{path}"));
        assert_eq!((page.status, page.has("token-form")), (401, true), "{path}");
        assert!(!page.body.contains("LTAI"), "{path}");
    }
    let style = browser.send("GET", "/_alimock/assets/console.css", "", "");
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
    let page = browser.get("/_alimock/inbox?world=unknown");
    assert_eq!(page.status, 401, "nobody learns which worlds there are");
    let to = "/_alimock/console/token";
    let values = |token| [("token", token), ("back", "/_alimock/inbox")];
    browser.submit(&page, to, &values("wrong-token")).assert_shows(
        403,
        "error",
        "This is not the control token of this server.",
    );

    let inbox = browser.submit(&page, to, &values("a-token-of-mine"));

    assert_eq!((inbox.status, &*inbox.at, inbox.has("inbox")), (200, "/_alimock/inbox", true));
    assert!(inbox.body.contains("ALIMOCK_CONTROL_TOKEN") && !inbox.body.contains("a-token-of-mine"));
    assert!(browser.get("/_alimock/").body.contains("LTAI"));
    // The cookie opens pages only: a call of the control API needs the token.
    assert_eq!(browser.send("GET", "/_alimock/worlds", "", "").status, 401);
    browser.cookies.insert("alimock_pass".to_owned(), "forged".to_owned());
    assert_eq!(browser.get("/_alimock/inbox").status, 401);
}

#[test]
fn the_form_of_the_token_leads_to_no_other_site() {
    let token = ControlToken::Given(SecretText::new("a-token-of-mine"));
    let live =
        Live::configured(Scenario::default_seed(), Config { control_token: token, ..Config::default() });
    for back in ["//evil.example", "https://evil.example/", "/\\evil.example"] {
        let mut browser = Browser::of(&live);
        let page = browser.get("/_alimock/");
        let page =
            browser.submit(&page, "/_alimock/console/token", &[("token", "a-token-of-mine"), ("back", back)]);
        assert_eq!((page.status, page.at.starts_with("/_alimock/")), (200, true), "{back}");
        let page = browser.get(&format!("/_alimock/console/lang?to=zh&back={back}"));
        assert!(page.at.starts_with("/_alimock/"), "{back}");
    }
}
