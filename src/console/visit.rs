//! One request of a browser: the world and the log-in that it belongs to, its form, and the answers that pages give.

use crate::console::door::{Door, ROOT, is_known_host};
use crate::console::form::{Form, encoded};
use crate::console::layout::Layout;
use crate::console::texts::{Lang, Texts};
use crate::console::{recipe::Recipe, refusals};
use crate::control::{Control, foreign, generated};
use crate::text::{Timestamp, UserName};
use crate::world::account::{Account, Owner as KeyOwner, Place};
use crate::world::register::Slot;
use crate::world::{By, NotDone, State, Tx, World};
use askama::Template;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use std::fmt::Write;
use std::sync::Arc;

/// Cookie of a browser: random, and what the tokens in forms are derived from.
const VISITOR: &str = "alimock_visitor";
/// Cookie of a log-in: world and ticket.
const LOGIN: &str = "alimock_login";
/// Cookie of a browser whose user gave the control token.
const PASS: &str = "alimock_pass";
/// Cookie of the chosen language.
const LANG: &str = "alimock_lang";

/// Allows the console's own files and nothing else: no inline script or style, no frame, no other site.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Reason why a page is not shown.
pub(crate) enum Trouble {
    /// The page needs a log-in.
    NotLoggedIn,
    /// The page or its item does not exist.
    NotFound,
    /// The form does not come from this console, or is too old.
    Forged,
}

/// Answer of a page.
pub(crate) type Shown = Result<Response, Trouble>;

/// A logged-in person.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// Account.
    pub(crate) uid: crate::text::Uid,
    /// RAM user; `None` for the owner of the account.
    pub(crate) user: Option<(Slot, UserName)>,
    /// Ticket of the log-in.
    pub(crate) ticket: String,
}

/// A request and its surroundings.
#[derive(Clone)]
pub(crate) struct Visit<'a> {
    /// The server.
    pub(crate) control: &'a Control,
    /// The connection.
    pub(crate) door: &'a Door,
    /// Headers of the request.
    pub(crate) headers: &'a HeaderMap,
    /// Path of the page below the root.
    pub(crate) path: &'a str,
    /// Values in the path, in order.
    pub(crate) names: Vec<String>,
    /// Query.
    pub(crate) query: Form,
    /// Submitted form; empty for a page that is only read.
    pub(crate) form: Form,
    /// Language.
    pub(crate) lang: Lang,
    /// Texts in the language.
    pub(crate) t: &'static Texts,
    /// The world.
    pub(crate) world: Arc<World>,
    /// State of the world, after all that is due.
    pub(crate) state: Arc<State>,
    /// Time on the resource clock.
    pub(crate) now: Timestamp,
    /// The logged-in person.
    pub(crate) person: Option<Person>,
    /// The request only reads.
    pub(crate) is_read: bool,
    visitor: String,
    is_new: bool,
}

impl<'a> Visit<'a> {
    /// Reads a request. Fails if it names a world that does not exist.
    pub(crate) fn new(
        control: &'a Control,
        door: &'a Door,
        request: &'a Request<Bytes>,
        path: &'a str,
        names: Vec<String>,
    ) -> Result<Self, (Lang, Trouble)> {
        let headers = request.headers();
        let query = Form::parse(request.uri().query().unwrap_or_default());
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let form = Form::of_body(kind, &crate::text::lossy(request.body()));
        let lang = Lang::of(cookie(headers, LANG), headers);
        // Without the token, a browser learns nothing about worlds.
        let is_in = is_let_in(control, headers);
        let login = cookie(headers, LOGIN).and_then(|login| login.split_once('.')).filter(|_| is_in);
        let wanted = form.given("world").or(query.given("world")).filter(|_| is_in);
        let world = match (&door.world, wanted, login) {
            (Some(world), ..) => Arc::clone(world),
            (None, Some(name), _) => control.worlds.named(name).ok_or((lang, Trouble::NotFound))?,
            (None, None, Some((name, _))) if control.worlds.named(name).is_some() => {
                control.worlds.named(name).ok_or((lang, Trouble::NotFound))?
            }
            _ => Arc::clone(control.worlds.default_world()),
        };
        let now = world.clock.now().resource;
        world.settle(now);
        let state = world.state();
        let person = login
            .filter(|(name, _)| world.name.folded() == name.to_ascii_lowercase())
            .and_then(|(_, ticket)| person(ticket, &state));
        let known = cookie(headers, VISITOR).filter(|visitor| visitor.len() == 32);
        let (visitor, is_new) = match known {
            Some(visitor) => (visitor.to_owned(), false),
            None => (generated().reveal().to_owned(), true),
        };
        let t = lang.texts();
        Ok(Self {
            control,
            door,
            headers,
            path,
            names,
            query,
            form,
            lang,
            t,
            world,
            state,
            now,
            person,
            is_read: is_read(request.method()),
            visitor,
            is_new,
        })
    }

