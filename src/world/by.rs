//! Caller and origin of an action.

use crate::world::caller::Caller;
use crate::world::state::State;
use std::net::{IpAddr, Ipv4Addr};

/// Origin of a call, for condition keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source<'a> {
    /// Client address.
    pub ip: IpAddr,
    /// `true` for a call over TLS.
    pub secure: bool,
    /// VPC of the client; `None` for the public network.
    pub vpc: Option<&'a str>,
}

impl Source<'static> {
    /// Local origin: the control API, scenarios and due events.
    pub const LOCAL: Self = Self { ip: IpAddr::V4(Ipv4Addr::LOCALHOST), secure: false, vpc: None };
}

/// Caller and origin of an action.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// Caller.
    pub caller: &'a Caller,
    /// Origin of the call.
    pub source: Source<'a>,
    /// Host of the request, with the port if the client sent one.
    pub host: &'a str,
    /// State that this call sees, if changes are pending. Permission checks use it.
    pub seen: Option<&'a State>,
}

impl By<'static> {
    /// Internal origin without a caller: the control API, scenarios and due events.
    pub const OURSELVES: Self = Self { caller: &Caller::Nobody, source: Source::LOCAL, host: "", seen: None };
}
