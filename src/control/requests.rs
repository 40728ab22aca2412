//! The journal: list, filter, show.

use crate::attributes::{apply, input};
use crate::control::call::{Id, InWorld};
use crate::control::{Answer, ControlError, ok};
use crate::world::journal::Record;
use axum::extract::Query;
use axum::response::Response;
use serde::Serialize;

/// Filter of records.
#[apply(input)]
pub(super) struct Filter {
    /// Only records after this number.
    #[serde(default)]
    after: u64,
    /// Maximum number of records; default 100.
    limit: Option<usize>,
    product: Option<String>,
    action: Option<String>,
    /// HTTP method.
    method: Option<String>,
    /// Path; may contain `*` and `?`.
    path: Option<String>,
    code: Option<String>,
    status: Option<u16>,
    access_key_id: Option<String>,
}

impl Filter {
    /// Returns the number after which records are returned.
    pub(super) fn after(&self) -> u64 {
        self.after
    }

    /// Returns the maximum number of records.
    pub(super) fn limit(&self) -> Option<usize> {
        self.limit
    }

    pub(super) fn wants(&self, record: &Record) -> bool {
        let same = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| is == Some(wanted))
        };
        same(&self.product, record.product)
            && same(&self.action, Some(&record.action))
            && same(&self.method, Some(&record.method))
            && self.path.as_deref().is_none_or(|path| crate::text::covers(path, &record.path))
            && same(&self.code, record.refused.as_ref().map(|refused| &*refused.code))
            && same(&self.access_key_id, record.key.as_ref().map(crate::text::AccessKeyId::as_str))
            && self.status.is_none_or(|status| status == record.status)
    }
}

#[derive(Serialize)]
struct Listed<'a> {
    requests: Vec<&'a Record>,
    /// Pass it as `after` to continue.
    next: u64,
    written: u64,
}

pub(super) fn list(InWorld(world): InWorld, Query(filter): Query<Filter>) -> Response {
    let records = world
        .journal
        .read(filter.after, filter.limit.unwrap_or(100).min(1000), |record| filter.wants(record));
    let next = records.last().map_or(filter.after, |record| record.number);
    let requests = records.iter().map(|record| &**record).collect();
    ok(&Listed { requests, next, written: world.journal.written() })
}

pub(super) fn show(InWorld(world): InWorld, Id(id): Id) -> Answer<Response> {
    let found = world.journal.find(&id);
    let record = found.ok_or_else(|| no_such_request(&id))?;
    Ok(ok(&*record))
}

pub(super) fn no_such_request(id: &str) -> ControlError {
    let hint = "the journal is a ring: it may have been dropped; GET .../requests lists what is there";
    ControlError::not_found("request", format!("there is no request `{id}`"), hint)
}