    /// Returns the token that forms of this browser must contain.
    pub(crate) fn csrf(&self) -> String {
        self.control.access.seal("form", &self.visitor)
    }

    /// Fails unless the form comes from a page that this browser got.
    pub(crate) fn check_form(&self) -> Result<(), Trouble> {
        let is_ours =
            !self.is_new && self.control.access.is_seal(self.form.get("csrf"), "form", &self.visitor);
        if is_ours { Ok(()) } else { Err(Trouble::Forged) }
    }

    /// Returns the world name for links: `None` if the port or host says it, or if it is the default one.
    fn world_in_links(&self) -> Option<&str> {
        let is_said =
            self.door.world.is_some() || Arc::ptr_eq(&self.world, self.control.worlds.default_world());
        (!is_said).then_some(self.world.name.as_str())
    }

    /// Returns the address of a page of this world.
    pub(crate) fn at(&self, page: &str) -> String {
        match self.world_in_links() {
            None => format!("{ROOT}{page}"),
            Some(world) => {
                let mark = if page.contains('?') { '&' } else { '?' };
                format!("{ROOT}{page}{mark}world={}", encoded(world))
            }
        }
    }

    /// Returns the logged-in person.
    pub(crate) fn person(&self) -> Result<&Person, Trouble> {
        self.person.as_ref().ok_or(Trouble::NotLoggedIn)
    }

    /// Returns the account of the logged-in person.
    pub(crate) fn account(&self) -> Result<&Account, Trouble> {
        self.state.account(self.person()?.uid).map_err(|_| Trouble::NotLoggedIn)
    }

    /// Returns the account if its owner is logged in; a RAM user gets no such page.
    pub(crate) fn own_account(&self) -> Result<&Account, Trouble> {
        if self.person()?.user.is_some() { Err(Trouble::NotFound) } else { self.account() }
    }

    /// Returns the person whose keys a page shows.
    pub(crate) fn place(&self) -> Result<Place, Trouble> {
        let person = self.person()?;
        let owner = person.user.as_ref().map_or(KeyOwner::Root, |(slot, _)| KeyOwner::User(*slot));
        Ok(Place { uid: person.uid, owner })
    }

