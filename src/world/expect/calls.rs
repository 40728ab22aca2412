//! Expectations about calls: the journal records that one applies to.

use crate::attributes::{apply, optional_input};
use crate::text::covers;
use crate::world::caller::Caller;
use crate::world::expect::{Difference, Near, nearest};
use crate::world::journal::Record;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Filter for calls. All given fields must match. `action`, `path`, `code` and parameters may contain `*` and `?`.
#[apply(optional_input)]
pub struct Calls {
    /// Product code, such as `Ram`.
    pub product: Option<String>,
    /// Action name.
    pub action: Option<String>,
    /// HTTP method, such as `GET`.
    pub method: Option<String>,
    /// Path.
    pub path: Option<String>,
    /// AccessKeyId in the request.
    pub key: Option<String>,
    /// Account of the caller: UID or alimock's name for it.
    pub account: Option<String>,
    /// Name of the calling RAM user; `root` is the account itself.
    pub user: Option<String>,
    /// Role name of the calling session.
    pub role: Option<String>,
    /// Session name of the calling session.
    pub session: Option<String>,
    /// HTTP status of the response.
    pub status: Option<u16>,
    /// Error code; `""` for a successful call.
    pub code: Option<String>,
    /// Parameter values.
    pub param: BTreeMap<String, String>,
}

impl Calls {
    pub(super) fn title(&self) -> String {
        let parts = [&self.product, &self.action, &self.method, &self.path]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ");
        let named = if parts.is_empty() { "calls".to_owned() } else { parts };
        // A successful call has an empty code.
        let (succeeded, refused) = (Some("success".to_owned()), &self.code);
        let (with, answered) =
            if refused.as_deref() == Some("") { (&succeeded, &None) } else { (&None, refused) };
        let details = [
            ("by", &self.user),
            ("as", &self.role),
            ("of", &self.account),
            ("with", &self.key),
            ("with", with),
            ("answered", answered),
        ];
        let details =
            details.into_iter().filter_map(|(word, value)| Some(format!(" {word} {}", value.as_ref()?)));
        details.fold(named, |text, detail| text + &detail)
    }

    /// Returns the fields of a record that do not match.
    pub(super) fn differences(&self, record: &Record) -> Vec<Difference> {
        let (user, role, session) = match &record.caller {
            Caller::Nobody => (None, None, None),
            Caller::Root { .. } => (Some("root".to_owned()), None, None),
            Caller::User { name, .. } => (Some(name.to_string()), None, None),
            Caller::Role(session) => {
                (None, Some(session.role_name.to_string()), Some(session.name.to_string()))
            }
        };
        let uid = record.caller.uid().map(|uid| uid.to_string());
        let code = record.refused.as_ref().map_or("", |refused| &*refused.code).to_owned();
        let fields = [
            ("product", self.product.clone(), record.product.map(str::to_owned)),
            ("action", self.action.clone(), Some(record.action.to_string())),
            ("method", self.method.clone(), Some(record.method.to_string())),
            ("path", self.path.clone(), Some(record.path.to_string())),
            ("account", self.account.clone(), uid),
            ("user", self.user.clone(), user),
            ("role", self.role.clone(), role),
            ("session", self.session.clone(), session),
            ("key", self.key.clone(), record.key.as_ref().map(ToString::to_string)),
            ("status", self.status.map(|status| status.to_string()), Some(record.status.to_string())),
            ("code", self.code.clone(), Some(code)),
        ];
        let params = self.param.iter().map(|(name, wanted)| {
            (name.as_str(), Some(wanted.clone()), record.params.get(name).map(str::to_owned))
        });
        let differs = |(field, wanted, was): (&str, Option<String>, Option<String>)| {
            let wanted = wanted?;
            let same = was.as_deref().is_some_and(|was| covers(&wanted, was));
            let was = was.unwrap_or_else(|| "nothing".to_owned());
            (!same).then(|| Difference { field: field.to_owned(), wanted, was })
        };
        fields.into_iter().chain(params).filter_map(differs).collect()
    }

    /// Returns the calls that almost match.
    pub(super) fn nearest(&self, records: &[Arc<Record>]) -> Vec<Near> {
        let near = |record: &Arc<Record>, difference| Near {
            what: format!("call {}", record.number),
            number: Some(record.number),
            request_id: Some(record.ids.request_id()),
            difference,
        };
        nearest(records.iter().map(|record| (record, self.differences(record))).collect(), near)
    }
}
