//! The journal: one record a request, in a ring bounded by count and by bytes.
//!
//! A record keeps the call as it was parsed, with every secret masked *before* it is stored; it is written out as JSON only
//! when somebody reads it.

use crate::error::Mismatch;
use crate::params::{Origin, Params};
use crate::text::{AccessKeyId, Timestamp};
use crate::world::caller::Caller;
use crate::world::faults::Struck;
use crate::world::ids::RequestIds;
use crate::world::permission::Decision;
use compact_str::CompactString;
use parking_lot::Mutex;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::Notify;

/// Parameters whose values never reach the journal: every spelling of a password, secret, token or assertion.
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
/// What stands in the place of a secret.
pub const MASK: &str = "***";

/// What became of one request.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its place in the journal, from 1 on.
    pub number: u64,
    /// The ids its answer carried.
    pub ids: RequestIds,
    /// When, on the resource clock.
    pub at: Timestamp,
    /// When, on the gateway clock.
    pub gateway_at: Timestamp,
    /// Address of the client.
    pub client: IpAddr,
    /// HTTP method.
    pub method: CompactString,
    /// Path.
    pub path: CompactString,
    /// `Host` as received.
    pub host: CompactString,
    /// Whether it came over TLS.
    pub tls: bool,
    /// Wire style, `rpc-v1`.
    pub style: &'static str,
    /// Code of the product, when it was found.
    pub product: Option<&'static str>,
    /// Version asked for.
    pub version: CompactString,
    /// Action asked for.
    pub action: CompactString,
    /// Parameters, as [`masked`] leaves them.
    pub params: Params,
    /// The key that signed, as sent.
    pub key: Option<AccessKeyId>,
    /// Who that was.
    pub caller: Caller,
    /// How the question of permission was answered.
    pub decision: Option<Decision>,
    /// HTTP status of the answer.
    pub status: u16,
    /// Why it was refused, when it was.
    pub refused: Option<Box<Refused>>,
    /// Version of the state after the call, when the call changed it.
    pub changed: Option<u64>,
    /// The rules that struck it.
    pub faults: Vec<Struck>,
    /// Changes that it did not see, because they had not spread yet.
    pub unseen: Vec<String>,
}

/// Why a call was refused.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Wire code of the answer.
    pub code: Cow<'static, str>,
    /// Its text; without the string to sign, which repeats the parameters.
    pub message: Cow<'static, str>,
    /// What the client was not told.
    pub note: Option<String>,
    /// What was signed instead, when it is the signature that does not fit.
    pub mismatch: Option<Box<Mismatch>>,
}

impl Record {
    fn weight(&self) -> usize {
        let texts = [&self.path, &self.host, &self.version, &self.action];
        let refused = |refused: &Refused| {
            let note = refused.note.as_ref().map_or(0, String::len);
            let mismatch = refused.mismatch.as_ref().map_or(0, |mismatch| {
                let client = mismatch.client.as_ref().map_or(0, String::len);
                size_of::<Mismatch>() + mismatch.server.len() + client + mismatch.cause.len()
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

/// The parameters as the journal keeps them: every secret value masked, those of the names `dropped` left out.
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

/// Whether the value of a parameter or header of this name is a secret.
pub fn is_secret(name: &str) -> bool {
    let name = name.as_bytes();
    SECRET_WORDS
        .iter()
        .any(|word| name.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes())))
}

/// The ring.
#[derive(Debug)]
pub struct Journal {
    ring: Mutex<Ring>,
    limits: Limits,
    /// Wakes those who follow.
    news: Notify,
}

/// Where somebody who follows the journal has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Number of the last record.
    after: u64,
    /// How often the journal had been cleared.
    cleared: u64,
}

/// What somebody who follows the journal finds after a place.
#[derive(Debug)]
pub struct News {
    /// The next records, oldest first.
    pub records: Vec<Arc<Record>>,
    /// How many were dropped before they could be read.
    pub lost: u64,
    /// Whether the journal was cleared: numbers begin at 1 again.
    pub cleared: bool,
    /// Whether nothing will ever come, because the world was dropped.
    pub is_over: bool,
    /// Where to go on.
    pub place: Place,
}

/// How much the journal keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Records.
    pub records: usize,
    /// Bytes, about.
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
    cleared: u64,
    is_over: bool,
}

impl Journal {
    /// An empty journal.
    pub fn new(limits: Limits) -> Self {
        Self { ring: Mutex::default(), limits, news: Notify::new() }
    }

