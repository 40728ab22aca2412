//! The journal: one record per request, in a ring that is limited by count and by bytes.
//!
//! A record holds the parsed call. Secrets are masked *before* it is stored. It is converted to JSON
//! only when it is read.

use crate::error::Mismatch;
use crate::params::{Origin, Params};
use crate::text::{AccessKeyId, Timestamp, Uid};
use crate::world::caller::Caller;
use crate::world::faults::Struck;
use crate::world::ids::RequestIds;
use crate::world::permission::Decision;
use crate::world::state::State;
use compact_str::CompactString;
use parking_lot::Mutex;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Notify;

/// Words in names of secret parameters: every spelling of password, secret, token or assertion.
const SECRET_WORDS: [&str; 8] = [
    "password",
    "secret",
    "token",
    "assertion",
    "authenticationcode",
    "encryptticket",
    "authcode",
    "sessionid",
];
/// Parameters of signed calls besides those of the action. The journal omits them for successful calls, because they
/// would take most of the space.
pub const SIGNATURE_PARAMETERS: [&str; 17] = [
    "AccessKeyId",
    "Action",
    "Format",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureType",
    "SignatureVersion",
    "Timestamp",
    "Version",
    // In signed URLs of OSS.
    "Expires",
    "OSSAccessKeyId",
    "x-oss-credential",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-signature",
    "x-oss-signature-version",
];
/// Replaces a secret.
pub const MASK: &str = "***";

/// A request and its outcome.
#[derive(Debug, Clone)]
pub struct Record {
    /// Number in the journal, counted from 1.
    pub number: u64,
    /// Ids in the response.
    pub ids: RequestIds,
    /// Time on the resource clock.
    pub at: Timestamp,
    /// Time on the gateway clock.
    pub gateway_at: Timestamp,
    /// Client address.
    pub client: IpAddr,
    /// HTTP method.
    pub method: CompactString,
    /// Path.
    pub path: CompactString,
    /// `Host` as received.
    pub host: CompactString,
    /// `true` for a request over TLS.
    pub tls: bool,
    /// Wire style, such as `rpc-v1`.
    pub style: &'static str,
    /// Product code, if known.
    pub product: Option<&'static str>,
    /// Requested version.
    pub version: CompactString,
    /// Requested action.
    pub action: CompactString,
    /// Parameters after [`masked`].
    pub params: Params,
    /// AccessKeyId of the signature, as sent.
    pub key: Option<AccessKeyId>,
    /// Caller.
    pub caller: Caller,
    /// Result of the permission check.
    pub decision: Option<Decision>,
    /// HTTP status of the response.
    pub status: u16,
    /// Error of a rejected call.
    pub refused: Option<Box<Refused>>,
    /// Version of the state that the call met.
    pub met: u64,
    /// Version of the state after the call, if the call changed it.
    pub changed: Option<u64>,
    /// Fault rules that applied.
    pub faults: Vec<Struck>,
    /// Changes that the call did not see because of their delay.
    pub unseen: Vec<String>,
}

/// Error of a rejected call.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Error code in the response.
    pub code: Cow<'static, str>,
    /// Message, without the string to sign, which repeats the parameters.
    pub message: Cow<'static, str>,
    /// Step of the gateway that rejected the call.
    pub step: Step,
    /// Requirement of a gate that the account does not meet.
    pub unmet: Option<&'static str>,
    /// Reason that was not sent to the client.
    pub note: Option<String>,
    /// Details of a signature that does not match.
    pub mismatch: Option<Box<Mismatch>>,
    /// `true` if alimock does not run the action.
    pub is_not_run: bool,
}

/// Step of the gateway, see `Gateway::handle_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// The form of the request is read.
    #[default]
    Parse,
    /// The world of the call is found.
    World,
    /// The product and the action are found.
    Route,
    /// A fault rule applies.
    Rule,
    /// Key, token, signature, time and nonce are checked.
    Authenticate,
    /// The kind of the caller and the state of the account are checked.
    Gate,
    /// Policies are evaluated.
    Authorize,
    /// The operation runs.
    Run,
}

