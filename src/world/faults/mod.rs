//! Fault injection: rules that disturb calls on a schedule.
//!
//! The gateway asks at three points: at the start of a TLS handshake, on arrival of a call, and after
//! authorization. A rule is checked at the first point where its conditions are known. Services never see a
//! rule, and rules know nothing about worlds or HTTP. Read [`Rule`] first, then [`Faults::strike`].

mod index;
mod rule;

pub use rule::{Effect, Ending, Match, Rate, Refuse, Rule, Spoil, Stale, TlsEnding, When};

use crate::params::Params;
use crate::text::{Network, Span, Timestamp, covers};
use compact_str::CompactString;
use index::Rules;
use parking_lot::{Mutex, RwLock};
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use serde::Serialize;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Time that a call hangs before its connection ends.
pub const HANG: Duration = Duration::from_secs(30);

/// Points where the gateway asks for rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A client starts a TLS handshake.
    Greeting,
    /// A call arrives and its product is known.
    Arrived,
    /// The caller is authenticated and authorized.
    LetIn,
}

/// Facts about a call.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Product code.
    pub product: &'a str,
    /// API version.
    pub version: &'a str,
    /// Action name; empty for a request that names none.
    pub action: &'a str,
    /// HTTP method.
    pub method: &'a str,
    /// Path, as sent.
    pub path: &'a str,
    /// Another name of the action; empty without one.
    pub also: &'a str,
    /// Host name without port.
    pub host: &'a str,
    /// AccessKeyId in the request.
    pub key: Option<&'a str>,
    /// Client address.
    pub client: IpAddr,
    /// Request parameters.
    pub params: &'a Params,
    /// Caller, once authenticated.
    pub caller: Option<&'a CallerFacts<'a>>,
    /// Time on the resource clock.
    pub now: Timestamp,
    /// Time on the gateway clock.
    pub gateway_now: Timestamp,
}

impl<'a> Subject<'a> {
    /// Returns the names of the action.
    fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        std::iter::once(self.action).chain(Some(self.also).filter(|also| !also.is_empty()))
    }
}

/// Facts about a caller that rules can match.
#[derive(Debug, Clone, Default)]
pub struct CallerFacts<'a> {
    /// Account UID.
    pub uid: CompactString,
    /// alimock's name for the account.
    pub label: &'a str,
    /// User name, or `root`.
    pub user: Option<&'a str>,
    /// Role name of the session.
    pub role: Option<&'a str>,
    /// Session name.
    pub session: Option<&'a str>,
    /// Resource that the authorization checked.
    pub resource: Option<&'a str>,
}

/// A rule that applied to a call, as shown in the journal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Struck {
    /// Rule id.
    pub id: u64,
    /// Rule name.
    pub name: String,
    /// Number of the call among matching calls.
    pub hit: u64,
    /// Random number drawn, if the rule has a probability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawn: Option<f64>,
    /// Effect of the rule.
    #[serde(skip)]
    pub effect: Effect,
    /// Time in milliseconds until a retry, if the call exceeds the rate.
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// Delay of the response.
    #[serde(skip)]
    pub delay: Duration,
    /// Random number for other draws.
    #[serde(skip)]
    pub noise: u64,
}

impl Struck {
    /// Changes `count` random bytes, at most the length of the body.
    pub fn corrupt(&self, body: &mut [u8], count: usize) {
        let mut draw = ChaCha8Rng::seed_from_u64(self.noise);
        for _ in 0..count.min(body.len()) {
            let place = draw.random_range(0..body.len());
            body[place] ^= draw.random_range(1..=u8::MAX);
        }
    }
}

/// Rules of a world. They are outside the state, so their counters survive a rejected request.
#[derive(Debug)]
pub struct Faults {
    seed: u64,
    /// Start of the world: spans in rules count from here.
    start: RwLock<Timestamp>,
    rules: RwLock<Arc<Rules>>,
    next: AtomicU64,
}

/// A rule with its counters.
#[derive(Debug)]
struct Live {
    id: u64,
    rule: Arc<Rule>,
    between: Option<[Timestamp; 2]>,
    /// Parsed client network of the rule.
    client: Option<Network>,
    counts: Arc<Counts>,
}

