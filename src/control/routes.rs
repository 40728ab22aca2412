//! Table of all calls of the control API, one row each. The router and the OpenAPI document are built from it, so the
//! document describes every call. docs/control-api.md has more details; a test compares the two.

use crate::control::call::{Handle, Job, job, serve};
use crate::control::{
    Control, Weight, accounts, clock, closing, commands, coverage, export, faults, instance, issuer, keys,
    logins, metrics, oidc_login, openapi, permissions, real_name, requests, sessions, settings, stream,
    trust, verify, why, worlds,
};
use crate::scenario::{OidcProviderFile, SamlProviderFile};
use crate::world::faults::Rule;
use crate::world::machine::MachineSettings;
use crate::world::settings::{AccountRules, Propagation, SessionExpiry};
use crate::world::{
    AddKey, AddLink, BindMfa, ChangeAccount, Close, Command, Decide, Register, SendCaptcha, SetPassword,
    SetState, Submit, TellAmount,
};
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;
use schemars::JsonSchema;
#[cfg(test)]
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A call of the control API.
pub(super) struct Route {
    /// Path below `/_alimock`.
    pub(super) path: &'static str,
    handler: Handler,
    /// True if the call takes query parameters.
    has_query: bool,
    /// For the test that generates the OpenAPI document. The server contains only the finished document.
    #[cfg(test)]
    pub(super) described: Described,
}

/// Handler of a call.
enum Handler {
    /// A plain function with its weight. Without a weight it only returns data that is ready.
    Plain(MethodFilter, Option<Weight>, Job),
    /// A handler that waits.
    Waiting(Box<MethodRouter<Arc<Control>>>),
}

/// Description of a call in the OpenAPI document.
#[cfg(test)]
pub(super) struct Described {
    pub(super) method: Method,
    /// Name of the method in generated clients.
    pub(super) name: &'static str,
    /// One-line summary.
    pub(super) says: &'static str,
    pub(super) query: Option<Shape>,
    pub(super) body: Option<Body>,
    pub(super) reply: Reply,
}

/// Generates the schema of a type.
#[cfg(test)]
pub(super) type Shape = fn(&mut SchemaGenerator) -> Schema;

/// Request body of a call.
#[cfg(test)]
pub(super) enum Body {
    /// JSON; the full schema, and the reference to it.
    Json(Shape, Shape),
    /// A scenario.
    Scenario,
}

/// Response of a successful call.
#[derive(Clone, Copy)]
#[cfg_attr(not(test), expect(dead_code, reason = "for the test that draws up the OpenAPI document"))]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Content types; the default is first.
    pub(super) kinds: &'static [&'static str],
}

const OK: Reply = Reply { status: 200, kinds: &["application/json"] };
const CREATED: Reply = Reply { status: 201, kinds: &["application/json"] };
const ACCEPTED: Reply = Reply { status: 202, kinds: &["application/json"] };
const ACCEPTED_ONLY: Reply = Reply { status: 202, kinds: &[] };
const DONE: Reply = Reply { status: 204, kinds: &[] };
const JSON_OR_TEXT: Reply = Reply { status: 200, kinds: &["application/json", "text/plain"] };
const YAML_OR_JSON: Reply = Reply { status: 200, kinds: &["application/yaml", "application/json"] };
const YAML: Reply = Reply { status: 200, kinds: &["application/yaml"] };
const TEXT: Reply = Reply { status: 200, kinds: &["text/plain"] };
const EVENTS: Reply = Reply { status: 200, kinds: &["text/event-stream"] };
const SCHEMA: Reply = Reply { status: 200, kinds: &["application/schema+json"] };
const PEM: Reply = Reply { status: 200, kinds: &["application/x-pem-file"] };
const XML: Reply = Reply { status: 200, kinds: &["application/xml"] };

/// Successful response, name and summary.
type About = (Reply, &'static str, &'static str);

#[cfg_attr(
    not(test),
    expect(
        unused_variables,
        unused_mut,
        clippy::extra_unused_type_parameters,
        reason = "for the test that draws up the OpenAPI document"
    )
)]
impl Route {
    fn new(method: Method, path: &'static str, handler: Handler, about: About) -> Self {
        #[cfg(test)]
        let described = {
            let (reply, name, says) = about;
            Described { method, name, says, query: None, body: None, reply }
        };
        Self {
            path,
            handler,
            has_query: false,
            #[cfg(test)]
            described,
        }
    }

