//! Fault rules: conditions, schedule and effect. Scenario files and the control API share this vocabulary.

use crate::attributes::{apply, input, is_yes, optional_input, yes};
use crate::error::{self, ApiError};
use crate::text::{Moment, Span, parse_duration};
use crate::world::command::Command;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// A fault rule.
#[apply(input)]
pub struct Rule {
    /// Name in the journal; by default the id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Applies the rule. A disabled rule keeps its counters.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub enabled: bool,
    /// Calls that the rule matches; by default all.
    #[serde(default, rename = "match", skip_serializing_if = "Match::is_any")]
    pub matching: Match,
    /// Matching calls that the rule applies to; by default all.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// Effect of the rule.
    #[serde(rename = "do")]
    pub effect: Effect,
}

/// Filter for calls. All given fields must match. `action`, `resource` and parameters may contain `*` and `?`.
#[apply(optional_input)]
pub struct Match {
    /// Product code, such as `Ram`.
    pub product: Option<String>,
    /// API version.
    pub version: Option<String>,
    /// Action name.
    pub action: Option<String>,
    /// HTTP method, such as `GET`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Path; may contain `*` and `?`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Host name without port.
    pub host: Option<String>,
    /// AccessKeyId in the request.
    pub key: Option<String>,
    /// Client address or CIDR block.
    pub client: Option<String>,
    /// Parameter values.
    pub param: BTreeMap<String, String>,
    /// Account of the caller: UID or alimock's name for it.
    pub account: Option<String>,
    /// Name of the calling RAM user; `root` is the account itself.
    pub user: Option<String>,
    /// Role name of the calling session.
    pub role: Option<String>,
    /// Session name of the calling session.
    pub session: Option<String>,
    /// ARN of the requested resource. Calls of the account itself have no resource to match.
    pub resource: Option<String>,
}

/// Schedule: the matching calls that the rule applies to, counted from 1. All given fields must hold.
#[apply(optional_input)]
pub struct When {
    /// Only the call with this number.
    pub nth: Option<u64>,
    /// Only the first calls, up to this number.
    pub first: Option<u64>,
    /// Every n-th call.
    pub every: Option<u64>,
    /// Only calls after this number of calls.
    pub after: Option<u64>,
    /// Only calls from the first time until before the second, on the resource clock.
    pub between: Option<[Moment; 2]>,
    /// Probability between 0 and 1, drawn from the seed.
    pub probability: Option<f64>,
    /// Maximum number of times in total.
    pub times: Option<u64>,
}

/// Effect of a rule. `delay` combines with any other effect; the other effects exclude each other.
#[apply(optional_input)]
pub struct Effect {
    /// Rejects the call before it runs.
    pub error: Option<Refuse>,
    /// Rejects calls that exceed this rate, with `error`, or with `Throttling.User`.
    pub rate: Option<Rate>,
    /// Ends the connection before the call runs.
    pub before: Option<Ending>,
    /// Ends the connection after the call has run: the response is lost.
    pub after_commit: Option<Ending>,
    /// Runs the call and changes the response.
    pub answer: Option<Spoil>,
    /// Changes the world before the call runs.
    pub change: Option<Command>,
    /// Changes the world after the call has run.
    pub then: Option<Command>,
    /// Ends a TLS handshake like this. Only `host` (the requested server name) and `client` can match.
    pub tls: Option<TlsEnding>,
    /// Lets a call that only reads see an older state: some changes ago (`1`), or some time ago (`5s`).
    pub stale: Option<Stale>,
    /// Moves the gateway clock for the call: forward, or back if negative.
    pub skew: Option<Span>,
    /// Delay of the response.
    pub delay: Option<Span>,
    /// Maximum additional delay, drawn from the seed.
    pub jitter: Option<Span>,
}

/// An error response: a code of the catalogue, or a custom code with status and message.
#[apply(input)]
pub struct Refuse {
    /// Error code.
    pub code: String,
    /// HTTP status; by default that of the catalogue.
    pub status: Option<u16>,
    /// Message; by default that of the catalogue.
    pub message: Option<String>,
    /// `x-acs-retry-after`: time until the client may retry.
    pub retry_after: Option<Span>,
}

/// Ending of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Ending {
    /// Closes it without a response.
    Close,
    /// Resets it.
    Reset,
    /// Waits thirty seconds, then closes it without a response.
    Hang,
}

/// Ending of a TLS handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum TlsEnding {
    /// Sends a fatal alert, `handshake_failure`.
    Alert,
    /// Closes the connection without a message.
    Close,
    /// Resets the connection.
    Reset,
    /// Waits thirty seconds, then closes the connection without a message.
    Hang,
}

/// Changes to a response.
#[apply(optional_input)]
pub struct Spoil {
    /// HTTP status to send.
    pub status: Option<u16>,
    /// `Content-Type` to send.
    pub content_type: Option<String>,
    /// Body to send, such as the page of a proxy, or empty.
    pub body: Option<String>,
    /// Number of body bytes to corrupt, drawn from the seed.
    pub corrupt: Option<usize>,
    /// Number of body bytes to send before the connection ends.
    pub cut: Option<usize>,
    /// Body bytes to send each second.
    pub bytes_per_second: Option<usize>,
}

/// Age of the state for a stale read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// Number of changes.
    Changes(usize),
    /// Time on the resource clock.
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

/// A rate: calls per time, such as `5/s` or `100/m`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Burst size.
    pub calls: u32,
    /// Time to refill the burst, in milliseconds.
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
        read().ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a rate such as 5/s or 100/m")))
    }
}

impl Refuse {
    /// Returns the error for a call of `product`. A `{}` in the catalogue's text, for a name or key
    /// that the rule does not know, is omitted.
    pub fn error(&self, product: &str) -> ApiError {
        let known = error::known(product, &self.code);
        let (status, message) = known.map_or((400, ""), |known| (known.status, known.message));
        let message = self.message.clone().unwrap_or_else(|| message.replace("{}", "").trim_end().to_owned());
        ApiError::free(self.status.unwrap_or(status), self.code.clone(), message)
    }
}

impl Rule {
    /// Returns the default name of a rule.
    pub(super) fn default_name(id: u64) -> String {
        format!("rule-{id}")
    }

    /// Returns a copy without a default name.
    pub(super) fn named_by_hand(&self, id: u64) -> Self {
        let mut copy = self.clone();
        if copy.name == Self::default_name(id) {
            copy.name.clear();
        }
        copy
    }

    /// Returns the reasons why the rule can never work: the problem and its place in the rule.
    pub fn flaws(&self) -> Vec<String> {
        let mut flaws = Vec::new();
        let effect = &self.effect;
        let main = [
            // `rate` may have an `error` to reject with.
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
        // A time and a span are compared when the world starts. The rule may then never apply.
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
    /// Returns `true` if no field is given.
    fn is_always(&self) -> bool {
        *self == Self::default()
    }
}

impl Match {
    /// Returns `true` if no field is given.
    fn is_any(&self) -> bool {
        *self == Self::default()
    }

    /// Returns `true` if a condition needs an authorized caller.
    pub fn needs_caller(&self) -> bool {
        [&self.account, &self.user, &self.role, &self.session, &self.resource].iter().any(|one| one.is_some())
    }
}