/// Counters of a rule.
#[derive(Debug, Default)]
struct Counts {
    matched: AtomicU64,
    struck: AtomicU64,
    bucket: Mutex<Option<Bucket>>,
}

/// Rules with their counters at some moment.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    rules: Vec<Arc<Live>>,
    next: u64,
}

/// A token bucket: its level, and the time of that level.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

/// A rule with its counters, for the control API.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CountedRule {
    /// Rule id.
    pub id: u64,
    /// Rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// Number of calls that matched.
    pub matched: u64,
    /// Number of calls that the rule applied to.
    pub struck: u64,
}

impl Faults {
    /// Creates the initial rules of a world that starts at `start`.
    pub fn new(seed: u64, rules: &[Rule], start: Timestamp) -> Self {
        let start = RwLock::new(start);
        let faults = Self { seed, start, rules: RwLock::default(), next: AtomicU64::new(1) };
        faults.fill(rules);
        faults
    }

    /// Returns the start of the world.
    pub(super) fn start(&self) -> Timestamp {
        *self.start.read()
    }

    /// Replaces all rules by the initial ones of a world that starts at `start`; returns them.
    pub(super) fn replace_all(&self, rules: &[Rule], start: Timestamp) -> Kept {
        *self.start.write() = start;
        self.clear();
        self.fill(rules);
        self.kept()
    }

    fn fill(&self, rules: &[Rule]) {
        let live = rules.iter().map(|rule| Arc::new(self.live(self.free_id(), rule.clone())));
        let rules = indexed(live);
        *self.rules.write() = rules;
    }

    /// Returns a copy of the present rules and counters.
    pub fn kept(&self) -> Kept {
        let rules = self.rules.read();
        Kept { rules: copies(&rules), next: self.next.load(Relaxed) }
    }

    /// Restores rules and counters.
    pub fn restore(&self, kept: &Kept) {
        let mut rules = self.rules.write();
        *rules = Arc::new(copies(&kept.rules).into());
        self.next.store(kept.next, Relaxed);
    }

    /// Creates the same rules for another world. They will behave the same.
    #[must_use]
    pub fn fork(&self, kept: &Kept) -> Self {
        let forked = Self::new(self.seed, &[], self.start());
        forked.restore(kept);
        forked
    }

    /// Removes all rules.
    pub fn clear(&self) {
        self.restore(&Kept { rules: Vec::new(), next: 1 });
    }

    fn free_id(&self) -> u64 {
        self.next.fetch_add(1, Relaxed)
    }

    fn live(&self, id: u64, mut rule: Rule) -> Live {
        if rule.name.is_empty() {
            rule.name = Rule::default_name(id);
        }
        let between = rule.when.between.map(|times| times.map(|time| time.at(self.start())));
        let client = rule.matching.client.as_deref().and_then(Network::parse);
        Live { id, rule: Arc::new(rule), between, client, counts: Arc::default() }
    }

    /// Adds a rule at the end.
    pub fn add(&self, rule: Rule) -> CountedRule {
        let live = Arc::new(self.live(self.free_id(), rule));
        let mut rules = self.rules.write();
        *rules = indexed(rules.iter().cloned().chain([Arc::clone(&live)]));
        live.listed()
    }

    /// Replaces a rule; its counters start at zero. Returns `None` if `id` is unknown.
    pub fn replace(&self, id: u64, mut rule: Rule) -> Option<CountedRule> {
        let mut rules = self.rules.write();
        let before = rules.iter().find(|live| live.id == id)?;
        if rule.name.is_empty() {
            rule.name.clone_from(&before.rule.name);
        }
        let live = Arc::new(self.live(id, rule));
        let listed = live.listed();
        let changed = rules.iter().map(|one| if one.id == id { &live } else { one }).cloned();
        *rules = indexed(changed);
        Some(listed)
    }

    /// Changes a rule and keeps its counters. Returns `None` if `id` is unknown.
    pub fn amend<E>(
        &self,
        id: u64,
        change: impl FnOnce(&Rule) -> Result<Rule, E>,
    ) -> Option<Result<CountedRule, E>> {
        let mut rules = self.rules.write();
        let at = rules.iter().position(|live| live.id == id)?;
        let before = &rules[at];
        let rule = match change(&before.rule) {
            Ok(rule) => rule,
            Err(why) => return Some(Err(why)),
        };
        // Shared, so that calls in progress with the old rule count too.
        let live = Live { counts: Arc::clone(&before.counts), ..self.live(id, rule) };
        let listed = live.listed();
        let mut changed = rules.to_vec();
        changed[at] = Arc::new(live);
        *rules = indexed(changed);
        Some(Ok(listed))
    }

