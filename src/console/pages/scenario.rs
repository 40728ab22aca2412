//! The scenario of a world: text, problems while typing, expectations; load it, run it in a new world, save the world.

use crate::console::form::encoded;
use crate::console::marked::{self, Line};
use crate::console::visit::{Shown, Trouble, Visit, part};
use crate::control::ControlError;
use crate::scenario::{Export, NotAScenario, Problem, Scenario, library, lines};
use crate::world::expect::Near;
use askama::Template;
use axum::response::Response;
use http::StatusCode;

/// Result of a check.
#[derive(Default)]
struct Checked {
    problems: Vec<Problem>,
    /// More problems exist.
    more: bool,
    /// The text, with marks.
    copy: Vec<Line>,
}

/// An expectation and its result.
struct Expected {
    name: String,
    is_met: bool,
    found: String,
    nearest: Vec<String>,
}

#[derive(Template)]
#[template(path = "scenario.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    text: String,
    /// The text is that of the world.
    is_own: bool,
    purpose: String,
    name: String,
    error: Option<String>,
    /// `None` before the first check.
    checked: Option<Checked>,
    part: String,
    expected: Vec<Expected>,
}

/// The problems alone, while somebody types.
#[derive(Template)]
#[template(path = "scenario_problems.html")]
struct Part<'a> {
    v: &'a Visit<'a>,
    checked: Option<Checked>,
}

/// A shown text and what is known about it.
#[derive(Default)]
struct Draft {
    text: String,
    name: String,
    error: Option<String>,
    checked: Option<Checked>,
}

/// Shows the scenario of the world, or a ready-made one: `?from=NAME`.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    let text = match v.query.given("from") {
        None => v.world.brief().text.map(|text| text.to_string()).unwrap_or_default(),
        Some("template") => library::TEMPLATE.to_owned(),
        Some(name) => library::named(name).ok_or(Trouble::NotFound)?.to_owned(),
    };
    Ok(page(v, StatusCode::OK, Draft { text, ..Draft::default() }))
}

fn page(v: &Visit<'_>, status: StatusCode, draft: Draft) -> Response {
    let Draft { text, name, error, checked } = draft;
    let brief = v.world.brief();
    let evidence = v.world.evidence();
    let expected = brief.expectations.iter().map(|one| {
        let outcome = one.check(&evidence);
        let nearest = outcome.nearest.iter().map(Near::to_string).collect();
        Expected { name: outcome.name, is_met: outcome.passed, found: outcome.found, nearest }
    });
    let page = Page {
        v,
        is_own: brief.text.as_deref() == Some(&text),
        purpose: library::purpose(&text),
        text,
        name,
        error,
        checked,
        part: v.at("/scenario/check?part=1"),
        expected: expected.collect(),
    };
    let example = "accounts: [{name: demo, keys: [{}]}]";
    let recipes = [
        v.recipe("GET", "/scenario", ""),
        v.recipe("PUT", "/scenario", example),
        v.recipe("POST", "//worlds?name=mine", example),
        v.recipe("POST", "/verify", ""),
        v.recipe("GET", "/export", ""),
    ];
    v.page_with(status, v.t.scenarios.scenario, &page, &recipes)
}

