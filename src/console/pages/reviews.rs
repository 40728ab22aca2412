//! Applications for real-name verification of all accounts: approve, reject, expire. Source: docs/evidence/account.md 2.4.

use crate::console::pages::real_name::method_name;
use crate::console::visit::{Shown, Visit};
use crate::console::words;
use crate::text::Span;
use crate::world::account::RealNameStatus;
use crate::world::{Act, Decide, Verdict, account_named};
use askama::Template;
use http::StatusCode;

struct Row {
    uid: String,
    account: String,
    id: u64,
    method: &'static str,
    name: String,
    status: (&'static str, &'static str),
    submitted: String,
    is_open: bool,
    is_verified: bool,
}

#[derive(Template)]
#[template(path = "reviews.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Row>,
    error: Option<String>,
}

/// Applications on the page at most.
const SHOWN: usize = 100;

/// Shows the applications, open ones first.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    Ok(page(v, StatusCode::OK, None))
}

fn page(v: &Visit<'_>, status: StatusCode, error: Option<String>) -> axum::response::Response {
    let all = v
        .state
        .accounts
        .values()
        .flat_map(|account| account.real_name.history().iter().map(move |one| (account, one)));
    let mut rows: Vec<_> = all
        .map(|(account, one)| Row {
            uid: account.uid.to_string(),
            account: account.profile.login_name.as_str().to_owned(),
            id: one.id,
            method: method_name(v, one.method),
            name: words::written(&one.identity.name),
            status: words::of_status(one.status, v.t),
            submitted: one.submitted.to_string(),
            is_open: one.status == RealNameStatus::UnderReview,
            is_verified: one.status == RealNameStatus::Verified && account.real_name.is_verified(),
        })
        .collect();
    rows.sort_by(|a, b| b.is_open.cmp(&a.is_open).then_with(|| b.submitted.cmp(&a.submitted)));
    rows.truncate(SHOWN);
    let path = rows.first().map_or_else(
        || "/accounts/ACCOUNT/real-name/APPLICATION/decision".to_owned(),
        |row| format!("/accounts/{}/real-name/{}/decision", row.uid, row.id),
    );
    let body = r#"{"decision": "reject", "code": "BLUR", "reason": "The scan is blurred."}"#;
    let recipes = [
        v.recipe("POST", &path, r#"{"decision": "approve"}"#),
        v.recipe("POST", &path, body),
        v.recipe("POST", &path, r#"{"decision": "expire"}"#),
    ];
    v.page_with(status, v.t.reviews, &Page { v, rows, error }, &recipes)
}

/// Decides an application.
pub(crate) fn decide(v: &Visit<'_>) -> Shown {
    let decision = match v.form.get("decision") {
        "approve" => Verdict::Approve,
        "expire" => Verdict::Expire,
        _ => Verdict::Reject,
    };
    let after = v.form.given("after").map(crate::text::parse_duration).transpose();
    let Ok(after) = after else {
        return Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(v.t.wrong_span.to_owned())));
    };
    let words = Decide {
        application: v.names.get(1).and_then(|id| id.parse().ok()),
        decision,
        code: v.form.get("code").to_owned(),
        reason: v.form.get("reason").to_owned(),
        after: after.map(Span),
    };
    let account = v.names.first().map(String::as_str);
    let decided = v.act(|tx| {
        let uid = account_named(account, tx.state())?.uid;
        words.act(uid, tx)
    });
    match decided {
        Ok(_) => Ok(v.go("/reviews", "done_decided")),
        Err(why) => Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(why))),
    }
}