    /// Removes a rule. Returns `false` if `id` is unknown.
    pub fn remove(&self, id: u64) -> bool {
        let mut rules = self.rules.write();
        let before = rules.len();
        *rules = indexed(rules.iter().filter(|live| live.id != id).cloned());
        rules.len() < before
    }

    /// Returns all rules in order, with their counters.
    pub fn list(&self) -> Vec<CountedRule> {
        self.rules.read().iter().map(|live| live.listed()).collect()
    }

    /// Returns kept rules for a file written at `now`, from which their spans count.
    pub fn written(&self, kept: &Kept, now: Timestamp) -> Vec<Rule> {
        let passed = now.since(self.start());
        let written = |live: &Arc<Live>| {
            let mut rule = live.rule.named_by_hand(live.id);
            rule.when.between = rule.when.between.map(|times| times.map(|time| time.earlier_by(passed)));
            rule
        };
        kept.rules.iter().map(written).collect()
    }

    /// Returns `true` if any rule applies at this point.
    pub fn look_at(&self, point: Point) -> bool {
        self.rules.read().look_at(point)
    }

    /// Returns `true` if a rule needs earlier states.
    pub fn look_back(&self) -> bool {
        self.rules.read().look_back()
    }

    /// Returns the rules that apply to a call, in order. A rule that ends the call is the last.
    pub fn strike(&self, point: Point, subject: &Subject<'_>) -> Vec<Struck> {
        let rules = self.rules.read();
        let mut struck = Vec::new();
        for live in rules.candidates(point, subject) {
            if !live.admits(subject) {
                continue;
            }
            let Some(one) = live.strike(self.seed, subject) else { continue };
            let ends = one.effect.error.is_some()
                || one.effect.before.is_some()
                || one.effect.tls.is_some()
                || one.retry_after.is_some();
            struck.push(one);
            if ends {
                break;
            }
        }
        struck
    }
}

/// Builds the index, which is rebuilt on every change.
fn indexed(rules: impl IntoIterator<Item = Arc<Live>>) -> Arc<Rules> {
    Arc::new(rules.into_iter().collect::<Vec<_>>().into())
}

/// Copies rules with separate counters.
fn copies(rules: &[Arc<Live>]) -> Vec<Arc<Live>> {
    rules.iter().map(|live| Arc::new(live.copy())).collect()
}

impl Rule {
    fn point(&self) -> Point {
        match () {
            () if self.effect.tls.is_some() => Point::Greeting,
            () if self.matching.needs_caller() => Point::LetIn,
            () => Point::Arrived,
        }
    }
}

impl Match {
    /// Checks all conditions except the client.
    fn admits(&self, subject: &Subject<'_>) -> bool {
        let same = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| is.is_some_and(|is| is.eq_ignore_ascii_case(wanted)))
        };
        let like = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| is.is_some_and(|is| covers(wanted, is)))
        };
        let caller = |of: for<'a> fn(&'a CallerFacts<'_>) -> Option<&'a str>| subject.caller.and_then(of);
        let account = |wanted: &str| {
            subject.caller.is_some_and(|caller| caller.uid == wanted || caller.label == wanted)
        };
        // Cheap and selective conditions first, as most rules do not match most calls.
        subject.names().any(|name| like(&self.action, Some(name)))
            && same(&self.product, Some(subject.product))
            && same(&self.version, Some(subject.version))
            && same(&self.key, subject.key)
            && same(&self.method, Some(subject.method))
            && like(&self.path, Some(subject.path))
            && like(&self.host, Some(subject.host))
            && self.account.as_deref().is_none_or(account)
            && same(&self.user, caller(|caller| caller.user))
            && same(&self.role, caller(|caller| caller.role))
            && same(&self.session, caller(|caller| caller.session))
            && like(&self.resource, caller(|caller| caller.resource))
            && self
                .param
                .iter()
                .all(|(name, wanted)| subject.params.get(name).is_some_and(|is| covers(wanted, is)))
    }
}