    /// Builds the handler for the router.
    pub(super) fn handler(self) -> MethodRouter<Arc<Control>> {
        match self.handler {
            Handler::Plain(filter, weight, job) => serve(filter, weight, job, self.has_query),
            Handler::Waiting(handler) => *handler,
        }
    }

    /// Marks a call that returns data that is ready.
    fn light(mut self) -> Self {
        if let Handler::Plain(_, weight, _) = &mut self.handler {
            *weight = None;
        }
        self
    }

    /// Marks a call whose duration grows with the size of its data.
    fn heavy(mut self) -> Self {
        if let Handler::Plain(_, weight, _) = &mut self.handler {
            *weight = Some(Weight::Heavy);
        }
        self
    }

    /// Declares the query parameters.
    fn query<Q: JsonSchema>(mut self) -> Self {
        self.has_query = true;
        #[cfg(test)]
        (self.described.query = Some(Q::json_schema));
        self
    }

    /// Declares the JSON body.
    fn body<B: JsonSchema>(mut self) -> Self {
        #[cfg(test)]
        (self.described.body = Some(Body::Json(B::json_schema, SchemaGenerator::subschema_for::<B>)));
        self
    }

    fn scenario(mut self) -> Self {
        #[cfg(test)]
        (self.described.body = Some(Body::Scenario));
        self
    }
}

/// Declares `get(path, handler, (response, name, summary))` and so on.
macro_rules! methods {
    ($($name:ident $method:ident;)*) => {$(
        fn $name<A>(
            path: &'static str,
            handler: impl Handle<A>,
            about: About,
        ) -> Route {
            let handler = Handler::Plain(MethodFilter::$method, Some(Weight::Quick), job(handler));
            Route::new(Method::$method, path, handler, about)
        }
    )*};
}

methods! {
    get GET;
    post POST;
    put PUT;
    patch PATCH;
    delete DELETE;
}

/// Returns all calls.
pub(super) fn all() -> Vec<Route> {
    [of_server(), of_world(), of_journal(), of_log_in(), of_account(), of_real_name(), of_identities()]
        .into_iter()
        .flatten()
        .collect()
}

// One row per call is easier to read.
#[rustfmt::skip]
fn of_server() -> Vec<Route> {
    vec![
        get("/health", worlds::health, (OK, "health", "Answers when the server is ready; all seed worlds exist by then")).light(),
        get("/ready", worlds::health, (OK, "ready", "Answers the same as `/health`")).light(),
        get("/version", worlds::version, (OK, "version", "Returns name and version")).light(),
        get("/status", worlds::status, (OK, "status", "Returns version, endpoint, and all worlds with their counts")).light(),
        get("/metrics", metrics::show, (TEXT, "metrics", "Returns counters in the Prometheus text format")).heavy(),
        get("/ca.pem", trust::certificate, (PEM, "caCertificate", "Returns the CA certificate that TLS clients must trust")).light(),
        get("/openapi.json", openapi::show, (OK, "openapi", "Returns this document")).light(),
        get("/coverage", coverage::of_server, (OK, "serverCoverage", "Returns covered and uncovered operations since the server started")).heavy(),
        get("/schema/scenario.json", worlds::schema, (SCHEMA, "scenarioSchema", "Returns the JSON Schema of scenario files")).light(),
        get("/issuer/.well-known/openid-configuration", issuer::discovery, (OK, "issuerDiscovery", "Returns the discovery document of the built-in OIDC issuer")),
        get("/issuer/jwks", issuer::jwks, (OK, "issuerKeys", "Returns the key set of the built-in OIDC issuer")),
        get("/issuer/saml-metadata.xml", issuer::saml_metadata, (XML, "samlMetadata", "Returns the metadata of the built-in SAML provider")),
        get("/worlds", worlds::list, (OK, "listWorlds", "Lists all worlds")),
        post("/worlds", worlds::make, (CREATED, "makeWorld", "Creates a world")).query::<worlds::Make>().scenario().heavy(),
    ]
}