/// Name of an operation in log lines: `Ram.CreateUser`. A call without an action has its path.
pub fn operation(product: Option<&str>, action: &str, path: &str) -> String {
    let action = if action.is_empty() { path } else { action };
    product.map_or_else(|| action.to_owned(), |product| format!("{product}.{action}"))
}

impl Record {
    /// Returns the caller in the words of scenarios: `demo`, `demo/dev`, `demo/role/session`; the key of an unknown caller, or `-`.
    pub fn who(&self, state: &State) -> String {
        let account = |uid: Uid| {
            state.account(uid).map_or_else(|_| uid.to_string(), |account| account.label.to_string())
        };
        match &self.caller {
            Caller::Root { uid } => account(*uid),
            Caller::User { uid, name, .. } => format!("{}/{name}", account(*uid)),
            Caller::Role(session) => {
                format!("{}/{}/{}", account(session.uid), session.role_name, session.name)
            }
            Caller::Nobody => self.key.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string),
        }
    }

    /// Returns the record in its public form.
    pub fn told(&self, state: &State) -> Told<'_> {
        Told { record: self, who: Some(self.who(state)) }
    }

    /// Returns the reason of a rejection in few words, or the first rule that applied to another call.
    pub fn reason(&self) -> Option<Cow<'_, str>> {
        let fault = || self.faults.first().map(|fault| Cow::Owned(format!("fault `{}`", fault.name)));
        self.why().or_else(fault)
    }

    /// Returns the reason of a rejection in few words.
    pub fn why(&self) -> Option<Cow<'_, str>> {
        let refused = self.refused.as_deref()?;
        if let Some(mismatch) = &refused.mismatch {
            return Some(Cow::Owned(mismatch.cause.to_string()));
        }
        if let Some(note) = &refused.note {
            return Some(Cow::Borrowed(note));
        }
        match self.decision.as_ref().filter(|decision| !decision.allowed()) {
            Some(decision) => Some(decision.brief()),
            None => Some(Cow::Borrowed(&refused.message)),
        }
    }
}

impl Record {
    fn weight(&self) -> usize {
        let texts = [&self.path, &self.host, &self.version, &self.action];
        let refused = |refused: &Refused| {
            let note = refused.note.as_ref().map_or(0, String::len);
            let mismatch = refused.mismatch.as_ref().map_or(0, |mismatch| {
                let client = mismatch.client.as_ref().map_or(0, String::len);
                size_of::<Mismatch>() + mismatch.server.len() + client + mismatch.cause.name.len()
            });
            size_of::<Refused>() + refused.code.len() + refused.message.len() + note + mismatch
        };
        size_of::<Self>()
            + self.params.weight()
            + self.faults.len() * (size_of::<Struck>() + 64)
            + self.unseen.iter().map(|one| size_of::<String>() + one.len()).sum::<usize>()
            + self.decision.as_ref().map_or(0, Decision::weight)
            + texts.iter().map(|text| text.len()).sum::<usize>()
            + self.key.as_ref().map_or(0, |key| key.as_str().len())
            + self.refused.as_deref().map_or(0, refused)
    }
}

/// Masks secret values of parameters and omits the names in `dropped`.
pub fn masked(params: Params, dropped: &[&str]) -> Params {
    let is_kept = |name: &str| !dropped.contains(&name);
    let is_masked = |name: &str, value: &str| !value.is_empty() && is_secret(name);
    if params.iter().all(|(name, value, _)| is_kept(name) && !is_masked(name, value)) {
        return params;
    }
    let mut copy = Params::default();
    for (name, value, origin) in params.iter().filter(|(name, _, _)| is_kept(name)) {
        copy.push(name, if is_masked(name, value) { MASK } else { value }, origin);
    }
    copy.sort();
    copy
}

/// Returns `true` if a parameter or header of this name holds a secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.as_bytes();
    SECRET_WORDS
        .iter()
        .any(|word| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}

/// Journal of a world.
#[derive(Debug)]
pub struct Journal {
    ring: Mutex<Ring>,
    limits: Limits,
    /// Wakes followers.
    news: Notify,
}

