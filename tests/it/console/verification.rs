//! Real-name registration on the pages, and the addresses that official actions hand out. Source: docs/evidence/account.md section 2.

use crate::console::browser::Browser;
use crate::console::{live_with, live_with_shop};
use crate::support::live::Live;
use serde_json::json;

const PAGE: &str = "/_alimock/console/real-name";

/// Values of a form.
fn application<'a>(subject: &'a str, method: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("subject", subject), ("method", method), ("name", "Wang & Co"), ("number", "91330000MA27WALKLT")]
}

#[test]
fn every_method_that_the_site_offers_stands_on_the_page_and_works() {
    for (subject, method, status) in [
        ("personal", "alipay", "Verified"),
        ("personal", "face", "Verified"),
        ("personal", "bank_card", "Verified"),
        ("personal", "document", "Under review"),
        ("enterprise", "legal_rep_face", "Verified"),
        ("enterprise", "enterprise_alipay", "Verified"),
        ("enterprise", "bank_transfer", "Under review"),
        ("enterprise", "document", "Under review"),
    ] {
        let live = live_with_shop();
        let mut browser = Browser::of_owner(&live);
        let page = browser.get(PAGE);
        assert!(page.has(&format!("{subject}-{method}")), "{subject} {method}");
        let done = browser.submit(&page, PAGE, &application(subject, method));
        done.assert_shows(200, "real-name-status", status);
        assert_eq!(done.has("pending"), status == "Under review", "{subject} {method}");
    }
}

#[test]
fn a_rejection_shows_its_reason_and_the_next_application_is_approved() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let mut author = Browser::of(&live);
    let mut review = |browser: &mut Browser, values: &[(&str, &str)]| {
        let pending = browser.fill(PAGE, PAGE, &application("enterprise", "document"));
        let id = pending.text("application-id");
        let to = format!("/_alimock/reviews/1000000000000002/{id}");
        let done = author.fill("/_alimock/reviews", &to, values);
        done.assert_shows(200, "done", "The application was decided.");
        browser.get(PAGE)
    };

    let values = [("decision", "reject"), ("code", "BLUR"), ("reason", "The scan is <blurred>.")];
    let rejected = review(&mut browser, &values);
    rejected.assert_shows(200, "real-name-status", "Rejected");
    assert!(rejected.text("rejection").ends_with("BLUR: The scan is <blurred>."), "{}", rejected.body);
    let approved = review(&mut browser, &[("decision", "approve")]);

    approved.assert_shows(200, "real-name-status", "Verified");
    assert_eq!(
        (approved.text("verified-name"), approved.text("verified-subject")),
        ("Wang & Co".into(), "Enterprise".into())
    );
    let record = live.control("GET", "/worlds/default/accounts/shop/real-name", "").1;
    assert_eq!(
        (&record["verified"], &record["history"][0]["reason"]["code"]),
        (&json!(true), &json!("BLUR"))
    );
}

#[test]
fn a_review_can_be_delayed_and_a_document_expires() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let id = browser.fill(PAGE, PAGE, &application("personal", "document")).text("application-id");
    let to = format!("/_alimock/reviews/1000000000000002/{id}");
    let mut author = Browser::of(&live);
    author.fill("/_alimock/reviews", &to, &[("decision", "approve"), ("after", "soon")]).assert_shows(
        422,
        "error",
        "Enter a span such as 90m, 12h or 3d.",
    );
    assert_eq!(
        author.fill("/_alimock/reviews", &to, &[("decision", "approve"), ("after", "30m")]).status,
        200
    );
    assert!(author.get("/_alimock/clocks").text("due").is_empty(), "a list");
    browser.get(PAGE).assert_shows(200, "real-name-status", "Under review");
    let clocks = author.fill("/_alimock/clocks", "/_alimock/clocks/advance", &[("by", "30m")]);
    assert!(clocks.has("fell-due") && clocks.body.contains("was approved"), "{}", clocks.body);
    browser.get(PAGE).assert_shows(200, "real-name-status", "Verified");
    assert_eq!(author.fill("/_alimock/reviews", &to, &[("decision", "expire")]).status, 200);
    browser.get(PAGE).assert_shows(200, "real-name-status", "Document expired");
}

