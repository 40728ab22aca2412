//! Failures on purpose: rules that spoil calls on a schedule.
//!
//! The gateway asks at three points: when a client begins a TLS handshake, when a call has arrived, and when its caller has been let in. A rule is looked at at the
//! first point where all it asks for is known. Services cannot tell: they never see a rule. It must not know about worlds or
//! HTTP. Read [`Rule`] first, then [`Faults::strike`].

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

/// How long a call hangs before its connection ends.
pub const HANG: Duration = Duration::from_secs(30);

/// Where the gateway asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A client has begun a TLS handshake.
    Greeting,
    /// The call has arrived and its product is known.
    Arrived,
    /// The caller has been let in and may do what it asks for.
    LetIn,
}

/// What is known of a call.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Code of the product.
    pub product: &'a str,
    /// Version of the API.
    pub version: &'a str,
    /// Name of the action.
    pub action: &'a str,
    /// Host without port.
    pub host: &'a str,
    /// AccessKeyId that was shown.
    pub key: Option<&'a str>,
    /// Address of the client.
    pub client: IpAddr,
    /// Parameters.
    pub params: &'a Params,
    /// Who calls, once that is known.
    pub caller: Option<&'a CallerFacts<'a>>,
    /// The resource clock.
    pub now: Timestamp,
    /// The gateway clock.
    pub gateway_now: Timestamp,
}

/// What rules may ask about a caller.
#[derive(Debug, Clone, Default)]
pub struct CallerFacts<'a> {
    /// UID of its account.
    pub uid: CompactString,
    /// Our own name for the account.
    pub label: &'a str,
    /// Name of the user, or `root`.
    pub user: Option<&'a str>,
    /// Name of the session's role.
    pub role: Option<&'a str>,
    /// Name of the session.
    pub session: Option<&'a str>,
    /// The resource that was asked about.
    pub resource: Option<&'a str>,
}

/// A rule that struck: what the journal says of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Struck {
    /// Id of the rule.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Number of the call among those that matched.
    pub hit: u64,
    /// What was drawn, when the rule has a probability.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawn: Option<f64>,
    /// What it did.
    #[serde(skip)]
    pub effect: Effect,
    /// What a rate says: whether the call is over it, and for how long, in milliseconds.
    #[serde(skip)]
    pub retry_after: Option<u64>,
    /// How long the answer waits.
    #[serde(skip)]
    pub delay: Duration,
    /// Drawn for whatever else there is to draw.
    #[serde(skip)]
    pub noise: u64,
}

impl Struck {
    /// Makes other bytes of `count` of them, wherever the draw says; of no more than there are.
    pub fn corrupt(&self, body: &mut [u8], count: usize) {
        let mut draw = ChaCha8Rng::seed_from_u64(self.noise);
        for _ in 0..count.min(body.len()) {
            let place = draw.random_range(0..body.len());
            body[place] ^= draw.random_range(1..=u8::MAX);
        }
    }
}

/// The rules of a world. Beside the state: what they count survives a refusal.
#[derive(Debug)]
pub struct Faults {
    seed: u64,
    /// When the world started: spans of rules count from here.
    start: Timestamp,
    rules: RwLock<Arc<Rules>>,
    next: AtomicU64,
}

/// A rule with its counters.
#[derive(Debug)]
struct Live {
    id: u64,
    rule: Arc<Rule>,
    between: Option<[Timestamp; 2]>,
    /// Whom it asks for, read once.
    client: Option<Network>,
    counts: Arc<Counts>,
}

/// What a rule has counted.
#[derive(Debug, Default)]
struct Counts {
    matched: AtomicU64,
    struck: AtomicU64,
    bucket: Mutex<Option<Bucket>>,
}

/// Rules with their counters as they were at some moment.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    rules: Vec<Arc<Live>>,
    next: u64,
}

/// A token bucket: how full it was, and when.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Timestamp,
}

/// A rule as the control API shows it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CountedRule {
    /// Its id.
    pub id: u64,
    /// The rule.
    #[serde(flatten)]
    pub rule: Rule,
    /// Calls that matched.
    pub matched: u64,
    /// Calls that it struck.
    pub struck: u64,
}

impl Faults {
    /// The rules that a world starts with at `start`.
    pub fn new(seed: u64, rules: &[Rule], start: Timestamp) -> Self {
        let mut faults = Self { seed, start, rules: RwLock::default(), next: AtomicU64::new(1) };
        let live = rules.iter().map(|rule| Arc::new(faults.live(faults.free_id(), rule.clone())));
        faults.rules = RwLock::new(indexed(live));
        faults
    }

    /// When the world started.
    pub(super) fn start(&self) -> Timestamp {
        self.start
    }

    /// The rules as they are now, with what they have counted.
    pub fn kept(&self) -> Kept {
        let rules = self.rules.read();
        Kept { rules: copies(&rules), next: self.next.load(Relaxed) }
    }

