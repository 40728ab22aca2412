//! account-crm 2016-06-06: the account system: identity, registration, login, state and closing.
//!
//! No page describes it: shapes are those of the SDK, meanings are INFERRED from names (docs/evidence/account.md 3.3). Who may call is
//! in [`crate::services::shared::partner`], words that nobody has published are in [`crate::services::shared::vocabulary`].

mod closing;
mod customers;
mod enterprises;
mod identity;
mod labels;
mod profiles;
mod registration;
mod relations;
mod sessions;
mod sheet;
mod standing;
mod traces;

use crate::attributes::{apply, reply};
use crate::operation::{On, Operation, Resource};
use crate::params::request;
use crate::services::shared::envelope::{Enveloped, Nothing};
use crate::services::shared::partner::Child;
use crate::services::shared::vocabulary::Unread;

const ALL: On = &[Resource::All("*")];

pub(super) fn operations() -> Vec<Operation> {
    let families = [
        closing::operations(),
        customers::operations(),
        enterprises::operations(),
        identity::operations(),
        labels::operations(),
        profiles::operations(),
        registration::operations(),
        relations::operations(),
        sessions::operations(),
        standing::operations(),
        traces::operations(),
    ];
    families.into_iter().flatten().collect()
}

request! {
    /// Parameters of the many actions in which a partner only names one of its accounts.
    struct OneChild {
        _kind: Unread = "AgAccountType",
        _app: Unread = "AppName",
        who: Child = "Pk",
    }
}

/// Response of an action without result data.
type Changed = Enveloped<Nothing>;

const fn changed() -> Changed {
    Enveloped::new(Nothing {})
}

/// Envelope of responses in which the SDK has `Success` as a text.
#[apply(reply)]
struct Worded<T> {
    code: &'static str,
    message: &'static str,
    success: &'static str,
    #[serde(flatten)]
    content: T,
}

impl<T> Worded<T> {
    fn new(content: T) -> Self {
        Self { code: "200", message: "success", success: "true", content }
    }
}

/// Envelope of older responses.
#[apply(reply)]
struct Older<T> {
    code: &'static str,
    msg: &'static str,
    data: T,
}

impl<T> Older<T> {
    fn new(data: T) -> Self {
        Self { code: "200", msg: "success", data }
    }
}

/// Data of an account without an envelope.
#[apply(reply)]
struct Info<T> {
    profile_info: T,
}
