//! Every call of the control API, a row each. The router and the OpenAPI document are made from this table: there is no call
//! that it does not describe. docs/control-api.md says more of each, and a test compares the two.

use crate::control::call::{Handle, Job, job, serve};
use crate::control::{
    Control, Weight, accounts, clock, closing, commands, coverage, export, faults, instance, issuer, keys,
    logins, metrics, oidc_login, openapi, permissions, real_name, requests, sessions, settings, stream,
    trust, verify, worlds,
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

/// One call.
pub(super) struct Route {
    /// Below `/_alimock`.
    pub(super) path: &'static str,
    handler: Handler,
    /// For the test that draws up the OpenAPI document. The server carries the document, and nothing of what draws it.
    #[cfg(test)]
    pub(super) described: Described,
}

/// What answers a call.
enum Handler {
    /// A plain function, and how long it may take; without a weight it only gives what is at hand.
    Plain(MethodFilter, Option<Weight>, Job),
    /// One that waits.
    Waiting(Box<MethodRouter<Arc<Control>>>),
}

/// What the OpenAPI document says of a call.
#[cfg(test)]
pub(super) struct Described {
    pub(super) method: Method,
    /// What a generated client calls it.
    pub(super) name: &'static str,
    /// What it does, in a line.
    pub(super) says: &'static str,
    pub(super) query: Option<Shape>,
    pub(super) body: Option<Body>,
    pub(super) reply: Reply,
}

/// Draws up the schema of a type.
#[cfg(test)]
pub(super) type Shape = fn(&mut SchemaGenerator) -> Schema;

/// What a call is sent.
#[cfg(test)]
pub(super) enum Body {
    /// JSON; the schema itself, and how to refer to it.
    Json(Shape, Shape),
    /// A scenario.
    Scenario,
}

/// What a call answers when it succeeds.
#[derive(Clone, Copy)]
#[cfg_attr(not(test), expect(dead_code, reason = "for the test that draws up the OpenAPI document"))]
pub(super) struct Reply {
    pub(super) status: u16,
    /// Content types, the usual one first.
    pub(super) kinds: &'static [&'static str],
}

const OK: Reply = Reply { status: 200, kinds: &["application/json"] };
const CREATED: Reply = Reply { status: 201, kinds: &["application/json"] };
const ACCEPTED: Reply = Reply { status: 202, kinds: &["application/json"] };
const ACCEPTED_ONLY: Reply = Reply { status: 202, kinds: &[] };
const DONE: Reply = Reply { status: 204, kinds: &[] };
const JSON_OR_TEXT: Reply = Reply { status: 200, kinds: &["application/json", "text/plain"] };
const YAML_OR_JSON: Reply = Reply { status: 200, kinds: &["application/yaml", "application/json"] };
const TEXT: Reply = Reply { status: 200, kinds: &["text/plain"] };
const EVENTS: Reply = Reply { status: 200, kinds: &["text/event-stream"] };
const SCHEMA: Reply = Reply { status: 200, kinds: &["application/schema+json"] };
const PEM: Reply = Reply { status: 200, kinds: &["application/x-pem-file"] };
const XML: Reply = Reply { status: 200, kinds: &["application/xml"] };

/// What it answers when it succeeds, its name, and what it does.
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
            #[cfg(test)]
            described,
        }
    }

    /// For the router.
    pub(super) fn handler(self) -> MethodRouter<Arc<Control>> {
        match self.handler {
            Handler::Plain(filter, weight, job) => serve(filter, weight, job),
            Handler::Waiting(handler) => *handler,
        }
    }

    /// It gives what is at hand.
    fn light(mut self) -> Self {
        if let Handler::Plain(_, weight, _) = &mut self.handler {
            *weight = None;
        }
        self
    }

    /// It takes as long as what it is about is large.
    fn heavy(mut self) -> Self {
        if let Handler::Plain(_, weight, _) = &mut self.handler {
            *weight = Some(Weight::Heavy);
        }
        self
    }

    /// The parameters it takes after `?`.
    fn query<Q: JsonSchema>(mut self) -> Self {
        #[cfg(test)]
        (self.described.query = Some(Q::json_schema));
        self
    }

    /// The JSON it is sent.
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

/// Declares `get(path, handler, (reply, name, what it does))` and so on.
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

/// All calls.
pub(super) fn all() -> Vec<Route> {
    [of_server(), of_world(), of_journal(), of_log_in(), of_account(), of_real_name(), of_identities()]
        .into_iter()
        .flatten()
        .collect()
}

