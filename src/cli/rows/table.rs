//! The commands that are one call of the control API, a row each.

use crate::cli::rows::show::{ACCOUNT, Show, clock, keys, status};
use crate::cli::rows::why;

/// A command.
pub(super) struct Row {
    /// Words: `key disable`.
    pub(super) words: &'static str,
    /// Method and path below `/_alimock`, or `DO` and a command of docs/commands.md. A name in braces is an argument; `{world}`, and an
    /// argument that is not given, is the world of `--world`.
    pub(super) call: &'static str,
    /// Help.
    pub(super) about: &'static str,
    pub(super) args: &'static [Arg],
    /// Form in which people see the answer.
    pub(super) show: Show,
}

/// An argument of a command.
pub(super) struct Arg {
    /// Name: in capitals the place of a value, otherwise an option and its value. A constant has none.
    pub(super) name: &'static str,
    pub(super) goes: Goes,
    pub(super) is_required: bool,
    /// Help.
    pub(super) about: &'static str,
}

/// Place of an argument in the call.
#[derive(Clone, Copy)]
pub(super) enum Goes {
    /// The part of the path with the name of the argument.
    Path,
    /// This parameter of the query.
    Query(&'static str),
    /// The same, with this value if nothing is given.
    QueryOr(&'static str, &'static str),
    /// This parameter of the query, with the value `true`.
    Flag(&'static str),
    /// This field of the body.
    Body(&'static str),
    /// This field of the body, with this value.
    Constant(&'static str, &'static str),
    /// Any fields of the body, as FIELD=VALUE.
    Fields,
    /// The body, if it names a file, or else this parameter of the query.
    File(&'static str),
    /// Continues with this stream.
    Stream(&'static str),
}

const fn required(name: &'static str, goes: Goes, about: &'static str) -> Arg {
    Arg { name, goes, is_required: true, about }
}

const fn optional(name: &'static str, goes: Goes, about: &'static str) -> Arg {
    Arg { name, goes, is_required: false, about }
}

const fn constant(field: &'static str, value: &'static str) -> Arg {
    optional("", Goes::Constant(field, value), "")
}

const fn row(
    words: &'static str,
    call: &'static str,
    about: &'static str,
    args: &'static [Arg],
    show: Show,
) -> Row {
    Row { words, call, about, args, show }
}

/// Groups of commands, and their help.
pub(super) const GROUPS: &[(&str, &str)] = &[
    ("world", "List, create, reset and delete worlds of a running emulator"),
    ("account", "List and change the accounts of a world"),
    ("key", "List, create and change AccessKeys"),
    ("clock", "Show, move and set the clocks of a world"),
];

const ACCOUNT_PATH: Arg = required("ACCOUNT", Goes::Path, "Name or UID of the account");
const ACCOUNT_FIELD: Arg = required("ACCOUNT", Goes::Body("account"), "Name or UID of the account");
const HOLD: Arg = required(
    "HOLD",
    Goes::Body("hold"),
    "LOGIN, ACCOUNT, RISK, PURCHASES, PAY_AS_YOU_GO, BUSINESS or TRUSTEESHIP",
);
const FIELDS: Arg =
    optional("FIELD=VALUE", Goes::Fields, "More fields of the command, as in docs/commands.md");
const OWNER: Arg = required("WHO", Goes::Path, "account or account/user");
const KEY: Arg = required(
    "WHO",
    Goes::Body("key"),
    "AccessKeyId; or account or account/user, for its newest key that this changes",
);

/// All commands, in the order of the help.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("why", "GET /worlds/{world}/why", "Explain why a request was refused or answered: signature, policies, gate, rules, and what to do", &[
        optional("REQUEST", Goes::Query("request"), "RequestId of the request. Default: the last refused one"),
    ], Show::With(why::shown)),
    row("logs", "GET /worlds/{world}/requests", "Print the calls in the journal, a line each", &[
        optional("follow", Goes::Stream("/stream"), "Print new calls as they arrive, until interrupted"),
        optional("caller WHO", Goes::Query("caller"), "Only of this caller: account, account/user, account/role, or an unknown AccessKeyId"),
        optional("product CODE", Goes::Query("product"), "Only of this product: Ram"),
        optional("action NAME", Goes::Query("action"), "Only of this action: CreateUser"),
        optional("code CODE", Goes::Query("code"), "Only with this error code"),
        optional("status STATUS", Goes::Query("status"), "Only with this HTTP status, or of this class: 404, 4xx"),
        optional("refused", Goes::Flag("refused"), "Only refused calls"),
        optional("since TIME", Goes::Query("since"), "Only from this time of the resource clock on: a time, or a span back: 10m"),
        optional("last COUNT", Goes::QueryOr("last", "1000"), "Only the last calls, at most 10000 [default: 1000]"),
    ], Show::Lines),
    row("status", "GET /status", "Show version, endpoint and worlds of a running emulator", &[], Show::With(status)),
    row("world list", "GET /worlds", "List the worlds", &[],
        Show::Table("worlds", &[("WORLD", "/world"), ("ACCOUNTS", "/accounts"), ("CALLS", "/requests"), ("REFUSED", "/refused"), ("ENDPOINT", "/endpoint")])),
    row("world new", "POST /worlds", "Create a world", &[
        optional("NAME", Goes::Query("name"), "Name of the world. Default: w1, w2 and so on"),
        optional("scenario FILE", Goes::File("scenario"), "Scenario: a file, or the name of a built-in one. Default: that of the server"),
        optional("listen IP:PORT", Goes::Query("listen"), "Port of the world's own, IP:PORT; port 0 takes a free one"),
    ], Show::Card(&[("world", "/world"), ("endpoint", "/endpoint"), ("accounts", "/accounts"), ("AccessKeyId", "/env/ALIBABA_CLOUD_ACCESS_KEY_ID"), ("secret", "/env/ALIBABA_CLOUD_ACCESS_KEY_SECRET")])),
    row("world rm", "DELETE /worlds/{NAME}", "Delete a world", &[
        required("NAME", Goes::Path, "Name of the world"),
    ], Show::Said("the world was deleted")),
    row("world reset", "POST /worlds/{NAME}/reset", "Return a world to its seed", &[
        optional("NAME", Goes::Path, "Name of the world. Default: that of --world"),
        optional("to STATE", Goes::Query("to"), "seed, or empty: a world without accounts [default: seed]"),
    ], Show::Said("the world was reset")),
    row("account list", "GET /worlds/{world}/accounts", "List the accounts", &[],
        Show::Table("accounts", &[("ACCOUNT", "/name"), ("UID", "/uid"), ("SITE", "/site"), ("STATUS", "/status"), ("REAL NAME", "/realName/status"), ("BALANCE", "/balance"), ("USERS", "/users"), ("KEYS", "/keys")])),
    row("account show", "GET /worlds/{world}/accounts/{ACCOUNT}", "Show an account", &[ACCOUNT_PATH], ACCOUNT),
    row("account create", "POST /worlds/{world}/accounts", "Register an account", &[
        required("NAME", Goes::Body("name"), "Name of the account"),
        optional("FIELD=VALUE", Goes::Fields, "Fields of `register` in docs/commands.md: email=a@b.example site=intl"),
    ], ACCOUNT),
    row("account verify", "DO certify", "Verify an account at once, as a person or an enterprise", &[
        ACCOUNT_FIELD,
        optional("FIELD=VALUE", Goes::Fields, "Fields of `certify` in docs/commands.md: subject=personal documentType=passport"),
    ], Show::Done),
    row("account unverify", "DO removeVerification", "Remove the verification of an account", &[ACCOUNT_FIELD], Show::Done),
    row("account suspend", "DO setState", "Disable an account: its keys are refused", &[ACCOUNT_FIELD, constant("status", "DISABLED"), FIELDS], Show::Done),
    row("account arrears", "DO setState", "Put an account in arrears", &[ACCOUNT_FIELD, constant("status", "ARREARS"), FIELDS], Show::Done),
    row("account shutdown", "DO setState", "Put an account in arrears and stop its services", &[ACCOUNT_FIELD, constant("status", "ARREARS_SHUTDOWN"), FIELDS], Show::Done),
    row("account resume", "DO setState", "Return an account to its normal state, without holds and debt", &[ACCOUNT_FIELD, constant("status", "NORMAL"), FIELDS], Show::Done),
    row("account set", "DO setState", "Set state, money and holds of an account", &[
        ACCOUNT_FIELD,
        required("FIELD=VALUE", Goes::Fields, "Fields of `setState` in docs/commands.md: status=ARREARS balance=-12.5"),
    ], Show::Done),
    row("account pay", "DO pay", "Add to the balance of an account", &[
        ACCOUNT_FIELD,
        required("AMOUNT", Goes::Body("amount"), "Amount; a negative one is taken from the balance"),
    ], Show::Done),
    row("account hold", "DO hold", "Put a hold on an account", &[ACCOUNT_FIELD, HOLD], Show::Done),
    row("account unhold", "DO liftHold", "Lift a hold", &[ACCOUNT_FIELD, HOLD], Show::Done),
    row("account close", "DO close", "Close an account", &[
        ACCOUNT_FIELD,
        optional("FIELD=VALUE", Goes::Fields, "Checks to waive: waive=[BALANCE]"),
    ], Show::Done),
    row("account keep", "DO stay", "Keep an account open during its silence period", &[ACCOUNT_FIELD], Show::Done),
    row("key list", "GET /worlds/{world}/accounts/{WHO}/access-keys", "List the keys of an account and its users, or of a user", &[OWNER],
        Show::Table("accessKeys", &[("ACCESSKEYID", "/accessKeyId"), ("USER", "/user"), ("STATUS", "/status"), ("LEAKED", "/leaked"), ("CREATED", "/created")])),
    row("key create", "POST /worlds/{world}/accounts/{WHO}/access-keys", "Create a key and print it with its secret", &[OWNER], Show::With(keys)),
    row("key disable", "DO disableKey", "Disable a key", &[KEY], Show::Done),
    row("key enable", "DO enableKey", "Enable a key", &[KEY], Show::Done),
    row("key leak", "DO leakKey", "Mark a key as leaked: many operations reject it", &[KEY], Show::Done),
    row("key unleak", "DO unleakKey", "Clear the `leaked` flag of a key", &[KEY], Show::Done),
    row("key delete", "DO deleteKey", "Delete a key", &[KEY], Show::Done),
    row("clock show", "GET /worlds/{world}/clock", "Show both clocks", &[], Show::With(clock)),
    row("clock advance", "POST /worlds/{world}/clock/advance", "Move the resource clock forward, and show what became due", &[
        required("SPAN", Goes::Body("by"), "Span: 30m, 2h"),
    ], Show::With(clock)),
    row("clock set", "PUT /worlds/{world}/clock", "Set a clock, or both", &[
        required("FIELD=VALUE", Goes::Fields, "resource=VALUE and gateway=VALUE: real, a time, a span ahead, or a speed"),
    ], Show::With(clock)),
];
