//! On whose behalf something is done, and from where.

use crate::world::caller::Caller;
use crate::world::state::State;
use std::net::{IpAddr, Ipv4Addr};

/// Where a call comes from: what condition keys tell of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Address of the client.
    pub ip: IpAddr,
    /// Whether it came over TLS.
    pub secure: bool,
}

impl Source {
    /// This machine: the control API, scenarios, what falls due.
    pub const LOCAL: Self = Self { ip: IpAddr::V4(Ipv4Addr::LOCALHOST), secure: false };
}

/// On whose behalf something is done.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Who calls.
    pub caller: &'a Caller,
    /// Where the call comes from.
    pub source: Source,
    /// The host that it was sent to, with a port if the client named one.
    pub host: &'a str,
    /// The state as this call sees it, when a change has not spread yet: whoever asks about permission asks it.
    pub seen: Option<&'a State>,
}

impl By<'static> {
    /// Nobody on the wire: the control API, scenarios, what falls due.
    pub const OURSELVES: Self = Self { caller: &Caller::Nobody, source: Source::LOCAL, host: "", seen: None };
}
