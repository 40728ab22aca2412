//! The page that asks for the control token.

use crate::console::door::ROOT;
use crate::console::visit::{Shown, Visit, is_back, redirect};
use askama::Template;
use axum::response::Response;
use http::StatusCode;

/// Path of the form.
pub(crate) const PATH: &str = "/console/token";

#[derive(Template)]
#[template(path = "token.html")]
struct Ask<'a> {
    v: &'a Visit<'a>,
    back: String,
    error: Option<&'static str>,
}

/// Asks for the token instead of showing a page, or checks the one that was submitted.
pub(crate) fn ask(v: &Visit<'_>, is_submitted: bool) -> Response {
    let given = v.form.get("back");
    let back = match (is_submitted, is_back(given)) {
        (true, true) => given.to_owned(),
        (true, false) => format!("{ROOT}/"),
        (false, _) => format!("{ROOT}{}", v.path),
    };
    if is_submitted && v.check_form().is_ok() && v.control.access.admits(v.form.get("token")) {
        let mut response = redirect(&back);
        v.let_in(&mut response);
        return response;
    }
    let error = is_submitted.then_some(v.t.token_wrong);
    let status = if is_submitted { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
    v.page_with(status, v.t.token_title, &Ask { v, back, error }, &[])
}

/// Goes to the start page: the browser gave the token before.
pub(crate) fn lead(v: &Visit<'_>) -> Shown {
    Ok(redirect(&v.at("/")))
}