/// Returns a text of the form as the server reads it: browsers send CR LF at the end of a line.
fn typed(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn with_problems(text: &str, why: &NotAScenario) -> Checked {
    let problems = why.problems();
    let places: Vec<_> = problems.iter().map(|problem| problem.place).collect();
    Checked {
        problems: problems.to_vec(),
        more: why.brief().len() > problems.len(),
        copy: marked::copy(lines(text), &places),
    }
}

/// Does something with the scenario in the form, or shows the page again with the reason why not.
fn with_scenario(v: &Visit<'_>, then: impl FnOnce(&Scenario) -> Result<Response, ControlError>) -> Shown {
    let text = match v.form.given("from") {
        Some(name) => library::named(name).ok_or(Trouble::NotFound)?.to_owned(),
        None => typed(v.form.raw("text")),
    };
    let (error, checked) = match Scenario::parse(&text) {
        Err(why) => (None, Some(with_problems(&text, &why))),
        Ok(scenario) => match then(&scenario) {
            Ok(done) => return Ok(done),
            Err(why) => (Some(why.to_string()), None),
        },
    };
    let name = v.form.get("name").to_owned();
    Ok(page(v, StatusCode::UNPROCESSABLE_ENTITY, Draft { text, name, error, checked }))
}

fn checked(text: &str) -> Checked {
    Scenario::parse(text).map_or_else(|why| with_problems(text, &why), |_| Checked::default())
}

/// Checks the text in the form; changes nothing.
pub(crate) fn check(v: &Visit<'_>) -> Shown {
    let text = typed(v.form.raw("text"));
    let found = checked(&text);
    let status = if found.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let checked = Some(found);
    if v.query.given("part").is_some() {
        return Ok(part(&Part { v, checked }));
    }
    let name = v.form.get("name").to_owned();
    Ok(page(v, status, Draft { text, name, checked, ..Draft::default() }))
}

/// Opens a file in the editor, with its problems.
pub(crate) fn open(v: &Visit<'_>) -> Shown {
    let text = typed(v.form.raw("file"));
    let checked = Some(checked(&text));
    Ok(page(v, StatusCode::OK, Draft { text, checked, ..Draft::default() }))
}

/// Loads the text in the form into this world.
pub(crate) fn load(v: &Visit<'_>) -> Shown {
    with_scenario(v, |scenario| {
        v.control.load(&v.world, scenario)?;
        Ok(v.go("/scenario", "done_scenario_loaded"))
    })
}

/// Creates a world from the text in the form, or from a ready-made scenario, and goes there.
pub(crate) fn run(v: &Visit<'_>) -> Shown {
    with_scenario(v, |scenario| {
        let world = v.control.new_world(v.form.given("name"), scenario)?;
        Ok(v.in_world(world).go("/", "done_world_created"))
    })
}

/// Sends the world as a scenario file.
pub(crate) fn export(v: &Visit<'_>) -> Shown {
    let name = format!("{}.yaml", v.world.name.as_str());
    Ok(v.file(&name, "application/yaml", Export::present(&v.world).yaml()))
}

/// A scenario of the gallery.
struct Ready {
    name: &'static str,
    purpose: String,
    text: &'static str,
    editor: String,
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Ready>,
    q: &'a str,
    part: String,
    count: usize,
    previous: Option<String>,
    next: Option<String>,
}

/// The list of the gallery alone, for the filter.
#[derive(Template)]
#[template(path = "gallery_list.html")]
struct GalleryPart<'a> {
    v: &'a Visit<'a>,
    rows: Vec<Ready>,
    count: usize,
    previous: Option<String>,
    next: Option<String>,
}

/// Scenarios on a page of the gallery.
const EACH: usize = 20;

/// Shows the ready-made scenarios that contain the words of `?q=`.
pub(crate) fn gallery(v: &Visit<'_>) -> Shown {
    let q = v.query.get("q");
    let words = q.to_lowercase();
    let has = |(name, text): &&(&str, &str)| {
        let all = format!("{name} {}", text.to_lowercase());
        words.split_whitespace().all(|word| all.contains(word))
    };
    let found: Vec<_> = library::ALL.iter().filter(has).collect();
    let last = found.len().saturating_sub(1) / EACH;
    let number = v.query.get("page").parse().unwrap_or(0).min(last);
    let to = |number: usize| v.at(&format!("/scenario/gallery?page={number}&q={}", encoded(q)));
    let rows = found.iter().skip(number * EACH).take(EACH);
    let rows = rows
        .map(|(name, text)| Ready {
            name,
            purpose: library::purpose(text),
            text,
            editor: v.at(&format!("/scenario?from={name}")),
        })
        .collect();
    let (count, previous, next) =
        (found.len(), number.checked_sub(1).map(to), (number < last).then(|| to(number + 1)));
    if v.query.given("part").is_some() {
        return Ok(part(&GalleryPart { v, rows, count, previous, next }));
    }
    let part = v.at("/scenario/gallery?part=1");
    let page = Gallery { v, rows, q, part, count, previous, next };
    let recipes = [v.recipe("POST", "//worlds?scenario=key-leaked", "")];
    Ok(v.page(v.t.scenarios.gallery, &page, &recipes))
}