/// Position of a follower in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Number of the last record that was read.
    after: u64,
    /// Number of times the journal had been cleared.
    cleared: u64,
}

/// New records after a position.
#[derive(Debug)]
pub struct News {
    /// Next records, oldest first.
    pub records: Vec<Arc<Record>>,
    /// Number of records that were dropped before they were read.
    pub lost: u64,
    /// Set if the journal was cleared: numbers start again at 1.
    pub cleared: bool,
    /// Set if the world was dropped: no more records will come.
    pub is_over: bool,
    /// Next position.
    pub place: Place,
}

/// Limits of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Number of records.
    pub records: usize,
    /// Approximate size in bytes.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { records: 10_000, bytes: 16 << 20 }
    }
}

#[derive(Debug, Default)]
struct Ring {
    records: VecDeque<Arc<Record>>,
    bytes: usize,
    written: u64,
    refused: u64,
    cleared: u64,
    is_over: bool,
}

impl Journal {
    /// Creates an empty journal.
    pub fn new(limits: Limits) -> Self {
        Self { ring: Mutex::default(), limits, news: Notify::new() }
    }

    /// Adds a record and drops the oldest ones beyond the limits.
    pub fn write(&self, mut record: Record) {
        let weight = record.weight();
        let mut dropped = Vec::new();
        let mut ring = self.ring.lock();
        ring.written += 1;
        ring.refused += u64::from(record.refused.is_some());
        record.number = ring.written;
        ring.bytes += weight;
        ring.records.push_back(Arc::new(record));
        while ring.records.len() > self.limits.records
            || (ring.bytes > self.limits.bytes && ring.records.len() > 1)
        {
            let oldest = ring.records.pop_front().expect("a ring over its limit is not empty");
            ring.bytes -= oldest.weight();
            dropped.push(oldest);
        }
        drop(ring);
        self.news.notify_waiters();
    }

    /// Returns the position after record `after`.
    pub fn place(&self, after: u64) -> Place {
        let ring = self.ring.lock();
        // A number in the future comes from before the journal was cleared.
        let before = u64::from(after > ring.written);
        Place { after, cleared: ring.cleared.wrapping_sub(before) }
    }

    /// Waits for news after `place`; returns at most `max` records.
    pub async fn after(&self, place: Place, max: usize) -> News {
        loop {
            // Registered before reading, so records written in between wake it, too.
            let written = self.news.notified();
            if let Some(news) = self.look(place, max) {
                return news;
            }
            written.await;
        }
    }

    fn look(&self, place: Place, max: usize) -> Option<News> {
        let ring = self.ring.lock();
        let cleared = place.cleared != ring.cleared;
        let after = if cleared { 0 } else { place.after };
        if after == ring.written && !cleared && !ring.is_over {
            return None;
        }
        let start = ring.records.partition_point(|record| record.number <= after);
        let records: Vec<_> = ring.records.range(start..).take(max).cloned().collect();
        let first = records.first().map_or(ring.written + 1, |record| record.number);
        let last = records.last().map_or(ring.written, |record| record.number);
        Some(News {
            records,
            lost: first - after - 1,
            cleared,
            is_over: ring.is_over,
            place: Place { after: last, cleared: ring.cleared },
        })
    }

    /// Tells all followers that no more records will come.
    pub fn end(&self) {
        self.ring.lock().is_over = true;
        self.news.notify_waiters();
    }

    /// Returns the records after number `after` that `wanted` accepts: oldest first, at most `max`.
    pub fn read(&self, after: u64, max: usize, wanted: impl Fn(&Record) -> bool) -> Vec<Arc<Record>> {
        let ring = self.ring.lock();
        let start = ring.records.partition_point(|record| record.number <= after);
        ring.records.range(start..).filter(|record| wanted(record)).take(max).cloned().collect()
    }

    /// Returns the last records that `wanted` accepts: oldest first, at most `max`.
    pub fn last(&self, max: usize, wanted: impl Fn(&Record) -> bool) -> Vec<Arc<Record>> {
        let ring = self.ring.lock();
        let newest = ring.records.iter().rev().filter(|record| wanted(record)).take(max);
        let mut found: Vec<_> = newest.cloned().collect();
        found.reverse();
        found
    }