    /// Back to what was kept.
    pub fn restore(&self, kept: &Kept) {
        let mut rules = self.rules.write();
        *rules = Arc::new(copies(&kept.rules).into());
        self.next.store(kept.next, Relaxed);
    }

    /// The same in another world: whatever these do next, those do too.
    #[must_use]
    pub fn fork(&self, kept: &Kept) -> Self {
        let forked = Self::new(self.seed, &[], self.start);
        forked.restore(kept);
        forked
    }

    /// Takes all rules out.
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
        let between = rule.when.between.map(|times| times.map(|time| time.at(self.start)));
        let client = rule.matching.client.as_deref().and_then(Network::parse);
        Live { id, rule: Arc::new(rule), between, client, counts: Arc::default() }
    }

    /// Adds a rule after the others.
    pub fn add(&self, rule: Rule) -> CountedRule {
        let live = Arc::new(self.live(self.free_id(), rule));
        let mut rules = self.rules.write();
        *rules = indexed(rules.iter().cloned().chain([Arc::clone(&live)]));
        live.listed()
    }

    /// Puts a rule in the place of another; it has counted nothing yet. `None` when there is no such rule.
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

    /// Changes a rule, which goes on counting where it was; `None` when there is no such rule.
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
        // Shared, so that a call which meets the rule as it was until now is counted, too.
        let live = Live { counts: Arc::clone(&before.counts), ..self.live(id, rule) };
        let listed = live.listed();
        let mut changed = rules.to_vec();
        changed[at] = Arc::new(live);
        *rules = indexed(changed);
        Some(Ok(listed))
    }

    /// Takes a rule out; false when there is no such rule.
    pub fn remove(&self, id: u64) -> bool {
        let mut rules = self.rules.write();
        let before = rules.len();
        *rules = indexed(rules.iter().filter(|live| live.id != id).cloned());
        rules.len() < before
    }

    /// All rules in order, with their counters.
    pub fn list(&self) -> Vec<CountedRule> {
        self.rules.read().iter().map(|live| live.listed()).collect()
    }

    /// Rules that were kept as they would be written down at `now`: spans are counted from there.
    pub fn written(&self, kept: &Kept, now: Timestamp) -> Vec<Rule> {
        let passed = now.since(self.start);
        let written = |live: &Arc<Live>| {
            let mut rule = live.rule.named_by_hand(live.id);
            rule.when.between = rule.when.between.map(|times| times.map(|time| time.earlier_by(passed)));
            rule
        };
        kept.rules.iter().map(written).collect()
    }

    /// Whether any rule looks at calls at a point.
    pub fn look_at(&self, point: Point) -> bool {
        self.rules.read().look_at(point)
    }

    /// Whether a rule looks back, so that earlier states must be kept.
    pub fn look_back(&self) -> bool {
        self.rules.read().look_back()
    }

    /// The rules that strike a call at a point, in order. One that ends the call is the last.
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

/// Rules with their index, which is made anew whenever they change.
fn indexed(rules: impl IntoIterator<Item = Arc<Live>>) -> Arc<Rules> {
    Arc::new(rules.into_iter().collect::<Vec<_>>().into())
}

/// Rules that count on by themselves from here.
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
    /// Whether a call is one of those, but for its client.
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
        // The cheapest and most telling first: most rules do not match most calls.
        like(&self.action, Some(subject.action))
            && same(&self.product, Some(subject.product))
            && same(&self.version, Some(subject.version))
            && same(&self.key, subject.key)
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

    /// Whether the rule is about a call.
    fn admits(&self, subject: &Subject<'_>) -> bool {
        let from = |client: Network| client.contains(subject.client);
        let matching = &self.rule.matching;
        (matching.client.is_none() || self.client.is_some_and(from)) && matching.admits(subject)
    }

    fn listed(&self) -> CountedRule {
        let (matched, struck) = (self.counts.matched.load(Relaxed), self.counts.struck.load(Relaxed));
        CountedRule { id: self.id, rule: (*self.rule).clone(), matched, struck }
    }

    /// Counts a call that matches; gives what happens when the rule strikes it.
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

    /// How long a call is too early, in milliseconds; `None` when it is not.
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

/// How an answer reaches the client: what rules made of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Delivery {
    /// How long it waits.
    pub delay: Duration,
    /// How the connection ends instead.
    pub ending: Option<Ending>,
    /// How many bytes of the body arrive.
    pub cut: Option<usize>,
    /// How many bytes of it arrive each second.
    pub bytes_per_second: Option<usize>,
}

impl Delivery {
    /// Whether it is like any other answer.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// How long it takes until the connection ends without an answer.
    pub fn silence(&self) -> Duration {
        self.delay + if self.ending == Some(Ending::Hang) { HANG } else { Duration::ZERO }
    }
}