// A table reads by rows.
#[rustfmt::skip]
fn of_server() -> Vec<Route> {
    vec![
        get("/health", worlds::health, (OK, "health", "Answers when the server does; every seed is planted by then")).light(),
        get("/ready", worlds::health, (OK, "ready", "The same")).light(),
        get("/version", worlds::version, (OK, "version", "Name and version")).light(),
        get("/metrics", metrics::show, (TEXT, "metrics", "Counters in the text format of Prometheus")).heavy(),
        get("/ca.pem", trust::certificate, (PEM, "caCertificate", "The certificate that clients trust who speak TLS with the server")).light(),
        get("/openapi.json", openapi::show, (OK, "openapi", "This description")).light(),
        get("/coverage", coverage::of_server, (OK, "serverCoverage", "What was met since the server started, and what not")).heavy(),
        get("/schema/scenario.json", worlds::schema, (SCHEMA, "scenarioSchema", "The JSON Schema of scenario files")).light(),
        get("/issuer/.well-known/openid-configuration", issuer::discovery, (OK, "issuerDiscovery", "What the built-in OIDC issuer publishes of itself")),
        get("/issuer/jwks", issuer::jwks, (OK, "issuerKeys", "The key set of the built-in OIDC issuer")),
        get("/issuer/saml-metadata.xml", issuer::saml_metadata, (XML, "samlMetadata", "The metadata of the built-in SAML provider")),
        get("/worlds", worlds::list, (OK, "listWorlds", "All worlds")),
        post("/worlds", worlds::make, (CREATED, "makeWorld", "Makes a world")).query::<worlds::Make>().scenario().heavy(),
    ]
}

