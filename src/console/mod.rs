//! The console: pages for people, and a window into the worlds. See docs/console.md.
//!
//! Pages for the owner of an account are below `/_alimock/console/` and at the hosts of the real console; pages for the
//! author of tests are below `/_alimock/`. A page changes a world by the commands of the control API. Pages are
//! rendered here and work without scripts. This module must not know services or the gateway.
//!
//! Start with [`answer`], then `visit.rs`. Each page is a file in `pages/` and a template beside it.

mod assets;
mod door;
mod form;
mod layout;
mod marked;
mod pages;
mod reasons;
mod recipe;
mod refusals;
mod texts;
mod visit;
mod words;

pub use door::{Door, START, page_of};

use crate::control::{Control, Weight};
use axum::response::Response;
use bytes::Bytes;
use http::{Method, Request, StatusCode};
use std::sync::Arc;
use visit::{Shown, Trouble, Visit, is_let_in, is_read, page, stranger};

/// A page: method, path below `/_alimock` with `{}` for names, and function.
type Row = (Method, &'static str, fn(&Visit<'_>) -> Shown);

/// Returns `true` if the console has a page at a path below `/_alimock`.
fn knows(path: &str) -> bool {
    path.starts_with("/console/")
        || path == "/console"
        || assets::of(path).is_some()
        || pages::ALL.iter().any(|(_, pattern, _)| names_in(pattern, path).is_some())
}

/// Matches a path with a pattern; returns the names at the places of `{}`.
fn names_in(pattern: &str, path: &str) -> Option<Vec<String>> {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut names = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(names),
            (Some("{}"), Some(name)) if !name.is_empty() => {
                names.push(percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned());
            }
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return None,
        }
    }
}

/// Answers a request for `path`, which [`page_of`] gave.
pub async fn answer(control: Arc<Control>, door: Door, path: String, request: Request<Bytes>) -> Response {
    if let Some(asset) = assets::of(&path) {
        return assets::answer(asset);
    }
    let beside = Arc::clone(&control.beside);
    // Lists of pages grow with the world.
    beside.run(Weight::Heavy, Box::new(move || shown(&control, &door, &path, &request))).await
}

fn shown(control: &Control, door: &Door, path: &str, request: &Request<Bytes>) -> Response {
    let headers = request.headers();
    if let Some(name) = stranger(control, headers) {
        return plain(StatusCode::FORBIDDEN, &format!("requests from `{name}` are rejected"));
    }
    let (method, is_read) = (request.method(), is_read(request.method()));
    let method = if is_read { &Method::GET } else { method };
    let mut found = pages::ALL.iter().filter_map(|row| Some((row, names_in(row.1, path)?))).peekable();
    let is_known = found.peek().is_some();
    let of_method = found.find(|((wanted, ..), _)| wanted == method);
    let names = of_method.as_ref().map(|(_, names)| names.clone()).unwrap_or_default();
    let visit = match Visit::new(control, door, request, path, names) {
        Ok(visit) => visit,
        Err((lang, _)) => return plain(StatusCode::NOT_FOUND, lang.texts().no_such_world),
    };
    if !is_let_in(control, headers) {
        return pages::token::ask(&visit, !is_read && path == pages::token::PATH);
    }
    let Some(((_, _, show), _)) = of_method else {
        return if is_known {
            plain(StatusCode::METHOD_NOT_ALLOWED, visit.t.not_found)
        } else {
            trouble(&visit, &Trouble::NotFound)
        };
    };
    let checked = if is_read { Ok(()) } else { visit.check_form() };
    checked.and_then(|()| show(&visit)).unwrap_or_else(|why| trouble(&visit, &why))
}

/// Shows why a page is not shown.
fn trouble(visit: &Visit<'_>, why: &Trouble) -> Response {
    match why {
        Trouble::NotLoggedIn => pages::login::ask(visit),
        Trouble::NotFound => {
            pages::message(visit, StatusCode::NOT_FOUND, visit.t.not_found, visit.t.not_found_text)
        }
        Trouble::Forged => {
            pages::message(visit, StatusCode::FORBIDDEN, visit.t.old_form, visit.t.old_form_text)
        }
    }
}

/// A page of one sentence, without the frame.
fn plain(status: StatusCode, text: &str) -> Response {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    page(status, format!("<!doctype html><title>alimock</title><p>{text}</p>"))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;
    use std::path::Path;

    /// The sources of the console, without the catalogue of texts.
    pub(crate) fn sources() -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console");
        let (mut open, mut all) = (vec![root], String::new());
        while let Some(place) = open.pop() {
            if place.is_dir() {
                open.extend(fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path()));
            } else if !place.to_str().unwrap().contains("/texts")
                && !place.to_str().unwrap().contains("assets/")
            {
                all += &fs::read_to_string(&place).unwrap();
            }
        }
        all
    }
}
