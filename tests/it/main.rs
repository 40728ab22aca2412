//! Everything that is tested through the gateway, the socket, the control API and the command line.

mod captures;
mod keys;
mod partner;
mod refusals;
mod sts;
mod support;
mod users;
