//! `alimock mcp`: a server of the Model Context Protocol on standard input and output, for coding agents.
//!
//! It starts an emulator on a free port of 127.0.0.1. Each tool is one call of its control API, but for two: the check of a scenario
//! and the least policy.
//! Source: the specification, modelcontextprotocol.io, 2025-06-18, "Tools".

use crate::cli::chains::encoded;
use crate::cli::client::{exchange, reason};
use crate::cli::needs::least_policy;
use crate::cli::options::{SeedOptions, is_text};
use crate::cli::{USAGE, fail, runtime};
use crate::scenario::Scenario;
use crate::server::Server;
use crate::world::needs::Needs;
use bytes::Bytes;
use clap::Args;
use http::Method;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ErrorData, Implementation,
    JsonObject, ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer, ServiceExt};
use serde_json::{Map, Value, json};
use std::process::ExitCode;
use std::sync::Arc;

/// Instructions that an agent reads before it uses the tools.
const INSTRUCTIONS: &str = "alimock behaves like the account services of Alibaba Cloud, offline. Start a world for each test; point the \
    SDK at its endpoint with its credentials (`env`); when a call is refused, ask `why` before changing code.";

#[derive(Args, Debug)]
pub(super) struct McpOptions {
    #[command(flatten)]
    seed: SeedOptions,
}

/// Runs until the client closes standard input.
pub(super) fn run(options: &McpOptions) -> ExitCode {
    let scenario = match options.seed.scenario() {
        Ok(scenario) => scenario,
        Err(message) => return fail(USAGE, &message),
    };
    // The worlds keep it until the program ends.
    let needs: &'static Needs = Box::leak(Box::default());
    let done = runtime().block_on(async {
        let mut config = options.seed.config(&[([127, 0, 0, 1], 0).into()]);
        config.worlds.needs = Some(needs);
        let server = Server::start(config, scenario).await.map_err(|error| error.to_string())?;
        let tools = Tools { endpoint: server.endpoint().to_owned(), needs };
        tokio::spawn(server.run(std::future::pending()));
        let service = tools.serve(rmcp::transport::stdio()).await.map_err(|error| error.to_string())?;
        service.waiting().await.map_err(|error| error.to_string())
    });
    match done {
        Ok(_) => ExitCode::SUCCESS,
        Err(message) => fail(1, &message),
    }
}

