//! Every page in both languages, and the calls that it shows for tests.

use crate::console::browser::Browser;
use crate::console::live_with_shop;

pub(super) const PAGES: [&str; 36] = [
    "/",
    "/requests",
    "/rules",
    "/clocks",
    "/inbox",
    "/reviews",
    "/scenario",
    "/scenario/gallery",
    "/coverage",
    "/diff?from=seed",
    "/settings",
    "/console/login",
    "/console/forgot",
    "/console/sign-up",
    "/console/",
    "/console/keys",
    "/console/keys/new",
    "/console/real-name",
    "/console/security",
    "/console/money",
    "/console/nothing",
    "/console/ram/users",
    "/console/ram/new-user",
    "/console/ram/users/ann",
    "/console/ram/users/ann/keys",
    "/console/ram/users/ann/delete",
    "/console/ram/recycle-bin",
    "/console/ram/groups",
    "/console/ram/new-group",
    "/console/ram/policies",
    "/console/ram/new-policy",
    "/console/ram/policies/system/ReadOnlyAccess",
    "/console/ram/roles",
    "/console/ram/new-role",
    "/console/ram/sessions",
    "/console/ram/explain",
];

#[test]
fn the_language_follows_the_browser_and_the_switch() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    browser.language = "zh-CN,zh;q=0.9";
    for path in PAGES {
        let page = browser.get(&format!("/_alimock{path}"));
        assert!(page.body.contains("<html lang=\"zh\">"), "{path}");
        // Some titles are names of users or policies.
        let is_name = path.ends_with("/ann") || path.ends_with("Access");
        assert!(
            is_name || page.text("title").chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)),
            "{path}"
        );
    }
    let page = browser.get("/_alimock/console/keys");
    assert!(page.body.contains("lang?to=en&#38;back=%2F_alimock%2Fconsole%2Fkeys"), "{}", page.body);
    let english = browser.get("/_alimock/console/lang?to=en&back=%2F_alimock%2Fconsole%2Fkeys");
    assert_eq!((&*english.at, &*english.text("title")), ("/_alimock/console/keys", "AccessKeys"));
}

#[test]
fn every_page_has_landmarks_one_heading_and_labels() {
    let live = live_with_shop();
    let mut browser = Browser::of_owner(&live);
    for path in PAGES {
        let body = browser.get(&format!("/_alimock{path}")).body;
        for part in ["<main id=\"main\"", "class=\"skip\" href=\"#main\"", "<header>", "<nav "] {
            assert!(body.contains(part), "{path}: {part}");
        }
        assert_eq!(body.matches("<h1").count(), 1, "{path}");
        // Each visible field has a label.
        for field in body
            .split("<input ")
            .skip(1)
            .chain(body.split("<textarea ").skip(1))
            .chain(body.split("<select ").skip(1))
        {
            let field = field.split('>').next().unwrap();
            let id = field
                .split("id=\"")
                .nth(1)
                .filter(|_| field.contains(" id=\"") || field.starts_with("id="))
                .and_then(|rest| rest.split('"').next());
            let is_labelled = id.is_some_and(|id| body.contains(&format!("for=\"{id}\"")));
            let is_plain =
                ["type=\"hidden\"", "type=\"radio\"", "aria-label="].iter().any(|kind| field.contains(kind));
            assert!(is_labelled || is_plain, "{path}: {field}");
        }
    }
}

#[test]
fn the_calls_that_a_page_shows_are_calls_of_the_control_api() {
    let live = live_with_shop();
    let document = live.control("GET", "/openapi.json", "").1;
    let known: Vec<(String, Vec<String>)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, methods)| {
            (path.clone(), methods.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect())
        })
        .collect();
    let fits = |pattern: &str, path: &str| {
        let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
        wanted.by_ref().zip(given.by_ref()).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
            && pattern.split('/').count() == path.split('/').count()
    };
    let mut browser = Browser::of_owner(&live);
    let mut count = 0;
    for path in PAGES {
        let body = browser.get(&format!("/_alimock{path}")).body;
        for recipe in body.split("data-testid=\"recipe\"").skip(1) {
            let call = recipe.split("<code>").nth(1).unwrap().split('<').next().unwrap();
            let (method, address) = call.split_once(' ').unwrap();
            let address = address.split('?').next().unwrap();
            let is_known = known.iter().any(|(pattern, methods)| {
                let pattern = pattern.strip_prefix("/_alimock").unwrap_or(pattern);
                fits(pattern, address) && methods.iter().any(|one| one == method)
            });
            assert!(is_known, "{path}: {call}");
            for notation in ["curl", "alimock", "python"] {
                assert!(recipe.contains(&format!("data-testid=\"recipe-{notation}\"")), "{path}: {call}");
            }
            count += 1;
        }
    }
    assert!(count > 25, "{count}");
}