    /// Changes the world. Returns the message of a rejection in the language of the page.
    pub(crate) fn act<T>(&self, change: impl FnOnce(&mut Tx<'_>) -> Result<T, NotDone>) -> Result<T, String> {
        self.change(change).map_err(|why| self.why(&why))
    }

    /// Changes the world.
    pub(crate) fn change<T>(
        &self,
        change: impl FnOnce(&mut Tx<'_>) -> Result<T, NotDone>,
    ) -> Result<T, NotDone> {
        self.world.commit(self.now, By::OURSELVES, change).map(|(given, _)| given)
    }

    /// Returns the visit with the state after a change.
    pub(crate) fn renewed(&self) -> Self {
        Self { state: self.world.state(), ..self.clone() }
    }

    /// Returns the visit as one of another world.
    pub(crate) fn in_world(&self, world: Arc<World>) -> Self {
        let now = world.clock.now().resource;
        world.settle(now);
        Self { state: world.state(), world, now, ..self.clone() }
    }

    /// Returns `true` at a host of the International site.
    pub(crate) fn is_international(&self) -> bool {
        let host = self.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        host.contains("alibabacloud.com") || host.starts_with("account-intl.")
    }

    /// Returns the message of a rejection in the language of the page.
    pub(crate) fn why(&self, why: &NotDone) -> String {
        match why {
            NotDone::Refused(refusal) => refusals::in_words(*refusal, self.lang),
            NotDone::Advised { refusal, advice } => {
                let words = refusals::in_words(*refusal, self.lang);
                if self.lang == Lang::En {
                    format!("{}: {advice}", words.trim_end_matches('.'))
                } else {
                    words
                }
            }
            NotDone::Wrong(_) | NotDone::Unfit(_) => why.to_string(),
        }
    }

    /// Returns a call of the control API that does the same as a page. `path` is below the world.
    pub(crate) fn recipe(&self, method: &'static str, path: &str, body: &str) -> Recipe {
        Recipe::new(self.control, self.headers, &self.world, method, path, body)
    }

    /// Renders a page.
    pub(crate) fn page(&self, title: &str, content: &dyn Render, recipes: &[Recipe]) -> Response {
        self.page_with(StatusCode::OK, title, content, recipes)
    }

    /// Renders a page with a status. Rejected forms are shown again with 422.
    pub(crate) fn page_with(
        &self,
        status: StatusCode,
        title: &str,
        content: &dyn Render,
        recipes: &[Recipe],
    ) -> Response {
        let html = Layout::of(self, title, &content.html(), recipes).html();
        let mut response = page(status, html);
        self.keep_visitor(&mut response);
        response
    }

    /// Sends a text as a file for download. `name` is plain ASCII without quotes.
    pub(crate) fn file(&self, name: &str, kind: &'static str, text: String) -> Response {
        let mut response = page(StatusCode::OK, text);
        self.keep_visitor(&mut response);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        response
    }

    /// Sends the browser to a page of this world. `done` is the name of the text that the page shows.
    pub(crate) fn go(&self, page: &str, done: &str) -> Response {
        let mark = if page.contains('?') { '&' } else { '?' };
        let page = if done.is_empty() { page.to_owned() } else { format!("{page}{mark}done={done}") };
        let mut response = redirect(&self.at(&page));
        self.keep_visitor(&mut response);
        response
    }

    /// Returns the text that the page before asked to show.
    pub(crate) fn done(&self) -> Option<&'static str> {
        self.query.given("done").filter(|name| name.starts_with("done_")).and_then(|name| self.t.named(name))
    }

    /// Stores the log-in in the browser, which becomes a new visitor: forms of its old pages do not count any more.
    pub(crate) fn log_in(&self, response: &mut Response, ticket: &str) {
        let login = format!("{}.{ticket}", self.world.name.folded());
        self.set_cookie(response, LOGIN, &login);
        self.set_cookie(response, VISITOR, generated().reveal());
    }

    /// Forgets the log-in.
    pub(crate) fn log_out(&self, response: &mut Response) {
        self.set_cookie(response, LOGIN, "");
    }

    /// Stores that the user gave the control token.
    pub(crate) fn let_in(&self, response: &mut Response) {
        if let Some(pass) = self.control.access.pass() {
            self.set_cookie(response, PASS, &pass);
        }
    }

    /// Stores the language.
    pub(crate) fn speak(&self, response: &mut Response, lang: Lang) {
        self.set_cookie(response, LANG, lang.code());
    }

    fn keep_visitor(&self, response: &mut Response) {
        let is_set = response.headers().contains_key(header::SET_COOKIE);
        if self.is_new && !is_set {
            self.set_cookie(response, VISITOR, &self.visitor);
        }
    }

    /// Sets a cookie until the browser closes; an empty value deletes it.
    fn set_cookie(&self, response: &mut Response, name: &str, value: &str) {
        let mut text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict");
        if self.door.secure {
            text += "; Secure";
        }
        if value.is_empty() {
            let _ = write!(text, "; Max-Age=0");
        }
        if let Ok(text) = HeaderValue::from_str(&text) {
            response.headers_mut().append(header::SET_COOKIE, text);
        }
    }
}

/// Returns `true` if the browser may see pages: the server needs no token, or the browser gave it.
pub(crate) fn is_let_in(control: &Control, headers: &HeaderMap) -> bool {
    let Some(pass) = control.access.pass() else { return true };
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
    // The pass is a MAC, so a comparison tells nothing about the token.
    cookie(headers, PASS) == Some(pass.as_str())
        || bearer.is_some_and(|token| control.access.admits(token.trim()))
}

/// Returns the header value that shows a request from another site.
pub(crate) fn stranger(control: &Control, headers: &HeaderMap) -> Option<String> {
    // With a token, a server can be reached by any name.
    let also = if control.access.pass().is_some() { |_: &str| true } else { is_known_host };
    foreign(headers, also)
}

/// Returns the person of a ticket.
fn person(ticket: &str, state: &State) -> Option<Person> {
    let login = state.registry.logins.get(ticket)?;
    let account = state.account(login.uid).ok()?;
    let user = match login.user {
        Some(slot) => Some((slot, account.user(slot).ok()?.name.clone())),
        None => None,
    };
    Some(Person { uid: login.uid, user, ticket: ticket.to_owned() })
}

/// Returns a cookie of the request.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut all = all.flat_map(|value| value.split(';')).filter_map(|one| one.trim().split_once('='));
    all.find(|(one, _)| *one == name).map(|(_, value)| value).filter(|value| !value.is_empty())
}

/// A template without its type.
pub(crate) trait Render {
    /// Renders it.
    fn html(&self) -> String;
}

impl<T: Template> Render for T {
    fn html(&self) -> String {
        self.render().expect("a template writes to a text")
    }
}

/// Renders a part of a page.
pub(crate) fn part(content: &dyn Render) -> Response {
    page(StatusCode::OK, content.html())
}

/// Builds the response of a page.
pub(crate) fn page(status: StatusCode, html: String) -> Response {
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Sends a browser to an address on this server.
pub(crate) fn redirect(to: &str) -> Response {
    let mut response = page(StatusCode::SEE_OTHER, String::new());
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

/// Returns `true` if a request only reads.
pub(crate) fn is_read(method: &Method) -> bool {
    *method == Method::GET || *method == Method::HEAD
}

/// Returns `true` if a page can be opened again after its language was changed: pages that only show something.
pub(crate) fn is_back(page: &str) -> bool {
    page.starts_with('/') && !page.starts_with("//") && !page.contains(['\\', '?', '#'])
}
