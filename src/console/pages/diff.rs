//! Snapshots of a world, and the difference of two points: the seed, snapshots, now.

use crate::console::form::encoded;
use crate::console::visit::{Shown, Trouble, Visit};
use crate::control::point;
use crate::scenario::Export;
use crate::scenario::difference::{self, Difference};
use askama::Template;
use axum::response::Response;
use http::StatusCode;

/// Kind of a line.
struct Line {
    kind: &'static str,
    sign: &'static str,
    word: &'static str,
    path: String,
    was: Option<String>,
    is: Option<String>,
}

/// The compared points and their differences.
struct Compared {
    lines: Vec<Line>,
    more: usize,
}

#[derive(Template)]
#[template(path = "diff.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    snapshots: Vec<String>,
    points: Vec<String>,
    from: String,
    to: String,
    compared: Option<Compared>,
    name: String,
    error: Option<&'static str>,
}

/// Snapshots that pages take and list at most; characters of a name at most.
const SNAPSHOTS: usize = 100;
const NAME: usize = 64;
/// Differences on the page, and characters of a value, at most.
const SHOWN: usize = 500;
const VALUE: usize = 300;

/// Shows the snapshots, and with `?from=` or `?to=` a difference.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let is_wanted = v.query.given("from").or(v.query.given("to")).is_some();
    let (from, to) =
        (v.query.given("from").unwrap_or("seed").to_owned(), v.query.given("to").unwrap_or("now").to_owned());
    let compared = if is_wanted { Some(compared(v, &from, &to).ok_or(Trouble::NotFound)?) } else { None };
    let page = Page { from, to, compared, ..bare(v) };
    Ok(shown(v, StatusCode::OK, page))
}

fn bare<'a>(v: &'a Visit<'a>) -> Page<'a> {
    let mut snapshots = v.world.kept();
    snapshots.truncate(SNAPSHOTS);
    let points = ["seed", "now"].map(str::to_owned).into_iter().chain(snapshots.iter().cloned()).collect();
    let (from, to) = ("seed".to_owned(), "now".to_owned());
    Page { v, snapshots, points, from, to, compared: None, name: String::new(), error: None }
}

fn shown(v: &Visit<'_>, status: StatusCode, page: Page<'_>) -> Response {
    let path = format!("/diff?from={}&to={}", encoded(&page.from), encoded(&page.to));
    let recipes = [
        v.recipe("POST", "/snapshots/before", ""),
        v.recipe("GET", &path, ""),
        v.recipe("POST", "/snapshots/before/restore", ""),
        v.recipe("DELETE", "/snapshots/before", ""),
    ];
    v.page_with(status, v.t.views.diff, &page, &recipes)
}

/// Compares two points; `None` if one does not exist.
fn compared(v: &Visit<'_>, from: &str, to: &str) -> Option<Compared> {
    let export = |name: &str| Some(Export::of(&v.world, &point(&v.world, name, v.now)?, v.now));
    let all = difference::between(&export(from)?, &export(to)?);
    let more = all.len().saturating_sub(SHOWN);
    let lines = all.into_iter().take(SHOWN).map(|one| line(v, one)).collect();
    Some(Compared { lines, more })
}

fn line(v: &Visit<'_>, Difference { path, was, is }: Difference) -> Line {
    let (kind, sign, word) = match (&was, &is) {
        (Some(_), Some(_)) => ("changed", "~", v.t.views.changed),
        (Some(_), None) => ("removed", "-", v.t.views.removed),
        (None, _) => ("added", "+", v.t.views.added),
    };
    let short = |value: serde_json::Value| {
        let mut text = value.to_string();
        if let Some((end, _)) = text.char_indices().nth(VALUE) {
            text.truncate(end);
            text += "...";
        }
        text
    };
    Line { kind, sign, word, path, was: was.map(short), is: is.map(short) }
}

/// Takes a snapshot.
pub(crate) fn take(v: &Visit<'_>) -> Shown {
    let name = v.form.get("name");
    let is_good = !name.is_empty()
        && name.chars().count() <= NAME
        && !name.chars().any(char::is_control)
        && !["seed", "now"].contains(&name);
    let kept = v.world.kept();
    let is_full = kept.len() >= SNAPSHOTS && kept.iter().all(|one| one != name);
    let error = match (is_good, is_full) {
        (false, _) => Some(v.t.views.wrong_snapshot),
        (true, true) => Some(v.t.views.too_many_snapshots),
        (true, false) => None,
    };
    if error.is_some() {
        let page = Page { name: name.to_owned(), error, ..bare(v) };
        return Ok(shown(v, StatusCode::UNPROCESSABLE_ENTITY, page));
    }
    v.world.keep(name);
    Ok(v.go("/diff", "done_snapshot_taken"))
}

/// Restores a snapshot.
pub(crate) fn restore(v: &Visit<'_>) -> Shown {
    done(v, v.world.restore(v.form.raw("name")), "done_snapshot_restored")
}

/// Deletes a snapshot.
pub(crate) fn remove(v: &Visit<'_>) -> Shown {
    done(v, v.world.forget(v.form.raw("name")), "done_snapshot_deleted")
}

fn done(v: &Visit<'_>, is_done: bool, text: &str) -> Shown {
    if is_done { Ok(v.go("/diff", text)) } else { Err(Trouble::NotFound) }
}