#[test]
fn an_application_is_withdrawn_and_a_transfer_is_confirmed_by_its_amount() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let pending = browser.fill(PAGE, PAGE, &application("enterprise", "bank_transfer"));
    let amount = "/_alimock/console/real-name/amount";
    browser.submit(&pending, amount, &[("amount", "0.37")]).assert_shows(
        422,
        "error",
        "No transfer has arrived yet.",
    );
    browser.submit(&pending, amount, &[("amount", "much")]).assert_shows(
        422,
        "error",
        "Enter an amount such as 0.37.",
    );
    live.control("POST", "/worlds/default/clock/advance", r#"{"by": "10d"}"#);
    let message =
        live.control("GET", "/worlds/default/outbox?channel=bank", "").1["messages"][0]["text"].to_string();
    let cents = message.rsplit("you ").next().unwrap().trim_end_matches(".\"").to_owned();
    // The log-in has expired in between.
    let mut browser = Browser::of_owner(&live);
    let page = browser.get(PAGE);
    browser.submit(&page, amount, &[("amount", "0.01")]).assert_shows(
        422,
        "error",
        "This is not the amount of the transfer. The third wrong amount rejects the application.",
    );
    browser.submit(&page, amount, &[("amount", &cents)]).assert_shows(200, "real-name-status", "Verified");

    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let pending = browser.fill(PAGE, PAGE, &application("personal", "document"));
    let done = browser.submit(&pending, "/_alimock/console/real-name/cancel", &[]);
    done.assert_shows(200, "done", "The application was withdrawn.");
    assert_eq!(done.text("real-name-status"), "Not verified");
}

#[test]
fn what_is_missing_in_an_application_is_named() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    let page = browser.fill(PAGE, PAGE, &[("subject", "personal"), ("country", "China")]);
    assert_eq!(page.status, 422);
    for text in [
        "Choose a method.",
        "Enter the name on the document.",
        "Enter the document number",
        "two capital letters",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    let mut values = application("personal", "face");
    values.push(("document_type", "9"));
    browser.submit(&page, PAGE, &values).assert_shows(
        422,
        "error",
        "A document of this type cannot verify this kind of owner.",
    );
    values[1] = ("method", "legal_rep_face");
    assert_eq!(browser.submit(&page, PAGE, &values).status, 422, "a person has no such method");
    assert_eq!(live.control("GET", "/worlds/default/accounts/shop/real-name", "").1["history"], json!([]));
}

/// A link of the account `shop`.
fn link(live: &Live, body: &str) -> String {
    let made = live.control("POST", "/worlds/default/accounts/shop/real-name/links", body);
    made.1["token"].as_str().unwrap_or_else(|| panic!("{}", made.1)).to_owned()
}

#[test]
fn the_address_of_a_verification_page_opens_at_its_host_without_a_log_in() {
    let live = live_with_shop();
    let token = link(&live, r#"{"subject": "enterprise"}"#);
    let mut browser = Browser::of(&live);
    "account.aliyun.com".clone_into(&mut browser.host);
    let page = browser.get(&format!("/certification/{token}"));
    assert!(page.has("form-enterprise") && !page.has("form-personal"), "{}", page.body);
    let to = format!("/_alimock/console/certification/{token}");
    browser.submit(&page, &to, &application("personal", "face")).assert_shows(
        422,
        "error",
        "The verification link is for another kind of owner.",
    );

    let done = browser.submit(&page, &to, &application("enterprise", "legal_rep_face"));

    done.assert_shows(200, "real-name-status", "Verified");
    assert!(!done.has("who") && !done.has("history"), "the page of a link shows one account to a stranger");
    assert_eq!(browser.get("/certification/nosuch").status, 404);
}

#[test]
fn a_link_leads_to_its_world_and_expires() {
    let live = live_with_shop();
    live.control("POST", "/worlds?name=ci", "accounts: [{name: shop, uid: 1000000000000008}]");
    let made = live.control("POST", "/worlds/ci/accounts/shop/real-name/links", "{}").1;
    let token = made["token"].as_str().unwrap();
    let mut browser = Browser::of(&live);
    browser.get(&format!("/_alimock/console/certification/{token}")).assert_shows(200, "world", "World: ci");
    live.control("POST", "/worlds/ci/clock/advance", r#"{"by": "3h"}"#);
    let page = browser.get(&format!("/_alimock/console/certification/{token}"));
    page.assert_shows(410, "error", "The verification link has expired; request a new one.");
    assert!(!page.has("form-personal"));
}

#[test]
fn an_account_of_the_international_site_sees_its_rules_and_methods() {
    let live = live_with(
        "- {name: intl, site: intl, uid: 5000000000000002, security: {password: Passw0rd!}, email: intl@example.com}",
    );
    let mut browser = Browser::of(&live);
    browser.log_in("intl@example.com", "Passw0rd!");
    let page = browser.get(PAGE);
    assert!(
        page.has("intl-rules") && page.has("personal-document") && !page.has("personal-alipay"),
        "{}",
        page.body
    );
    assert!(!page.has("personal-kyc"), "the KYC Center is for accounts that were asked");
    live.control("POST", "/worlds/default/accounts/intl/real-name/kyc", "");
    assert!(browser.get(PAGE).has("personal-kyc"));
}
