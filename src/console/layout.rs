//! Frame of every page: head, navigation, messages, calls that do the same.

use crate::console::form::encoded;
use crate::console::pages::ram;
use crate::console::recipe::Recipe;
use crate::console::texts::{Lang, Texts};
use crate::console::visit::Visit;
use askama::Template;

/// A link of a navigation.
pub(crate) struct Link {
    id: &'static str,
    to: String,
    text: &'static str,
    is_here: bool,
}

/// The frame.
#[derive(Template)]
#[template(path = "layout.html")]
pub(crate) struct Layout<'a> {
    t: &'static Texts,
    lang: Lang,
    title: &'a str,
    main: &'a str,
    recipes: &'a [Recipe],
    done: Option<&'static str>,
    start: String,
    log_in: String,
    log_out: String,
    csrf: String,
    who: Option<String>,
    world: &'a str,
    tools: Vec<Link>,
    owner: Vec<Link>,
    other_lang: String,
}

/// A page in a navigation: id, path and text.
type Entry = (&'static str, &'static str, fn(&Texts) -> &'static str);

/// Pages for the author of tests.
const TOOLS: [Entry; 10] = [
    ("start", "/", |t| t.start),
    ("requests", "/requests", |t| t.requests),
    ("rules", "/rules", |t| t.rules),
    ("clocks", "/clocks", |t| t.clocks),
    ("inbox", "/inbox", |t| t.inbox),
    ("reviews", "/reviews", |t| t.reviews),
    ("scenario", "/scenario", |t| t.scenarios.scenario),
    ("coverage", "/coverage", |t| t.views.coverage),
    ("diff", "/diff", |t| t.views.diff),
    ("settings", "/settings", |t| t.views.settings),
];

/// Pages for the owner of an account; those for RAM users, too, come first.
const OWNER: [Entry; 6] = [
    ("home", "/console/", |t| t.overview),
    ("keys", "/console/keys", |t| t.access_keys),
    ("ram", ram::ROOT, |t| t.ram.title),
    ("real-name", "/console/real-name", |t| t.real_name),
    ("security", "/console/security", |t| t.security),
    ("money", "/console/money", |t| t.money),
];
/// Number of pages that RAM users have.
const OF_USERS: usize = 2;

impl<'a> Layout<'a> {
    /// Puts content into the frame.
    pub(crate) fn of(v: &'a Visit<'a>, title: &'a str, main: &'a str, recipes: &'a [Recipe]) -> Self {
        let is_here = |page: &str| v.path == page || page == ram::ROOT && v.path.starts_with(page);
        let link =
            |(id, page, text): &Entry| Link { id, to: v.at(page), text: text(v.t), is_here: is_here(page) };
        let who = v.person.as_ref().and_then(|person| {
            let account = v.state.account(person.uid).ok()?;
            Some(match &person.user {
                Some((_, user)) => format!("{user}@{}", account.uid),
                None => account.profile.login_name.to_string(),
            })
        });
        let count = match &v.person {
            Some(person) if person.user.is_none() => OWNER.len(),
            Some(_) => OF_USERS,
            None => 0,
        };
        let other = if v.lang == Lang::En { Lang::Zh } else { Lang::En };
        let back = if crate::console::visit::is_back(v.path) { v.at(v.path) } else { v.at("/") };
        Self {
            t: v.t,
            lang: v.lang,
            title,
            main,
            recipes,
            done: v.done(),
            start: v.at("/"),
            log_in: v.at("/console/login"),
            log_out: v.at("/console/log-out"),
            csrf: v.csrf(),
            who,
            world: v.world.name.as_str(),
            tools: TOOLS.iter().map(link).collect(),
            owner: OWNER[..count].iter().map(link).collect(),
            other_lang: v.at(&format!("/console/lang?to={}&back={}", other.code(), encoded(&back))),
        }
    }
}