    /// Adds a record and drops the oldest ones past the limits.
    pub fn write(&self, mut record: Record) {
        let weight = record.weight();
        let mut dropped = Vec::new();
        let mut ring = self.ring.lock();
        ring.written += 1;
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

    /// The place after record `after`.
    pub fn place(&self, after: u64) -> Place {
        let ring = self.ring.lock();
        // A number that is yet to come was seen before the journal was cleared.
        let before = u64::from(after > ring.written);
        Place { after, cleared: ring.cleared.wrapping_sub(before) }
    }

    /// Waits for something after `place`; gives at most `max` records.
    pub async fn after(&self, place: Place, max: usize) -> News {
        loop {
            // Before looking: what is written in between wakes it, too.
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

    /// Tells everybody who follows that nothing will ever come.
    pub fn end(&self) {
        self.ring.lock().is_over = true;
        self.news.notify_waiters();
    }

    /// The records after number `after` that `wanted` accepts, oldest first, at most `max`.
    pub fn read(&self, after: u64, max: usize, wanted: impl Fn(&Record) -> bool) -> Vec<Arc<Record>> {
        let ring = self.ring.lock();
        let start = ring.records.partition_point(|record| record.number <= after);
        ring.records.range(start..).filter(|record| wanted(record)).take(max).cloned().collect()
    }

    /// The record of the request with this id, when it is still there.
    pub fn find(&self, request_id: &str) -> Option<Arc<Record>> {
        let ring = self.ring.lock();
        ring.records.iter().rev().find(|record| record.ids.is_request(request_id)).cloned()
    }

    /// How many records were ever written.
    pub fn written(&self) -> u64 {
        self.ring.lock().written
    }

    /// Forgets all.
    pub fn clear(&self) {
        let mut ring = self.ring.lock();
        let (cleared, is_over) = (ring.cleared + 1, ring.is_over);
        let old = std::mem::replace(&mut *ring, Ring { cleared, is_over, ..Ring::default() });
        drop(ring);
        drop(old);
        self.news.notify_waiters();
    }
}

/// The public form of a record; lowerCamelCase like all our own JSON.
impl Serialize for Record {
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
            decision: Option<&'a Decision>,
            status: u16,
            #[serde(skip_serializing_if = "Option::is_none")]
            code: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            message: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            note: Option<&'a str>,
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
        let refused = self.refused.as_deref();
        Shown {
            number: self.number,
            request_id: self.ids.request_id(),
            at: self.at,
            gateway_at: self.gateway_at,
            client: self.client,
            method: &self.method,
            path: &self.path,
            host: &self.host,
            tls: self.tls,
            style: self.style,
            product: self.product,
            version: &self.version,
            action: &self.action,
            params: self
                .params
                .iter()
                .map(|(name, value, origin)| Param { name, value, r#in: place(origin) })
                .collect(),
            access_key_id: self.key.as_ref(),
            caller: &self.caller,
            decision: self.decision.as_ref(),
            status: self.status,
            code: refused.map(|refused| &*refused.code),
            message: refused.map(|refused| &*refused.message),
            note: refused.and_then(|refused| refused.note.as_deref()),
            signature: refused.and_then(|refused| refused.mismatch.as_deref()),
            changed: self.changed.map(|to| Changed { from: to - 1, to }),
            faults: &self.faults,
            unseen: &self.unseen,
        }
        .serialize(s)
    }
}
