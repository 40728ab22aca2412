//! Commands about real-name verification.

use crate::text::{Moment, Uid, amount};
use crate::world::Tx;
use crate::world::account::{Decision, Identity, Method, Subject, Submission};
use crate::world::command::{Done, option, value, words};
use crate::world::refusal::Refusal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares commands that show who somebody is: each with its own words before those of the identity.
macro_rules! shown {
    ($($(#[$about:meta])* struct $name:ident { $($(#[$said:meta])* $field:ident: $type:ty,)* })*) => {
        words! {$(
            $(#[$about])*
            struct $name {
                $($(#[$said])* $field: $type,)*
                /// Person or enterprise.
                subject: Subject,
                /// Name on the document.
                name: String,
                /// Type of the document; ID card or business licence when not given.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                license_type: Option<String>,
                /// Its number.
                license_number: String,
                /// Telephone.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                phone: Option<String>,
                /// ISO alpha-2 code of the country that issued it.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                country: Option<String>,
                /// When it expires: a time, or a span from when this is done.
                #[serde(default, skip_serializing_if = "Option::is_none")]
                expires: Option<Moment>,
            }
        )*}

        $(impl $name {
            fn identity(&self, tx: &Tx<'_>) -> Done<Identity> {
                Ok(Identity {
                    subject: self.subject,
                    name: value("a name", &self.name)?,
                    license_type: papers(self.subject, self.license_type.as_deref()),
                    license_number: value("a license number", &self.license_number)?,
                    phone: self.phone.clone().unwrap_or_default(),
                    country: option("the code of a country", self.country.as_ref())?,
                    expires: self.expires.map(|expires| expires.at(tx.now)),
                })
            }
        })*
    };
}

/// The type of a document: as it is given, or the usual one of a subject.
pub fn papers(subject: Subject, license_type: Option<&str>) -> String {
    let usual = match subject {
        Subject::Personal => "0",
        Subject::Enterprise => "9",
    };
    license_type.unwrap_or(usual).to_owned()
}

shown! {
    /// Who an account is.
    struct Certify {}

    /// An application.
    struct Submit {
        /// How.
        method: Method,
        /// The token of the page it is handed in on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        link: Option<String>,
    }
}

words! {
    /// A decision about the application under review.
    struct Decide {
        /// What is decided.
        decision: Verdict,
        /// Code of a rejection.
        #[serde(default)]
        code: String,
        /// Its reason in words.
        #[serde(default)]
        reason: String,
    }

    /// The amount of a transfer.
    struct TellAmount {
        /// How much it is said to be, in hundredths.
        cents: i64,
    }

    /// A verification page.
    struct AddLink {
        /// Who may be verified on it; anybody when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subject: Option<Subject>,
    }
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The account is verified.
    Approve,
    /// It is not.
    Reject,
    /// It has to be verified again.
    Expire,
}

/// The application under review.
fn open_application(tx: &Tx<'_>, uid: Uid) -> Result<u64, Refusal> {
    Ok(tx.state().account(uid)?.real_name.under_review().ok_or(Refusal::NoSuchApplication)?.id)
}

/// Withdraws the application under review.
pub(super) fn cancel(tx: &mut Tx<'_>, uid: Uid) -> Result<(), Refusal> {
    let id = open_application(tx, uid)?;
    tx.cancel_application(uid, id)
}

impl Certify {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let identity = self.identity(tx)?;
        tx.certify(uid, identity)?;
        Ok(format!("account {uid} is verified as {}", self.name))
    }
}

impl Submit {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let submission = Submission { method: self.method, identity: self.identity(tx)? };
        let application = tx.submit_on(uid, submission, self.link.as_deref())?;
        Ok(format!("real-name application {} of account {uid} is {}", application.id, application.status))
    }
}

impl Decide {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let decision = match self.decision {
            Verdict::Approve => Decision::Approve,
            Verdict::Reject => Decision::Reject { code: self.code.clone(), reason: self.reason.clone() },
            Verdict::Expire => {
                tx.expire_document(uid)?;
                return Ok(format!("the document expired that account {uid} is verified by"));
            }
        };
        let id = open_application(tx, uid)?;
        tx.decide(uid, id, decision)?;
        Ok(format!("real-name application {id} of account {uid} was decided: {:?}", self.decision))
    }
}

impl TellAmount {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let id = open_application(tx, uid)?;
        let application = tx.tell_amount(uid, id, self.cents)?;
        let told = amount(self.cents);
        Ok(format!("account {uid} told {told}: its real-name application is {}", application.status))
    }
}

impl AddLink {
    pub(super) fn run(&self, tx: &mut Tx<'_>) -> Done {
        let uid = self.uid(tx)?;
        let token = tx.add_link(uid, self.subject)?;
        Ok(format!("account {uid} can be verified with the link {token}"))
    }
}