    /// Returns the record of the request with this id, if still kept.
    pub fn find(&self, request_id: &str) -> Option<Arc<Record>> {
        let ring = self.ring.lock();
        ring.records.iter().rev().find(|record| record.ids.is_request(request_id)).cloned()
    }

    /// Returns the total number of records ever written.
    pub fn written(&self) -> u64 {
        self.ring.lock().written
    }

    /// Returns the total number of rejected calls ever written.
    pub fn refused(&self) -> u64 {
        self.ring.lock().refused
    }

    /// Deletes all records.
    pub fn clear(&self) {
        let mut ring = self.ring.lock();
        let (cleared, is_over) = (ring.cleared + 1, ring.is_over);
        let old = std::mem::replace(&mut *ring, Ring { cleared, is_over, ..Ring::default() });
        drop(ring);
        drop(old);
        self.news.notify_waiters();
    }
}

/// Public form of a record, in lowerCamelCase.
#[derive(Debug)]
pub struct Told<'a> {
    record: &'a Record,
    /// Caller, if the names of accounts are known.
    who: Option<String>,
}

/// The public form without the name of the caller.
impl Serialize for Record {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        Told { record: self, who: None }.serialize(s)
    }
}

impl Serialize for Told<'_> {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Shown<'a> {
            number: u64,
            request_id: String,
            at: Timestamp,
            gateway_at: Timestamp,
            client: IpAddr,
            method: &'a str,
            path: &'a str,
            host: &'a str,
            tls: bool,
            style: &'static str,
            product: Option<&'static str>,
            version: &'a str,
            action: &'a str,
            params: Vec<Param<'a>>,
            access_key_id: Option<&'a AccessKeyId>,
            caller: &'a Caller,
            #[serde(skip_serializing_if = "Option::is_none")]
            who: Option<&'a str>,
            decision: Option<&'a Decision>,
            status: u16,
            #[serde(skip_serializing_if = "Option::is_none")]
            code: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            message: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            step: Option<Step>,
            #[serde(skip_serializing_if = "Option::is_none")]
            unmet: Option<&'static str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            note: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            why: Option<Cow<'a, str>>,
            #[serde(skip_serializing_if = "Option::is_none")]
            signature: Option<&'a Mismatch>,
            #[serde(skip_serializing_if = "Option::is_none")]
            changed: Option<Changed>,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            faults: &'a [Struck],
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            unseen: &'a [String],
        }
        #[derive(Serialize)]
        struct Param<'a> {
            name: &'a str,
            value: &'a str,
            r#in: &'static str,
        }
        #[derive(Serialize)]
        struct Changed {
            from: u64,
            to: u64,
        }
        let place = |origin| match origin {
            Origin::Path => "path",
            Origin::Query => "query",
            Origin::Form => "form",
            Origin::Json => "json",
        };
        let record = self.record;
        let refused = record.refused.as_deref();
        Shown {
            number: record.number,
            request_id: record.ids.request_id(),
            at: record.at,
            gateway_at: record.gateway_at,
            client: record.client,
            method: &record.method,
            path: &record.path,
            host: &record.host,
            tls: record.tls,
            style: record.style,
            product: record.product,
            version: &record.version,
            action: &record.action,
            params: record
                .params
                .iter()
                .map(|(name, value, origin)| Param { name, value, r#in: place(origin) })
                .collect(),
            access_key_id: record.key.as_ref(),
            caller: &record.caller,
            who: self.who.as_deref(),
            decision: record.decision.as_ref(),
            status: record.status,
            code: refused.map(|refused| &*refused.code),
            message: refused.map(|refused| &*refused.message),
            step: refused.map(|refused| refused.step),
            unmet: refused.and_then(|refused| refused.unmet),
            note: refused.and_then(|refused| refused.note.as_deref()),
            why: record.reason(),
            signature: refused.and_then(|refused| refused.mismatch.as_deref()),
            changed: record.changed.map(|to| Changed { from: to - 1, to }),
            faults: &record.faults,
            unseen: &record.unseen,
        }
        .serialize(s)
    }
}
