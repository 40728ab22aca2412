//! Customers of a partner: invitations, and the relation of an account to its partner. Also contacts
//! of an account, and requests to join an enterprise. Source: docs/evidence/account.md 3.4 and 3.6.

use crate::text::{Email, MobilePhone, Timestamp, Uid};
use crate::world::account::ShutdownPolicy;
use compact_str::CompactString;
use imbl::{OrdMap, Vector};
use std::sync::Arc;

/// A customer, with or without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// `CustomerName`.
    pub name: CompactString,
    /// `CustomerSource`.
    pub source: CompactString,
    /// `CustomerTrade`.
    pub trade: CompactString,
    /// `CustomerSubTrade`.
    pub sub_trade: Option<CompactString>,
    /// `Nation`.
    pub nation: CompactString,
}

/// Kind of an account for its partner: `SubAccountType`. Source: alibabacloud-agency20221216, `InviteSubAccount`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SubAccount {
    /// 1: end user of an agency.
    #[default]
    AgencyEndUser = 1,
    /// 2: end user of a reseller.
    ResellerEndUser = 2,
    /// 5: second-tier partner of a reseller.
    SecondTier = 5,
}

/// A partner's record of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Association {
    /// `AccountNickname`.
    pub nickname: CompactString,
    /// `CustomerBd`: the account manager.
    pub manager: Option<CompactString>,
    /// `Remark`.
    pub remark: Option<String>,
    /// Kind of the account.
    pub kind: SubAccount,
    /// Customer that owns the account.
    pub customer: Option<u64>,
}

/// Terms of an invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// E-mail address that the invitation is sent to.
    pub email: Email,
    /// The partner's record of the future account.
    pub association: Association,
    /// Credit line in hundredths.
    pub credit_cents: i64,
    /// Blocks new purchases at first.
    pub is_banned: bool,
    /// Effect on services when the credit is used up.
    pub shutdown_policy: ShutdownPolicy,
}

/// An invitation to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// `InviteId`.
    pub id: u64,
    /// Secret at the end of the link; it allows registration.
    pub token: CompactString,
    /// Terms.
    pub offer: Offer,
    /// Creation time.
    pub created: Timestamp,
    /// Expiry of the link.
    pub expires: Timestamp,
    /// Registered account and time.
    pub accepted: Option<(Uid, Timestamp)>,
}

impl Invite {
    /// Returns the link, whose page does not exist. UNCERTAIN: its form. Source: docs/evidence/account.md 3.6.
    pub fn url(&self) -> String {
        format!("https://account.alibabacloud.com/register/intl_register.htm?inviteToken={}", self.token)
    }
}

/// Customers and invitations of a partner.
#[derive(Debug, Clone, Default)]
pub struct Customers {
    /// Customers by id.
    pub all: OrdMap<u64, Arc<Customer>>,
    /// Invitations by id; ids increase.
    pub invites: OrdMap<u64, Arc<Invite>>,
    /// Recent times of invitation mails, for the rate limit.
    pub mailed: Vector<Timestamp>,
}

/// A contact. Source: docs/evidence/account.md 3.4, `AccountContactAdd`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// `ContactName`.
    pub name: CompactString,
    /// `ContactPosition`.
    pub position: CompactString,
    /// `ContactEmail`, with `true` once verified.
    pub email: Option<(Email, bool)>,
    /// `ContactMobile`, with `true` once verified.
    pub mobile: Option<(MobilePhone, bool)>,
    /// `SharedContact`.
    pub is_shared: bool,
}

/// Request to join an enterprise. Source: docs/evidence/account.md 3.4, `EnterpriseUninvitedAdminInviteJoinEnterprise`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinRequest {
    /// Account of the enterprise.
    pub by: Uid,
    /// Message to the account.
    pub remark: CompactString,
    /// Time of the request.
    pub since: Timestamp,
    /// Deadline for an answer.
    pub expires: Timestamp,
}
