//! What a rule says: whom it matches, when it strikes, what it does. One vocabulary for scenario files and the control API.

use crate::error::{self, ApiError};
use crate::text::{Moment, Span, parse_duration};
use crate::world::command::Command;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// What it is called in the journal; its id when it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Whether it looks at calls at all; one that does not keeps what it has counted.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
    /// Which calls it is about; all when nothing is said.
    #[serde(default, rename = "match", skip_serializing_if = "Match::is_any")]
    pub matching: Match,
    /// At which of them it strikes; at every one when nothing is said.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// What it does.
    #[serde(rename = "do")]
    pub effect: Effect,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
fn is_yes(enabled: &bool) -> bool {
    *enabled
}

/// Which calls. Everything that is said must hold. `action`, `resource` and parameters may hold `*` and `?`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Match {
    /// Code of the product, `Ram`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Version of the API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Name of the action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// Host that was called, without its port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// AccessKeyId that was shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Address or CIDR block of the client.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Values of parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub param: BTreeMap<String, String>,
    /// The caller's account: UID or our own name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Name of the calling RAM user; `root` is the account itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Name of the calling session's role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Name of the calling session.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// ARN of the resource the call is about; the account itself is not asked for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

/// At which of the calls that match, counted from 1. Everything that is said must hold.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct When {
    /// The one with this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nth: Option<u64>,
    /// The first so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<u64>,
    /// Every so manieth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<u64>,
    /// Those after so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// Those between two times of the resource clock: from the first on, before the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub between: Option<[Moment; 2]>,
    /// With this probability, between 0 and 1, drawn from the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// At most so many times in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
}

/// What happens. `delay` goes with any other; of the others there is one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Effect {
    /// The call is refused before it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Refuse>,
    /// The call is refused as throttled when it comes faster than this: with `error`, or with `Throttling.User`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// The connection ends before anything is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Ending>,
    /// The call runs, and then the connection ends: the answer is lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_commit: Option<Ending>,
    /// The call runs, and its answer is spoilt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Spoil>,
    /// This is done to the world first; then the call goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Command>,
    /// The call goes on, and when it has run this is done to the world.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<Command>,
    /// A TLS handshake ends so, before any call. Only `host` (the name that the client asks for) and `client` are known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsEnding>,
    /// A call that only reads sees the world as it was: so many changes ago (`1`), or so long (`5s`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<Stale>,
    /// The gateway clock is ahead by this for the call; behind when negative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skew: Option<Span>,
    /// How long the answer waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<Span>,
    /// Up to this more, drawn from the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jitter: Option<Span>,
}

/// A refusal: a code of the catalogue, or one of the writer's own with status and message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refuse {
    /// Wire code.
    pub code: String,
    /// HTTP status; the catalogue's when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Text; the catalogue's when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// `x-acs-retry-after`: after how long the client may come again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<Span>,
}

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// In order, without an answer.
    Close,
    /// By a reset.
    Reset,
    /// Not for thirty seconds, and then without an answer.
    Hang,
}

/// How a TLS handshake ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TlsEnding {
    /// By a fatal alert, `handshake_failure`.
    Alert,
    /// In order, without a word.
    Close,
    /// By a reset.
    Reset,
    /// Not for thirty seconds, and then without a word.
    Hang,
}

/// An answer that is not what it should be.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Spoil {
    /// Another HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Another `Content-Type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Another body: the page of a proxy, or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// So many bytes of the body are others than they should be, drawn from the seed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrupt: Option<usize>,
    /// Only so many bytes of the body arrive, then the connection ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<usize>,
    /// Bytes of the body that arrive each second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_per_second: Option<usize>,
}

/// How far back a stale read looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// So many changes.
    Changes(usize),
    /// So long, on the resource clock.
    Span(Span),
}

impl Serialize for Stale {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Changes(count) => count.serialize(s),
            Self::Span(span) => span.serialize(s),
        }
    }
}

impl<'de> Deserialize<'de> for Stale {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Either;
        impl serde::de::Visitor<'_> for Either {
            type Value = Stale;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of changes such as 1, or a span such as 5s")
            }

            fn visit_u64<E: serde::de::Error>(self, count: u64) -> Result<Stale, E> {
                usize::try_from(count).map(Stale::Changes).map_err(E::custom)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Stale, E> {
                let span = parse_duration(text).map_err(|why| E::custom(format!("`{text}` {why}")));
                span.map(|span| Stale::Span(Span(span)))
            }
        }
        d.deserialize_any(Either)
    }
}

/// So many calls in so long: `5/s`, `100/m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many at once.
    pub calls: u32,
    /// Until as many are free again, in milliseconds.
    pub millis: u32,
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let unit = if self.millis == 1000 { 's' } else { 'm' };
        s.collect_str(&format_args!("{}/{unit}", self.calls))
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let read = || {
            let (calls, unit) = text.split_once('/')?;
            let millis = match unit {
                "s" => 1000,
                "m" => 60_000,
                _ => return None,
            };
            Some(Self { calls: calls.parse().ok().filter(|calls| *calls > 0)?, millis })
        };
        read().ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no rate such as 5/s or 100/m")))
    }
}

