//! A [`Lab`] (a gateway with frozen clocks), actors that sign calls, and replies that a test must check.
//!
//! No other code of the tests depends on the API of the gateway.

pub mod answers;
pub mod api;
pub mod doors;
pub mod live;
pub mod own;
pub mod proofs;
pub mod sign;
pub mod sls;
pub mod steps;
pub mod tls;
pub mod xml;

use alimock::gateway::{Answer, Gateway, RawRequest, Rules};
use alimock::text::{Scalar, Timestamp, Uid, parse_duration};
use alimock::world::clock::Run;
use alimock::world::expect::Expectation;
use alimock::world::faults::Rule;
use alimock::world::journal::Record;
use alimock::world::needs::Needs;
use alimock::world::{Clocks, Plant, Settings, Tx, Worlds};
use alimock::{Scenario, World};
use serde_json::Value;
use sign::Form;
use std::fmt::Debug;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The time of both clocks of a lab.
pub const NOW: &str = "2026-11-22T08:00:00Z";
pub const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A scenario with frozen clocks: at the time of its file, or at [`NOW`] plus the offset of its file.
pub struct FrozenClocks(pub Scenario);

impl Plant for FrozenClocks {
    type Error = <Scenario as Plant>::Error;

    fn clocks(&self) -> Clocks {
        let now = Timestamp::parse(NOW).unwrap();
        let still = |run| match run {
            Run::Offset(span) => Run::Frozen(now.plus(span)),
            Run::Frozen(at) => Run::Frozen(at),
            _ => Run::Frozen(now),
        };
        let Clocks { resource, gateway } = self.0.clocks();
        Clocks { resource: still(resource), gateway: still(gateway) }
    }

    fn seed(&self) -> Option<u64> {
        self.0.seed()
    }

    fn faults(&self) -> &[Rule] {
        self.0.faults()
    }

    fn expectations(&self) -> &[Expectation] {
        self.0.expectations()
    }

    fn plant(&self, tx: &mut Tx<'_>) -> Result<(), Self::Error> {
        self.0.plant(tx)
    }
}

/// A gateway whose worlds have frozen clocks.
pub struct Lab {
    pub gateway: Gateway,
    nonces: AtomicU64,
}

impl Lab {
    /// A lab with the default scenario.
    pub fn new() -> Arc<Self> {
        Self::with_scenario(include_str!("../../../scenarios/default.yaml"))
    }

    /// A lab with a scenario of the test. The clocks are set here.
    #[track_caller]
    pub fn with_scenario(scenario: &str) -> Arc<Self> {
        let text = format!("clock: {{resource: '{NOW}', gateway: '{NOW}'}}\n{scenario}");
        Self::with_seed(&Scenario::parse(&text).expect("the test's scenario is good"))
    }

    /// A lab with any seed. Its clocks must be frozen.
    #[track_caller]
    pub fn with_seed<P: Plant>(seed: &P) -> Arc<Self>
    where
        P::Error: Debug,
    {
        Self::with_settings(Settings::default(), seed)
    }