#[rustfmt::skip]
fn of_world() -> Vec<Route> {
    vec![
        get("/worlds/{world}", worlds::show, (OK, "showWorld", "Returns a world with its accounts, the secrets of seeded keys and the variables for a client")).query::<worlds::Show>(),
        // This handler waits: when it answers, the port is free.
        Route::new(Method::DELETE, "/worlds/{world}", Handler::Waiting(Box::new(on(MethodFilter::DELETE, worlds::drop_one))), (DONE, "dropWorld", "Deletes a world; `default` cannot be deleted")),
        post("/worlds/{world}/reset", worlds::reset, (DONE, "resetWorld", "Resets a world to its seed or to an empty world")).query::<worlds::Reset>(),
        post("/worlds/{world}/fork", worlds::fork, (CREATED, "forkWorld", "Creates a copy of a world in its current state")).query::<worlds::Fork>(),
        get("/worlds/{world}/scenario", worlds::scenario, (YAML, "showScenario", "Returns the scenario of a world as it was loaded")),
        put("/worlds/{world}/scenario", worlds::load, (DONE, "loadScenario", "Loads a scenario into a world, which starts again with it")).scenario().heavy(),
        get("/worlds/{world}/export", export::export, (YAML_OR_JSON, "exportWorld", "Exports a world as a scenario file")).query::<export::As>().heavy(),
        get("/worlds/{world}/diff", export::diff, (JSON_OR_TEXT, "diffWorld", "Returns differences between the seed, snapshots and the current state")).query::<export::Points>().heavy(),
        get("/worlds/{world}/snapshots", worlds::snapshots, (OK, "listSnapshots", "Lists the names of all snapshots")),
        post("/worlds/{world}/snapshots/{name}", worlds::keep, (DONE, "keepSnapshot", "Saves the current state as a snapshot")),
        delete("/worlds/{world}/snapshots/{name}", worlds::forget, (DONE, "dropSnapshot", "Deletes a snapshot")),
        post("/worlds/{world}/snapshots/{name}/restore", worlds::restore, (DONE, "restoreSnapshot", "Restores a snapshot")),
        get("/worlds/{world}/clock", clock::show, (OK, "showClock", "Returns both clocks")),
        put("/worlds/{world}/clock", clock::set, (OK, "setClock", "Sets one clock or both")).body::<clock::Set>(),
        post("/worlds/{world}/clock/advance", clock::advance, (OK, "advanceClock", "Moves the resource clock forward; returns the events that became due")).body::<clock::Advance>(),
        get("/worlds/{world}/permissions", settings::show::<settings::Mode>, (OK, "showPermissions", "Returns the permission mode")),
        put("/worlds/{world}/permissions", settings::set::<settings::Mode>, (OK, "setPermissions", "Sets the permission mode: enforce permissions, or only record violations")).body::<settings::Mode>(),
        get("/worlds/{world}/propagation", settings::show::<Propagation>, (OK, "showPropagation", "Returns the propagation delays of changes")),
        put("/worlds/{world}/propagation", settings::set::<Propagation>, (OK, "setPropagation", "Sets the propagation delays of changes")).body::<Propagation>(),
        get("/worlds/{world}/session-expiry", settings::show::<SessionExpiry>, (OK, "showSessionExpiry", "Returns the expiry of issued sessions")),
        put("/worlds/{world}/session-expiry", settings::set::<SessionExpiry>, (OK, "setSessionExpiry", "Sets the expiry of issued sessions")).body::<SessionExpiry>(),
        get("/worlds/{world}/stubs", settings::show::<settings::Stubbed>, (OK, "showStubs", "Returns the responses to actions that alimock does not implement")),
        put("/worlds/{world}/stubs", settings::set::<settings::Stubbed>, (OK, "setStubs", "Sets the responses to actions that alimock does not implement")).body::<settings::Stubbed>(),
        get("/worlds/{world}/account-rules", settings::show::<AccountRules>, (OK, "showAccountRules", "Returns the rules about accounts")),
        put("/worlds/{world}/account-rules", settings::set::<AccountRules>, (OK, "setAccountRules", "Sets the rules about accounts")).body::<AccountRules>(),
        get("/worlds/{world}/gates", settings::show::<settings::AllGates>, (OK, "showGates", "Returns the gates: conditions that a call must meet")),
        put("/worlds/{world}/gates", settings::set::<settings::AllGates>, (OK, "setGates", "Sets the gates: conditions that a call must meet")).body::<settings::AllGates>(),
        get("/worlds/{world}/sessions", sessions::list, (OK, "listSessions", "Lists temporary credentials, without secrets")),
        post("/worlds/{world}/sessions/{id}/expire", sessions::expire, (OK, "expireSession", "Makes the token of a session expire now")),
        post("/worlds/{world}/sessions/{id}/revoke", sessions::revoke, (OK, "revokeSession", "Revokes a session; its key is unknown from now on")),
        get("/worlds/{world}/instance", instance::show, (OK, "showInstance", "Returns the instance whose metadata is served")),
        put("/worlds/{world}/instance", instance::set, (OK, "setInstance", "Creates or replaces the instance whose metadata is served")).body::<MachineSettings>(),
        delete("/worlds/{world}/instance", instance::remove, (DONE, "dropInstance", "Removes the instance")),
        post("/worlds/{world}/credentials", instance::credentials_uri, (CREATED, "makeCredentialsUri", "Returns the credentials URI of a role")).body::<instance::Wanted>(),
        get("/worlds/{world}/credentials/{token}", instance::credentials, (OK, "credentials", "Returns new temporary credentials of a role at each call: the credentials URI")).query::<instance::Wanted>(),
        post("/worlds/{world}/explain", permissions::explain, (OK, "explain", "Explains why an action is allowed or denied")).body::<permissions::Question>().heavy(),
        post("/worlds/{world}/issuer/token", issuer::token, (OK, "makeToken", "Issues an OIDC token of the built-in issuer")).body::<issuer::TokenWanted>(),
        get("/worlds/{world}/issuer/login", oidc_login::show, (OK, "oidcLogin", "Returns a role that trusts the built-in issuer, and a token for it")).query::<oidc_login::Wanted>(),
        post("/worlds/{world}/issuer/saml-response", issuer::saml_response, (OK, "makeSamlResponse", "Issues a SAML response of the built-in provider")).body::<issuer::ResponseWanted>().heavy(),
        post("/worlds/{world}/commands", commands::run, (OK, "runCommand", "Runs a command of timelines and rules now")).body::<Command>(),
        get("/worlds/{world}/faults", faults::list, (OK, "listFaults", "Lists the fault rules with their counters")),
        post("/worlds/{world}/faults", faults::add, (CREATED, "addFault", "Adds a fault rule at the end of the list")).body::<Rule>(),
        put("/worlds/{world}/faults/{id}", faults::replace, (OK, "replaceFault", "Replaces a fault rule")).body::<Rule>(),
        patch("/worlds/{world}/faults/{id}", faults::amend, (OK, "amendFault", "Merges the body into a fault rule, which keeps its counters")).body::<Map<String, Value>>(),
        delete("/worlds/{world}/faults/{id}", faults::remove, (DONE, "dropFault", "Deletes a fault rule")),
    ]
}

