//! Commands for real-name verification.

use crate::attributes::{apply, input, optional_input};
use crate::text::{Money, Span, Timestamp, Uid};
use crate::world::Tx;
use crate::world::account::{Application, Decision, Method, Subject, Submission};
use crate::world::command::{Act, Done};
use crate::world::refusal::Refusal;
use crate::world::state::Event;
use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares the identity of an owner: additional fields, then those of the document.
macro_rules! identity_words {
    ($(#[$about:meta])* $vis:vis struct $name:ident { $($(#[$said:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$about])*
        #[$crate::attributes::apply($crate::attributes::input!)]
        $vis struct $name {
            $($(#[$said])* pub $field: $type,)*
            /// Person or enterprise; by default an enterprise.
            #[serde(default = "crate::world::account::Subject::enterprise")]
            pub subject: crate::world::account::Subject,
            /// Name on the document; by default `Example Ltd`.
            pub name: Option<crate::text::PersonName>,
            /// Type of the document; by default ID card or business license.
            pub document_type: Option<crate::world::account::DocumentType>,
            /// Number of the document; by default an example.
            pub document_number: Option<crate::text::LicenseNumber>,
            /// Telephone.
            pub phone: Option<String>,
            /// Country that issued the document.
            pub country: Option<crate::text::CountryCode>,
            /// Expiry of the document: a time, or a span from now.
            pub expires: Option<crate::text::Moment>,
        }

        impl $name {
            /// Returns the identity at a time.
            pub(crate) fn identity(&self, now: crate::text::Timestamp) -> crate::world::account::Identity {
                let (kind, number) = self.subject.usual_document();
                crate::world::account::Identity {
                    subject: self.subject,
                    name: self.name.clone().unwrap_or_else(crate::text::PersonName::example),
                    license_type: self.document_type.as_ref().map_or(kind, |kind| kind.code()).to_owned(),
                    license_number: self.document_number.clone().unwrap_or(number),
                    phone: self.phone.clone().unwrap_or_default(),
                    country: self.country.clone(),
                    expires: self.expires.map(|expires| expires.at(now)),
                }
            }
        }
    };
}
pub(crate) use identity_words;

identity_words! {
    /// The identity of an owner.
    pub struct Certify {}
}

impl Act for Certify {
    type Given = ();

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<()> {
        Ok(tx.certify(uid, self.identity(tx.now))?)
    }

    fn describe(&self, uid: Uid, (): &()) -> String {
        format!("account {uid} is verified")
    }
}

identity_words! {
    /// An application for verification.
    pub struct Submit {
        /// Method of the verification.
        method: Method,
        /// Token of the verification page that the application comes from.
        link: Option<String>,
    }
}

impl Act for Submit {
    type Given = Application;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Application> {
        let submission = Submission { method: self.method, identity: self.identity(tx.now) };
        Ok(tx.submit_on(uid, submission, self.link.as_deref())?)
    }

    fn describe(&self, uid: Uid, application: &Application) -> String {
        format!("real-name application {} of account {uid} is {}", application.id, application.status)
    }
}

/// An application.
#[apply(optional_input)]
pub struct WhichApplication {
    /// Number of the application; by default the one under review.
    pub application: Option<u64>,
}

impl Act for WhichApplication {
    type Given = u64;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<u64> {
        let id = under_review(self.application, uid, tx)?;
        tx.cancel_application(uid, id)?;
        Ok(id)
    }

    fn describe(&self, uid: Uid, id: &u64) -> String {
        format!("account {uid} withdrew its real-name application {id}")
    }
}

/// A decision about an application.
#[apply(input)]
pub struct Decide {
    /// Number of the application; by default the one under review or, for `expire`, the latest.
    pub application: Option<u64>,
    /// The decision.
    pub decision: Verdict,
    /// Code of a rejection.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// Reason of a rejection in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Delay on the resource clock: `30m`. By default the decision is made at once.
    pub after: Option<Span>,
}

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The account is verified.
    Approve,
    /// The account is not verified.
    Reject,
    /// The document expires: the account has to be verified again.
    Expire,
}

impl Act for Decide {
    /// The application, and the time of the decision.
    type Given = (Application, Option<Timestamp>);

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Self::Given> {
        let record = &tx.state().account(uid)?.real_name;
        let latest = || record.history().last().map(|latest| latest.id).ok_or(Refusal::NoSuchApplication);
        let id = match (self.application, self.decision) {
            (Some(id), _) => id,
            (None, Verdict::Expire) => latest()?,
            (None, _) => under_review(None, uid, tx)?,
        };
        let decision = match self.decision {
            Verdict::Approve => Decision::Approve,
            Verdict::Reject => Decision::Reject { code: self.code.clone(), reason: self.reason.clone() },
            Verdict::Expire => Decision::Expire,
        };
        record.application(id)?;
        let later = self.after.map(|after| tx.now.plus(after.0));
        match later {
            None => tx.decide(uid, id, decision)?,
            Some(at) => tx.later(at, Event::Review { uid, application: id, decision }),
        }
        Ok((tx.state().account(uid)?.real_name.application(id)?.clone(), later))
    }

    fn describe(&self, uid: Uid, (application, later): &Self::Given) -> String {
        let id = application.id;
        match later {
            None => format!("real-name application {id} of account {uid} is {}", application.status),
            Some(at) => format!("real-name application {id} of account {uid} will be decided at {at}"),
        }
    }
}

/// The amount of a transfer.
#[apply(input)]
pub struct TellAmount {
    /// Number of the application; by default the one under review.
    pub application: Option<u64>,
    /// The amount that arrived on the bank account.
    pub amount: Money,
}

impl Act for TellAmount {
    type Given = Application;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<Application> {
        let id = under_review(self.application, uid, tx)?;
        Ok(tx.tell_amount(uid, id, self.amount.0)?)
    }

    fn describe(&self, uid: Uid, application: &Application) -> String {
        format!("account {uid} told {}: its real-name application is {}", self.amount, application.status)
    }
}

/// A verification page.
#[apply(optional_input)]
pub struct AddLink {
    /// Subject that may be verified on it; by default any.
    pub subject: Option<Subject>,
}

impl Act for AddLink {
    type Given = CompactString;

    fn act(&self, uid: Uid, tx: &mut Tx<'_>) -> Done<CompactString> {
        Ok(tx.add_link(uid, self.subject)?)
    }

    fn describe(&self, uid: Uid, token: &CompactString) -> String {
        format!("account {uid} can be verified with the link {token}")
    }
}

/// Returns an application by number; by default, the one under review.
fn under_review(id: Option<u64>, uid: Uid, tx: &Tx<'_>) -> Result<u64, Refusal> {
    let record = &tx.state().account(uid)?.real_name;
    id.or(record.under_review().map(|one| one.id)).ok_or(Refusal::NoSuchApplication)
}