    /// A lab that records the permissions that calls need.
    #[track_caller]
    pub fn recording<P: Plant>(seed: &P) -> (Arc<Self>, &'static Needs)
    where
        P::Error: Debug,
    {
        let needs: &Needs = Box::leak(Box::default());
        (Self::with_settings(Settings { needs: Some(needs), ..Settings::default() }, seed), needs)
    }

    #[track_caller]
    fn with_settings<P: Plant>(settings: Settings, seed: &P) -> Arc<Self>
    where
        P::Error: Debug,
    {
        let worlds = Worlds::new(settings, seed).expect("the test's scenario can be planted");
        Self::over(Arc::new(worlds))
    }

    /// A lab with the worlds of a server.
    pub fn over(worlds: Arc<Worlds>) -> Arc<Self> {
        let gateway = Gateway::new(worlds, Rules::default(), None);
        Arc::new(Self { gateway, nonces: AtomicU64::new(1) })
    }

    pub fn world(&self) -> &World {
        self.gateway.worlds().default_world()
    }

    /// Counts nonces from 1 again, after a reset of the world.
    pub fn reset_nonces(&self) {
        self.nonces.store(1, Ordering::Relaxed);
    }

    /// A new nonce.
    pub fn nonce(&self) -> String {
        format!("nonce-{}", self.nonces.fetch_add(1, Ordering::Relaxed))
    }

    /// The root of a seeded account.
    #[track_caller]
    pub fn root(self: &Arc<Self>, account: &str) -> Actor {
        let state = self.world().state();
        let account =
            state.accounts.values().find(|one| one.label == account).expect("the account is seeded");
        let key = account.keys.iter().next().expect("the account has a key");
        self.actor(key.id.as_str(), key.material.secret())
    }

    /// A user of a seeded account.
    #[track_caller]
    pub fn user(self: &Arc<Self>, account: &str, user: &str) -> Actor {
        let state = self.world().state();
        let account =
            state.accounts.values().find(|one| one.label == account).expect("the account is seeded");
        let (_, user) =
            account.users.iter().find(|(_, one)| one.name.as_str() == user).expect("the user is seeded");
        let key = user.keys.iter().next().expect("the user has a key");
        self.actor(key.id.as_str(), key.material.secret())
    }

    /// The first session of a role.
    #[track_caller]
    pub fn session(self: &Arc<Self>, role: &str) -> Actor {
        let state = self.world().state();
        let session = state.sessions().find(|one| one.role_name.as_str() == role).expect("it is seeded");
        self.actor(session.id.as_str(), session.material.secret()).with_token(session.token.reveal())
    }

    /// The actor that signs with this key.
    pub fn actor(self: &Arc<Self>, key: &str, secret: &str) -> Actor {
        Actor {
            lab: Arc::clone(self),
            key: key.to_owned(),
            secret: secret.to_owned(),
            token: None,
            form: Form::RpcV1,
            xml: false,
        }
    }

    /// Advances the resource clock. The gateway clock does not move.
    pub fn advance_clock(&self, span: &str) {
        self.world().clock.advance(parse_duration(span).expect("a span"));
    }

    /// Sends a request unchanged.
    pub fn send(&self, request: &RawRequest) -> Reply {
        Reply::of(self.gateway.handle(request, CLIENT))
    }

    /// The newest record of the journal.
    pub fn last_record(&self) -> Arc<Record> {
        self.world().journal.read(0, usize::MAX, |_| true).pop().expect("something was sent")
    }

    pub fn uid(&self, account: &str) -> String {
        let state = self.world().state();
        state
            .accounts
            .values()
            .find(|one| one.label == account)
            .expect("the account is seeded")
            .uid
            .to_string()
    }
}

/// How an operation pages its list.
pub struct Paging {
    /// JSON pointer to the items in an answer.
    pub items: &'static str,
    /// The parameter that asks for the next page, and the field that gives its value.
    pub token: &'static str,
    /// The parameter for the number of items on a page.
    pub size: &'static str,
}

/// A caller that signs its requests.
#[derive(Clone)]
pub struct Actor {
    pub lab: Arc<Lab>,
    pub key: String,
    pub secret: String,
    pub token: Option<String>,
    pub form: Form,
    pub xml: bool,
}

impl Actor {
    pub fn signing(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    pub fn in_xml(mut self) -> Self {
        self.xml = true;
        self
    }

    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// The signed request of a call.
    pub fn request(&self, version: &str, action: &str, params: &[(&str, &str)]) -> RawRequest {
        self.request_by(&sign::Signer::default(), version, action, params)
    }

    /// The request of a call, signed by `signer`.
    pub fn request_by(
        &self,
        signer: &sign::Signer,
        version: &str,
        action: &str,
        params: &[(&str, &str)],
    ) -> RawRequest {
        let call = sign::Call {
            key: &self.key,
            secret: &self.secret,
            token: self.token.as_deref(),
            version,
            action,
            params,
            time: NOW,
            nonce: &self.lab.nonce(),
            xml: self.xml,
        };
        sign::request_by(signer, self.form, &call)
    }

    pub fn call(&self, version: &str, action: &str, params: &[(&str, &str)]) -> Reply {
        self.lab.send(&self.request(version, action, params))
    }

    pub fn ram(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        self.call("2015-05-01", action, params)
    }

    pub fn ims(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        self.call("2019-08-15", action, params)
    }

    pub fn sts(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        self.call("2015-04-01", action, params)
    }

    pub fn aas(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        self.call("2015-07-01", action, params)
    }

    pub fn crm(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        self.call("2015-04-08", action, params)
    }

    pub fn account_crm(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        self.call("2016-06-06", action, params)
    }

    pub fn ecs(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        self.call("2014-05-26", action, params)
    }

    /// Reads every page of a list of RAM.
    #[track_caller]
    fn read_pages(&self, action: &str, params: &[(&str, &str)], paging: &Paging) -> Vec<Vec<Value>> {
        let Paging { items, token, .. } = *paging;
        let mut pages = Vec::new();
        let mut from = String::new();
        loop {
            let mut sent = params.to_vec();
            sent.push((token, &from));
            let page = self.ram(action, &sent).assert_ok();
            pages.push(page.pointer(items).and_then(Value::as_array).expect("a list").clone());
            let next = page[token].as_str().unwrap_or_default();
            assert_eq!(page["IsTruncated"].as_bool().unwrap_or(!next.is_empty()), !next.is_empty());
            if next.is_empty() {
                return pages;
            }
            assert_ne!(next, from, "a page ends where it starts");
            next.clone_into(&mut from);
        }
    }

    /// Reads a list in pages of 1, 2 and so on. Every page but the last must be full, and the pages joined must equal the
    /// list. Returns the number of items.
    #[track_caller]
    pub fn assert_pages_join(&self, action: &str, params: &[(&str, &str)], paging: &Paging) -> usize {
        let whole = self
            .ram(action, params)
            .assert_ok()
            .pointer(paging.items)
            .and_then(Value::as_array)
            .expect("a list")
            .clone();
        for count in 1..=whole.len() + 1 {
            let (count_text, mut sent) = (count.to_string(), params.to_vec());
            sent.push((paging.size, &count_text));
            let pages = self.read_pages(action, &sent, paging);
            assert!(pages[..pages.len() - 1].iter().all(|page| page.len() == count), "{action} by {count}");
            assert!(whole.is_empty() || pages.iter().all(|page| !page.is_empty()), "{action} by {count}");
            assert_eq!(pages.concat(), whole, "{action} by {count}");
        }
        whole.len()
    }

    /// Creates a key with `params`. Returns the actor that signs with it.
    #[track_caller]
    pub fn create_key(&self, params: &[(&str, &str)]) -> Actor {
        let made = self.ram("CreateAccessKey", params).assert_ok();
        let text = |name: &str| made["AccessKey"][name].as_str().unwrap().to_owned();
        Actor { key: text("AccessKeyId"), secret: text("AccessKeySecret"), token: None, ..self.clone() }
    }
}

pub fn uid(text: &str) -> Uid {
    Uid::parse(text).unwrap()
}

/// The text of one field of each item.
pub fn field_texts<'a>(items: impl IntoIterator<Item = &'a Value>, field: &str) -> Vec<String> {
    let text =
        |item: &Value| item[field].as_str().unwrap_or_else(|| panic!("{item} has no {field}")).to_owned();
    items.into_iter().map(text).collect()
}

/// A policy with one statement, for all resources.
pub fn policy_document(effect: &str, action: &str) -> String {
    format!(r#"{{"Version":"1","Statement":[{{"Effect":"{effect}","Action":"{action}","Resource":"*"}}]}}"#)
}

/// The answer to a call. A test must check it.
#[must_use]
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: String,
}

impl Reply {
    pub fn of(answer: Answer) -> Self {
        let (head, body) = answer.into_parts();
        Self {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).expect("answers are UTF-8"),
        }
    }

    /// Fails unless the call succeeded. Returns the body.
    #[track_caller]
    pub fn assert_ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        let body = self.json();
        // Some products report a refusal in the body of an HTTP 200.
        assert_ne!(body["Success"], false, "{}", self.body);
        body
    }

    /// The body with a line break after each member of an object and between XML elements; not otherwise changed.
    pub fn one_field_a_line(&self) -> String {
        if self.body.starts_with('<') {
            return self.body.replace("><", ">\n<");
        }
        let mut text = String::new();
        let (mut in_string, mut escaped) = (false, false);
        for letter in self.body.chars() {
            in_string ^= letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            text.push(letter);
            if !in_string && matches!(letter, ',' | '{') {
                text.push('\n');
            }
        }
        text
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Fails unless the call was refused with this status and code. Returns the message.
    #[track_caller]
    pub fn assert_refused(&self, status: u16, code: &str) -> String {
        let body = self.json();
        let found = (self.status, body["Code"].as_str().unwrap_or_default());
        assert_eq!(found, (status, code), "{}", self.body);
        body["Message"].as_str().expect("a refusal has a message").to_owned()
    }
}