#[rustfmt::skip]
fn of_journal() -> Vec<Route> {
    vec![
        get("/worlds/{world}/coverage", coverage::of_world, (OK, "coverage", "Returns covered and uncovered operations since the last reset")).heavy(),
        post("/worlds/{world}/verify", verify::verify, (OK, "verify", "Checks the expectations in the body, or without a body those of the scenario")).body::<verify::Wanted>().heavy(),
        get("/worlds/{world}/requests", requests::list, (OK, "listRequests", "Lists the records of the journal")).query::<requests::Filter>().heavy(),
        get("/worlds/{world}/requests/stream", stream::follow, (EVENTS, "followRequests", "Streams new records of the journal")).query::<requests::Filter>(),
        get("/worlds/{world}/why", why::show, (OK, "why", "Explains the outcome of a request: signature, policies, gate, rules, and what to do")).query::<why::Asked>().heavy(),
        get("/worlds/{world}/requests/{id}", requests::show, (OK, "showRequest", "Returns one record of the journal")),
    ]
}

#[rustfmt::skip]
fn of_account() -> Vec<Route> {
    vec![
        get("/worlds/{world}/accounts", accounts::list, (OK, "listAccounts", "Lists all accounts")),
        post("/worlds/{world}/accounts", accounts::register, (CREATED, "registerAccount", "Registers an account")).body::<Register>(),
        get("/worlds/{world}/accounts/{account}", accounts::show, (OK, "showAccount", "Returns an account")),
        patch("/worlds/{world}/accounts/{account}", accounts::change::<ChangeAccount>, (OK, "changeAccount", "Changes names, contacts and login security of an account")).body::<ChangeAccount>(),
        post("/worlds/{world}/accounts/{account}/state", accounts::change::<SetState>, (OK, "setAccountState", "Changes the state, the money or the holds of an account")).body::<SetState>(),
        put("/worlds/{world}/accounts/{account}/password", logins::set_password, (DONE, "setPassword", "Sets or changes the password of an account")).body::<SetPassword>(),
        post("/worlds/{world}/accounts/{account}/mfa", logins::bind_mfa, (CREATED, "bindMfa", "Binds an MFA device to an account")).body::<BindMfa>(),
        delete("/worlds/{world}/accounts/{account}/mfa", logins::unbind_mfa, (DONE, "unbindMfa", "Unbinds the MFA device of an account")),
        get("/worlds/{world}/accounts/{account}/close", closing::show, (OK, "showClosing", "Returns the conditions that prevent closing an account")),
        post("/worlds/{world}/accounts/{account}/close", closing::close, (OK, "closeAccount", "Closes an account, after a silence period if it recently used pay-as-you-go products")).body::<Close>(),
        delete("/worlds/{world}/accounts/{account}/close", closing::stay, (DONE, "keepAccount", "Cancels the closing during the silence period")),
        get("/worlds/{world}/accounts/{account}/access-keys", keys::keys, (OK, "listAccessKeys", "Lists the keys of an account and of its users")).query::<keys::OfUser>(),
        post("/worlds/{world}/accounts/{account}/access-keys", keys::make_key, (CREATED, "makeAccessKey", "Creates a key; only this response contains the secret")).body::<AddKey>(),
        patch("/worlds/{world}/accounts/{account}/access-keys/{id}", keys::change_key, (OK, "changeAccessKey", "Enables or disables a key, or sets its `leaked` flag")).body::<keys::ChangeKey>(),
        delete("/worlds/{world}/accounts/{account}/access-keys/{id}", keys::drop_key, (DONE, "dropAccessKey", "Deletes a key")),
    ]
}