#[rustfmt::skip]
fn of_world() -> Vec<Route> {
    vec![
        get("/worlds/{world}", worlds::show, (OK, "showWorld", "The world with its accounts and the secrets of seeded keys")),
        // The one that waits: its port is free when it answers.
        Route::new(Method::DELETE, "/worlds/{world}", Handler::Waiting(Box::new(on(MethodFilter::DELETE, worlds::drop_one))), (DONE, "dropWorld", "Drops it; `default` stays")),
        post("/worlds/{world}/reset", worlds::reset, (DONE, "resetWorld", "Goes back to the seed or to nothing")).query::<worlds::Reset>(),
        post("/worlds/{world}/fork", worlds::fork, (CREATED, "forkWorld", "Makes a world that starts from this one as it is now")).query::<worlds::Fork>(),
        get("/worlds/{world}/export", export::export, (YAML_OR_JSON, "exportWorld", "The world as a scenario file")).query::<export::As>().heavy(),
        get("/worlds/{world}/diff", export::diff, (JSON_OR_TEXT, "diffWorld", "What differs between seed, snapshots and now")).query::<export::Points>().heavy(),
        get("/worlds/{world}/snapshots", worlds::snapshots, (OK, "listSnapshots", "Names of all snapshots")),
        post("/worlds/{world}/snapshots/{name}", worlds::keep, (DONE, "keepSnapshot", "Keeps the world as it is")),
        post("/worlds/{world}/snapshots/{name}/restore", worlds::restore, (DONE, "restoreSnapshot", "Goes back to a snapshot")),
        get("/worlds/{world}/clock", clock::show, (OK, "showClock", "Both clocks")),
        put("/worlds/{world}/clock", clock::set, (OK, "setClock", "Sets one clock or both")).body::<clock::Set>(),
        post("/worlds/{world}/clock/advance", clock::advance, (OK, "advanceClock", "Moves the resource clock forward; answers what fell due")).body::<clock::Advance>(),
        get("/worlds/{world}/permissions", settings::show::<settings::Mode>, (OK, "showPermissions", "Whether permissions are enforced")),
        put("/worlds/{world}/permissions", settings::set::<settings::Mode>, (OK, "setPermissions", "Enforces permissions, or only notes them")).body::<settings::Mode>(),
        get("/worlds/{world}/propagation", settings::show::<Propagation>, (OK, "showPropagation", "How fast changes spread")),
        put("/worlds/{world}/propagation", settings::set::<Propagation>, (OK, "setPropagation", "Sets how fast changes spread")).body::<Propagation>(),
        get("/worlds/{world}/session-expiry", settings::show::<SessionExpiry>, (OK, "showSessionExpiry", "When sessions end that are given out")),
        put("/worlds/{world}/session-expiry", settings::set::<SessionExpiry>, (OK, "setSessionExpiry", "Sets when sessions end that are given out")).body::<SessionExpiry>(),
        get("/worlds/{world}/stubs", settings::show::<settings::Stubbed>, (OK, "showStubs", "What is answered for actions that alimock does not run")),
        put("/worlds/{world}/stubs", settings::set::<settings::Stubbed>, (OK, "setStubs", "Sets what is answered for actions that alimock does not run")).body::<settings::Stubbed>(),
        get("/worlds/{world}/account-rules", settings::show::<AccountRules>, (OK, "showAccountRules", "Rules about accounts")),
        put("/worlds/{world}/account-rules", settings::set::<AccountRules>, (OK, "setAccountRules", "Sets the rules about accounts")).body::<AccountRules>(),
        get("/worlds/{world}/gates", settings::show::<settings::AllGates>, (OK, "showGates", "What must be in order before what is called")),
        put("/worlds/{world}/gates", settings::set::<settings::AllGates>, (OK, "setGates", "Sets what must be in order before what is called")).body::<settings::AllGates>(),
        get("/worlds/{world}/sessions", sessions::list, (OK, "listSessions", "Temporary credentials, without secrets")),
        post("/worlds/{world}/sessions/{id}/expire", sessions::expire, (OK, "expireSession", "Lets the token of one be expired from now on")),
        post("/worlds/{world}/sessions/{id}/revoke", sessions::revoke, (OK, "revokeSession", "Lets the key of one be unknown from now on")),
        get("/worlds/{world}/instance", instance::show, (OK, "showInstance", "The instance whose metadata is served")),
        put("/worlds/{world}/instance", instance::set, (OK, "setInstance", "Makes the instance, or makes it another")).body::<MachineSettings>(),
        delete("/worlds/{world}/instance", instance::remove, (DONE, "dropInstance", "Takes the instance away")),
        post("/worlds/{world}/credentials", instance::credentials_uri, (CREATED, "makeCredentialsUri", "Returns the credentials URI of a role")).body::<instance::Wanted>(),
        get("/worlds/{world}/credentials/{token}", instance::credentials, (OK, "credentials", "The credentials URI: new temporary credentials of a role at each call")).query::<instance::Wanted>(),
        post("/worlds/{world}/explain", permissions::explain, (OK, "explain", "May somebody do something, and why")).body::<permissions::Question>().heavy(),
        post("/worlds/{world}/issuer/token", issuer::token, (OK, "makeToken", "An OIDC token of the built-in issuer")).body::<issuer::TokenWanted>(),
        get("/worlds/{world}/issuer/login", oidc_login::show, (OK, "oidcLogin", "A role that trusts the built-in issuer, and a token for it")).query::<oidc_login::Wanted>(),
        post("/worlds/{world}/issuer/saml-response", issuer::saml_response, (OK, "makeSamlResponse", "A SAML response of the built-in provider")).body::<issuer::ResponseWanted>().heavy(),
        post("/worlds/{world}/commands", commands::run, (OK, "runCommand", "Does a command of timelines and rules now")).body::<Command>(),
        get("/worlds/{world}/faults", faults::list, (OK, "listFaults", "The rules that spoil calls, with their counters")),
        post("/worlds/{world}/faults", faults::add, (CREATED, "addFault", "Adds a rule after the others")).body::<Rule>(),
        put("/worlds/{world}/faults/{id}", faults::replace, (OK, "replaceFault", "Puts another rule in the place of one")).body::<Rule>(),
        patch("/worlds/{world}/faults/{id}", faults::amend, (OK, "amendFault", "Merges the body into a rule, which keeps its counters")).body::<Map<String, Value>>(),
        delete("/worlds/{world}/faults/{id}", faults::remove, (DONE, "dropFault", "Drops a rule")),
    ]
}

#[rustfmt::skip]
fn of_journal() -> Vec<Route> {
    vec![
        get("/worlds/{world}/coverage", coverage::of_world, (OK, "coverage", "What was met since the last reset, and what not")).heavy(),
        post("/worlds/{world}/verify", verify::verify, (OK, "verify", "Whether the calls were made that should have been")).body::<verify::Wanted>().heavy(),
        get("/worlds/{world}/requests", requests::list, (OK, "listRequests", "The journal")).query::<requests::Filter>().heavy(),
        get("/worlds/{world}/requests/stream", stream::follow, (EVENTS, "followRequests", "The journal as it grows")).query::<requests::Filter>(),
        get("/worlds/{world}/requests/{id}", requests::show, (OK, "showRequest", "One record of the journal")),
    ]
}