impl Live {
    fn copy(&self) -> Self {
        let counts = Counts {
            matched: AtomicU64::new(self.counts.matched.load(Relaxed)),
            struck: AtomicU64::new(self.counts.struck.load(Relaxed)),
            bucket: Mutex::new(*self.counts.bucket.lock()),
        };
        Self {
            id: self.id,
            rule: Arc::clone(&self.rule),
            between: self.between,
            client: self.client,
            counts: Arc::new(counts),
        }
    }

    /// Returns `true` if the rule matches the call.
    fn admits(&self, subject: &Subject<'_>) -> bool {
        let from = |client: Network| client.contains(subject.client);
        let matching = &self.rule.matching;
        (matching.client.is_none() || self.client.is_some_and(from)) && matching.admits(subject)
    }

    fn listed(&self) -> CountedRule {
        let (matched, struck) = (self.counts.matched.load(Relaxed), self.counts.struck.load(Relaxed));
        CountedRule { id: self.id, rule: (*self.rule).clone(), matched, struck }
    }

    /// Counts a matching call. Returns the effect if the rule applies.
    fn strike(&self, seed: u64, subject: &Subject<'_>) -> Option<Struck> {
        let hit = self.counts.matched.fetch_add(1, Relaxed) + 1;
        let when = &self.rule.when;
        let by_count = when.nth.is_none_or(|nth| hit == nth)
            && when.first.is_none_or(|first| hit <= first)
            && when.every.is_none_or(|every| hit.is_multiple_of(every))
            && when.after.is_none_or(|after| hit > after)
            && self.between.is_none_or(|[from, to]| (from..to).contains(&subject.now));
        let mut draw = ChaCha8Rng::seed_from_u64(seed ^ (self.id << 40) ^ hit);
        let drawn = when.probability.map(|_| draw.random::<f64>());
        let by_chance = drawn.zip(when.probability).is_none_or(|(drawn, share)| drawn < share);
        if !by_count || !by_chance {
            return None;
        }
        let effect = &self.rule.effect;
        let retry_after = effect.rate.map(|rate| self.over(rate, subject.gateway_now));
        if retry_after == Some(None) {
            return None;
        }
        if when.times.is_some_and(|times| self.counts.struck.load(Relaxed) >= times) {
            return None;
        }
        self.counts.struck.fetch_add(1, Relaxed);
        let jitter = effect.jitter.map_or(Duration::ZERO, |most| most.wait().mul_f64(draw.random::<f64>()));
        Some(Struck {
            id: self.id,
            name: self.rule.name.clone(),
            hit,
            drawn,
            effect: effect.clone(),
            retry_after: retry_after.flatten(),
            delay: effect.delay.map_or(Duration::ZERO, Span::wait) + jitter,
            noise: draw.random(),
        })
    }

    /// Returns the milliseconds to wait if the call exceeds the rate.
    fn over(&self, rate: Rate, now: Timestamp) -> Option<u64> {
        let most = f64::from(rate.calls);
        let each = f64::from(rate.millis) / most;
        let mut bucket = self.counts.bucket.lock();
        let last = bucket.unwrap_or(Bucket { tokens: most, at: now });
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a test fit")]
        let passed = (now.as_millis() - last.at.as_millis()).max(0) as f64;
        let tokens = (last.tokens + passed / each).min(most);
        let enough = tokens >= 1.0;
        *bucket = Some(Bucket { tokens: if enough { tokens - 1.0 } else { tokens }, at: now });
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive number of milliseconds"
        )]
        let wait = ((1.0 - tokens) * each).ceil() as u64;
        (!enough).then_some(wait)
    }
}

/// Delivery of a response after rules were applied.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Delivery {
    /// Delay of the response.
    pub delay: Duration,
    /// Ending of the connection in place of a response.
    pub ending: Option<Ending>,
    /// Number of body bytes to send.
    pub cut: Option<usize>,
    /// Body bytes to send each second.
    pub bytes_per_second: Option<usize>,
}

impl Delivery {
    /// Returns `true` if no rule changed the delivery.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the time until the connection ends without a response.
    pub fn silence(&self) -> Duration {
        self.delay + if self.ending == Some(Ending::Hang) { HANG } else { Duration::ZERO }
    }
}
