//! Whom a partner sells to: its customers, the invitations it sent, and how an account came to it. Contacts of an account, and
//! who asks it to join an enterprise. Source: docs/evidence/account.md 3.4 and 3.6.

use crate::text::{Email, MobilePhone, Timestamp, Uid};
use crate::world::account::ShutdownPolicy;
use compact_str::CompactString;
use imbl::{OrdMap, Vector};
use std::sync::Arc;

/// A customer, before and after it has an account.
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

/// What an account is to its partner: `SubAccountType`. Source: alibabacloud-agency20221216, `InviteSubAccount`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SubAccount {
    /// 1: an agency's end user.
    #[default]
    AgencyEndUser = 1,
    /// 2: a reseller's end user.
    ResellerEndUser = 2,
    /// 5: a reseller's second-tier partner.
    SecondTier = 5,
}

/// How a partner keeps an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Association {
    /// `AccountNickname`.
    pub nickname: CompactString,
    /// `CustomerBd`: who looks after it.
    pub manager: Option<CompactString>,
    /// `Remark`.
    pub remark: Option<String>,
    /// What it is to the partner.
    pub kind: SubAccount,
    /// The customer it belongs to.
    pub customer: Option<u64>,
}

/// What somebody is invited to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Where the invitation goes.
    pub email: Email,
    /// How the partner will keep the account.
    pub association: Association,
    /// Its credit line, in hundredths.
    pub credit_cents: i64,
    /// Whether it may not buy at first.
    pub is_banned: bool,
    /// What becomes of its services once the credit is used up.
    pub shutdown_policy: ShutdownPolicy,
}

/// An invitation to register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// `InviteId`.
    pub id: u64,
    /// What its address ends with; who knows it may register.
    pub token: CompactString,
    /// What it offers.
    pub offer: Offer,
    /// When it was made.
    pub created: Timestamp,
    /// Until when its address is good.
    pub expires: Timestamp,
    /// The account that was registered with it, and when.
    pub accepted: Option<(Uid, Timestamp)>,
}

impl Invite {
    /// The address to register at. UNCERTAIN: its form was not seen; nothing answers there. Source: docs/evidence/account.md 3.6.
    pub fn url(&self) -> String {
        format!("https://account.alibabacloud.com/register/intl_register.htm?inviteToken={}", self.token)
    }
}

/// What a partner has to do with customers.
#[derive(Debug, Clone, Default)]
pub struct Customers {
    /// By their ids.
    pub all: OrdMap<u64, Arc<Customer>>,
    /// By their ids, which grow.
    pub invites: OrdMap<u64, Arc<Invite>>,
    /// When invitations were mailed, as far back as the limit looks.
    pub mailed: Vector<Timestamp>,
}

/// Somebody to turn to. Source: docs/evidence/account.md 3.4, `AccountContactAdd`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// `ContactName`.
    pub name: CompactString,
    /// `ContactPosition`.
    pub position: CompactString,
    /// `ContactEmail`, and whether it was shown to be theirs.
    pub email: Option<(Email, bool)>,
    /// `ContactMobile`, and whether it was shown to be theirs.
    pub mobile: Option<(MobilePhone, bool)>,
    /// `SharedContact`.
    pub is_shared: bool,
}

/// An enterprise asks an account to join it. Source: docs/evidence/account.md 3.4, `EnterpriseUninvitedAdminInviteJoinEnterprise`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinRequest {
    /// The account that asks.
    pub by: Uid,
    /// What it says.
    pub remark: CompactString,
    /// When it asked.
    pub since: Timestamp,
    /// Until when it may be answered.
    pub expires: Timestamp,
}