impl Refuse {
    /// The error it stands for when a call of `product` is refused. `{}` of the catalogue's text, a name or key the rule does
    /// not know, is left out.
    pub fn error(&self, product: &str) -> ApiError {
        let known = error::known(product, &self.code);
        let (status, message) = known.map_or((400, ""), |known| (known.status, known.message));
        let message = self.message.clone().unwrap_or_else(|| message.replace("{}", "").trim_end().to_owned());
        ApiError::free(self.status.unwrap_or(status), self.code.clone(), message)
    }
}

impl Rule {
    /// What a rule is called that was given no name.
    pub(super) fn default_name(id: u64) -> String {
        format!("rule-{id}")
    }

    /// A copy without a name that nobody gave it.
    pub(super) fn named_by_hand(&self, id: u64) -> Self {
        let mut copy = self.clone();
        if copy.name == Self::default_name(id) {
            copy.name.clear();
        }
        copy
    }

    /// Why it can never work, in words: what is wrong, and where in the rule.
    pub fn flaws(&self) -> Vec<String> {
        let mut flaws = Vec::new();
        let effect = &self.effect;
        let main = [
            // A rate may say what it refuses with.
            effect.error.is_some() && effect.rate.is_none(),
            effect.rate.is_some(),
            effect.before.is_some(),
            effect.after_commit.is_some(),
            effect.answer.is_some(),
            effect.stale.is_some(),
            effect.tls.is_some(),
            effect.skew.is_some(),
            effect.change.is_some(),
            effect.then.is_some(),
        ];
        match main.iter().filter(|given| **given).count() {
            0 if effect.delay.is_none() => flaws.push("do: nothing is to be done".to_owned()),
            0 | 1 => {}
            _ => flaws.push(
                "do: there can be one of error, rate, before, afterCommit, answer, change, then, stale, tls and skew"
                    .to_owned(),
            ),
        }
        if effect.jitter.is_some() && effect.delay.is_none() {
            flaws.push("do.jitter: there is no delay".to_owned());
        }
        if let Some(refuse) = &effect.error {
            let is_known = error::catalogue().any(|known| known.code == refuse.code);
            if !is_known && (refuse.status.is_none() || refuse.message.is_none()) {
                let near = error::nearest_code(&refuse.code);
                flaws.push(format!(
                    "do.error.code: `{}` is no code of the catalogue (did you mean `{near}`?); with `status` and `message` any code is good",
                    refuse.code
                ));
            }
            if refuse.status.is_some_and(|status| !(400..600).contains(&status)) {
                flaws.push("do.error.status: a refusal has a status from 400 to 599".to_owned());
            }
            if refuse.retry_after.is_some_and(|span| span.millis() <= 0) {
                flaws.push("do.error.retryAfter: it is longer than nothing".to_owned());
            }
        }
        if let Some(answer) = &effect.answer
            && answer.status.is_some_and(|status| !(200..600).contains(&status))
        {
            flaws.push("do.answer.status: an answer has a status from 200 to 599".to_owned());
        }
        let (counted, back) = match effect.stale {
            Some(Stale::Changes(count)) => (count > 0, true),
            Some(Stale::Span(span)) => (true, span.millis() > 0),
            None => (true, true),
        };
        if !counted || !back {
            flaws.push(
                "do.stale: it looks back: at least one change, or a span longer than nothing".to_owned(),
            );
        }
        let of_handshake = Match {
            host: self.matching.host.clone(),
            client: self.matching.client.clone(),
            ..Match::default()
        };
        if effect.tls.is_some() && self.matching != of_handshake {
            flaws.push("match: of a handshake only `host` and `client` are known".to_owned());
        }
        if effect.skew.is_some() && self.matching.needs_caller() {
            flaws.push(
                "do.skew: the clock is read before the caller is known: match by key instead".to_owned(),
            );
        }
        if self.when.probability.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            flaws.push("when.probability: it is between 0 and 1".to_owned());
        }
        let counts = [("nth", self.when.nth), ("every", self.when.every), ("times", self.when.times)];
        for (name, _) in counts.into_iter().filter(|(_, count)| *count == Some(0)) {
            flaws.push(format!("when.{name}: calls are counted from 1"));
        }
        // A time and a span are compared when the world starts; then the rule may never strike.
        let backwards = match self.when.between {
            Some([Moment::At(from), Moment::At(to)]) => from >= to,
            Some([Moment::After(from), Moment::After(to)]) => from.millis() >= to.millis(),
            _ => false,
        };
        if backwards {
            flaws.push("when.between: the second time is not after the first".to_owned());
        }
        if let Some(client) = &self.matching.client
            && crate::text::Network::parse(client).is_none()
        {
            flaws.push(format!("match.client: `{client}` is neither an address nor a CIDR block"));
        }
        flaws
    }
}

impl When {
    /// Whether nothing is said.
    fn is_always(&self) -> bool {
        *self == Self::default()
    }
}

impl Match {
    /// Whether nothing is said.
    fn is_any(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it asks for something that is known only of a caller that was let in.
    pub fn needs_caller(&self) -> bool {
        [&self.account, &self.user, &self.role, &self.session, &self.resource].iter().any(|one| one.is_some())
    }
}