/// A field of a tool: its name, JSON type, description. Names that end in `?` are optional.
type Field = (&'static str, &'static str, &'static str);

/// A tool: name, description, fields.
type Row = (&'static str, &'static str, &'static [Field]);

const WORLD: Field = ("world?", "string", "name of the world; default `default`");

const ROWS: [Row; 8] = [
    (
        "start_world",
        "Starts an isolated world for a test. Returns its endpoint, the variables for a client (env), and its accounts with keys.",
        &[
            ("scenario?", "string", "name of a built-in scenario, or the text of one in YAML"),
            ("name?", "string", "name of the world"),
            ("as?", "string", "account, or account/user, whose credentials `env` has"),
        ],
    ),
    (
        "refused_calls",
        "Lists the last refused calls of a world with their reasons.",
        &[WORLD, ("last?", "integer", "maximum number of calls; default 20")],
    ),
    (
        "why",
        "Explains a call: signature, policies, gate, rules, and what to do. Without an id: the last refused call.",
        &[WORLD, ("request?", "string", "id of the request")],
    ),
    (
        "explain",
        "Explains if an account, user or role may do an action, statement by statement.",
        &[
            WORLD,
            ("account", "string", "account, or account/user"),
            ("role?", "string", "role of the account, in place of a user"),
            ("action", "string", "action, such as `ram:CreateUser`"),
            ("resource?", "string", "ARN of the resource; default `*`"),
        ],
    ),
    (
        "check_scenario",
        "Checks the text of a scenario file. Returns the mistakes with their lines, or `ok`.",
        &[("text", "string", "the scenario in YAML")],
    ),
    (
        "add_rule",
        "Adds a fault rule to a world: which calls it matches, when, and what it does. See the JSON Schema of scenario files, `faults`.",
        &[
            WORLD,
            (
                "rule",
                "object",
                "for example {\"match\": {\"action\": \"ListUsers\"}, \"do\": {\"error\": {\"code\": \"Throttling.User\"}}}",
            ),
        ],
    ),
    (
        "advance_clock",
        "Moves the resource clock of a world forward, so that sessions expire and reviews end. Returns what fell due.",
        &[WORLD, ("by", "string", "span such as `30m` or `2h`")],
    ),
    (
        "least_policy",
        "Returns the least RAM policy for the calls that one identity has made so far in all worlds.",
        &[("who?", "string", "end of its ARN, such as `user/dev`; default: the first caller")],
    ),
];

/// A tool as the protocol describes it.
fn described((name, about, fields): &Row) -> Tool {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (field, kind, about) in *fields {
        let (name, is_optional) = field.strip_suffix('?').map_or((*field, false), |name| (name, true));
        properties.insert(name.to_owned(), json!({"type": kind, "description": about}));
        if !is_optional {
            required.push(name);
        }
    }
    let schema = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let Value::Object(schema) = schema else { unreachable!("it is written as an object") };
    Tool::new(*name, *about, Arc::new(schema))
}

struct Tools {
    endpoint: String,
    needs: &'static Needs,
}

/// Arguments of a call.
struct Arguments(JsonObject);

impl Arguments {
    /// Checks names and types.
    fn of((tool, _, fields): &Row, given: JsonObject) -> Result<Self, String> {
        let known = |name: &str| fields.iter().find(|(field, ..)| field.trim_end_matches('?') == name);
        for (name, value) in &given {
            let Some((_, kind, _)) = known(name) else {
                return Err(format!("{tool} has no argument `{name}`"));
            };
            let is_good = match *kind {
                "string" => value.is_string(),
                "integer" => value.is_u64(),
                _ => value.is_object(),
            };
            if !is_good {
                return Err(format!("`{name}` is not of type {kind}"));
            }
        }
        match fields.iter().find(|(field, ..)| !field.ends_with('?') && !given.contains_key(*field)) {
            Some((missing, ..)) => Err(format!("{tool} needs the argument `{missing}`")),
            None => Ok(Self(given)),
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    fn world(&self) -> String {
        format!("/worlds/{}", encoded(self.text("world").unwrap_or("default")))
    }
}

impl Tools {
    async fn run(&self, tool: &str, given: JsonObject) -> Result<String, String> {
        let row = ROWS
            .iter()
            .find(|(name, ..)| *name == tool)
            .ok_or_else(|| format!("there is no tool `{tool}`"))?;
        let arguments = Arguments::of(row, given)?;
        let world = arguments.world();
        match tool {
            "start_world" => {
                let mut path = "/worlds?listen=127.0.0.1:0".to_owned();
                let mut body = String::new();
                match arguments.text("scenario") {
                    Some(text) if is_text(text) => text.clone_into(&mut body),
                    Some(name) => path += &format!("&scenario={}", encoded(name)),
                    None => {}
                }
                for name in ["name", "as"] {
                    if let Some(value) = arguments.text(name) {
                        path += &format!("&{name}={}", encoded(value));
                    }
                }
                self.call(Method::POST, &path, body).await
            }
            "refused_calls" => {
                let last = arguments.0.get("last").and_then(Value::as_u64).unwrap_or(20);
                self.call(Method::GET, &format!("{world}/requests?refused=true&last={last}"), String::new())
                    .await
            }
            "why" => {
                let request = arguments.text("request").map(|id| format!("?request={}", encoded(id)));
                self.call(Method::GET, &format!("{world}/why{}", request.unwrap_or_default()), String::new())
                    .await
            }
            "explain" => {
                let mut question = arguments.0;
                question.remove("world");
                self.call(Method::POST, &format!("{world}/explain"), Value::Object(question).to_string())
                    .await
            }
            "check_scenario" => match Scenario::parse(arguments.text("text").unwrap_or_default()) {
                Ok(_) => Ok("ok".to_owned()),
                Err(problems) => Err(problems.shown(None, false)),
            },
            "add_rule" => {
                self.call(Method::POST, &format!("{world}/faults"), arguments.0["rule"].to_string()).await
            }
            "advance_clock" => {
                let body = json!({"by": arguments.text("by")}).to_string();
                self.call(Method::POST, &format!("{world}/clock/advance"), body).await
            }
            _ => least_policy(self.needs, arguments.text("who")),
        }
    }

    /// Calls the control API. Returns the body of the answer, or the reason of a refusal.
    async fn call(&self, method: Method, path: &str, body: String) -> Result<String, String> {
        let path = format!("/_alimock{path}");
        let (status, body) = exchange(&self.endpoint, None, method, &path, Bytes::from(body)).await?;
        if status < 300 { Ok(String::from_utf8_lossy(&body).into_owned()) } else { Err(reason(&body)) }
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let mut info = ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        info.server_info = Implementation::new("alimock", env!("CARGO_PKG_VERSION"));
        info.instructions = Some(INSTRUCTIONS.to_owned());
        info
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(ROWS.iter().map(described).collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let said = self.run(&request.name, request.arguments.unwrap_or_default()).await;
        Ok(match said {
            Ok(text) => CallToolResult::success(vec![ContentBlock::text(text)]),
            // An error of a tool is shown to the model, which can correct its call.
            Err(message) => CallToolResult::error(vec![ContentBlock::text(message)]),
        }
        .into())
    }
}