#[rustfmt::skip]
fn of_account() -> Vec<Route> {
    vec![
        get("/worlds/{world}/accounts", accounts::list, (OK, "listAccounts", "All accounts")),
        post("/worlds/{world}/accounts", accounts::register, (CREATED, "registerAccount", "Registers an account")).body::<Register>(),
        get("/worlds/{world}/accounts/{account}", accounts::show, (OK, "showAccount", "One account")),
        patch("/worlds/{world}/accounts/{account}", accounts::change, (OK, "changeAccount", "Changes names, contacts and what guards its log-in")).body::<ChangeAccount>(),
        post("/worlds/{world}/accounts/{account}/state", accounts::set_state, (OK, "setAccountState", "Moves it to another state, or changes its money or what is held against it")).body::<SetState>(),
        put("/worlds/{world}/accounts/{account}/password", logins::set_password, (DONE, "setPassword", "Sets or changes its password")).body::<SetPassword>(),
        post("/worlds/{world}/accounts/{account}/mfa", logins::bind_mfa, (CREATED, "bindMfa", "Binds an MFA device to it")).body::<BindMfa>(),
        delete("/worlds/{world}/accounts/{account}/mfa", logins::unbind_mfa, (DONE, "unbindMfa", "Unbinds its MFA device")),
        get("/worlds/{world}/accounts/{account}/close", closing::show, (OK, "showClosing", "What stands against closing it")),
        post("/worlds/{world}/accounts/{account}/close", closing::close, (OK, "closeAccount", "Closes it, after a silence period when something was paid by use")).body::<Close>(),
        delete("/worlds/{world}/accounts/{account}/close", closing::stay, (DONE, "keepAccount", "Stays open during the silence period")),
        get("/worlds/{world}/accounts/{account}/access-keys", keys::keys, (OK, "listAccessKeys", "Keys of the account and of its users")).query::<keys::OfUser>(),
        post("/worlds/{world}/accounts/{account}/access-keys", keys::make_key, (CREATED, "makeAccessKey", "Makes a key; the only answer with its secret")).body::<AddKey>(),
        patch("/worlds/{world}/accounts/{account}/access-keys/{id}", keys::change_key, (OK, "changeAccessKey", "Enables or disables a key, or lets it leak")).body::<keys::ChangeKey>(),
        delete("/worlds/{world}/accounts/{account}/access-keys/{id}", keys::drop_key, (DONE, "dropAccessKey", "Deletes a key")),
    ]
}

#[rustfmt::skip]
fn of_log_in() -> Vec<Route> {
    vec![
        post("/worlds/{world}/captchas", logins::send_captcha, (ACCEPTED_ONLY, "sendCaptcha", "Sends a code of six digits")).body::<SendCaptcha>(),
        get("/worlds/{world}/outbox", logins::outbox, (OK, "showOutbox", "Codes and mails that would have been sent")).query::<logins::Wanted>(),
        get("/worlds/{world}/logins", logins::logins, (OK, "listLogins", "Who is logged in to the console")),
        post("/worlds/{world}/logins", logins::log_in, (CREATED, "logIn", "Logs in to the console")).body::<logins::Show>(),
        delete("/worlds/{world}/logins/{ticket}", logins::log_out, (DONE, "logOut", "Logs out")),
    ]
}

#[rustfmt::skip]
fn of_real_name() -> Vec<Route> {
    vec![
        get("/worlds/{world}/accounts/{account}/real-name", real_name::show, (OK, "showRealName", "Its real-name record")),
        post("/worlds/{world}/accounts/{account}/real-name", real_name::submit, (ACCEPTED, "applyForRealName", "Hands in an application for verification")).body::<Submit>(),
        delete("/worlds/{world}/accounts/{account}/real-name/{id}", real_name::cancel, (DONE, "cancelRealName", "Withdraws an application")),
        post("/worlds/{world}/accounts/{account}/real-name/{id}/decision", real_name::decide, (OK, "decideRealName", "Decides an application, now or later")).body::<Decide>(),
        delete("/worlds/{world}/accounts/{account}/real-name", real_name::remove, (DONE, "removeRealName", "Takes its verification away")),
        post("/worlds/{world}/accounts/{account}/real-name/{id}/transfer-amount", real_name::tell_amount, (OK, "tellTransferAmount", "Tells the amount of the transfer that has arrived")).body::<TellAmount>(),
        post("/worlds/{world}/accounts/{account}/real-name/links", real_name::add_link, (CREATED, "makeRealNameLink", "Gives out the address of a verification page")).body::<AddLink>(),
        post("/worlds/{world}/accounts/{account}/real-name/kyc", real_name::ask_for_kyc, (ACCEPTED, "askForKyc", "Gives notice of a payment risk: the KYC Center is to be answered")),
    ]
}

#[rustfmt::skip]
fn of_identities() -> Vec<Route> {
    vec![
        post("/worlds/{world}/accounts/{account}/oidc-providers", issuer::add_oidc, (CREATED, "addOidcProvider", "Registers an OIDC provider")).body::<OidcProviderFile>(),
        post("/worlds/{world}/accounts/{account}/saml-providers", issuer::add_saml, (CREATED, "addSamlProvider", "Registers a SAML provider")).body::<SamlProviderFile>().heavy(),
    ]
}