#[rustfmt::skip]
fn of_log_in() -> Vec<Route> {
    vec![
        post("/worlds/{world}/captchas", logins::send_captcha, (ACCEPTED_ONLY, "sendCaptcha", "Sends a code of six digits")).body::<SendCaptcha>(),
        get("/worlds/{world}/outbox", logins::outbox, (OK, "showOutbox", "Lists codes and messages that alimock would have sent")).query::<logins::Wanted>(),
        get("/worlds/{world}/logins", logins::logins, (OK, "listLogins", "Lists the current console logins")),
        post("/worlds/{world}/logins", logins::log_in, (CREATED, "logIn", "Logs in to the console")).body::<logins::Show>(),
        delete("/worlds/{world}/logins/{ticket}", logins::log_out, (DONE, "logOut", "Logs out of the console")),
    ]
}

#[rustfmt::skip]
fn of_real_name() -> Vec<Route> {
    vec![
        get("/worlds/{world}/accounts/{account}/real-name", real_name::show, (OK, "showRealName", "Returns the real-name record of an account")),
        post("/worlds/{world}/accounts/{account}/real-name", real_name::submit, (ACCEPTED, "applyForRealName", "Submits an application for real-name verification")).body::<Submit>(),
        delete("/worlds/{world}/accounts/{account}/real-name/{id}", real_name::cancel, (DONE, "cancelRealName", "Withdraws an application")),
        post("/worlds/{world}/accounts/{account}/real-name/{id}/decision", real_name::decide, (OK, "decideRealName", "Decides an application, now or later")).body::<Decide>(),
        delete("/worlds/{world}/accounts/{account}/real-name", real_name::remove, (DONE, "removeRealName", "Removes the verification of an account")),
        post("/worlds/{world}/accounts/{account}/real-name/{id}/transfer-amount", real_name::tell_amount, (OK, "tellTransferAmount", "Submits the amount of the received transfer")).body::<TellAmount>(),
        post("/worlds/{world}/accounts/{account}/real-name/links", real_name::add_link, (CREATED, "makeRealNameLink", "Creates a link to a verification page")).body::<AddLink>(),
        post("/worlds/{world}/accounts/{account}/real-name/kyc", real_name::ask_for_kyc, (ACCEPTED, "askForKyc", "Reports a payment risk; the account must then answer the KYC Center")),
    ]
}

#[rustfmt::skip]
fn of_identities() -> Vec<Route> {
    vec![
        post("/worlds/{world}/accounts/{account}/oidc-providers", issuer::add_oidc, (CREATED, "addOidcProvider", "Registers an OIDC provider")).body::<OidcProviderFile>(),
        post("/worlds/{world}/accounts/{account}/saml-providers", issuer::add_saml, (CREATED, "addSamlProvider", "Registers a SAML provider")).body::<SamlProviderFile>().heavy(),
    ]
}
