//! The first page: endpoint, credentials, snippets, worlds, latest requests.

use crate::console::pages::requests::table;
use crate::console::visit::{Shown, Visit, redirect};
use crate::control::{Signer, signers, variables};
use askama::Template;
use axum::response::Response;
use http::StatusCode;
use std::sync::Arc;

/// Code of a client in one language.
struct Snippet {
    id: &'static str,
    name: &'static str,
    code: String,
}

/// A world in the list.
struct WorldRow {
    name: String,
    page: String,
    endpoint: String,
    accounts: usize,
    requests: u64,
    is_here: bool,
}

#[derive(Template)]
#[template(path = "start.html")]
struct Page<'a> {
    v: &'a Visit<'a>,
    endpoint: String,
    keys: Vec<Signer>,
    environment: String,
    snippets: Vec<Snippet>,
    worlds: Vec<WorldRow>,
    latest: Option<String>,
    error: Option<String>,
    can_delete: bool,
}

/// Keys, worlds and requests on the page at most.
const SHOWN: usize = 10;

/// Leads a browser from `/` to the first page.
pub(crate) fn lead(v: &Visit<'_>) -> Shown {
    Ok(redirect(&v.at("/")))
}

/// Shows the page.
pub(crate) fn show(v: &Visit<'_>) -> Shown {
    Ok(page(v, StatusCode::OK, None))
}

/// Shows the page with the reason why a world was not changed.
pub(crate) fn rejected(v: &Visit<'_>, why: String) -> Response {
    page(v, StatusCode::UNPROCESSABLE_ENTITY, Some(why))
}

fn page(v: &Visit<'_>, status: StatusCode, error: Option<String>) -> Response {
    // The author will look at requests next.
    v.world.keep_states();
    let seed = v.world.seed_state();
    let keys = signers(&v.state, &seed).take(SHOWN).collect();
    let signer = crate::control::signer(&v.world, None).ok().flatten();
    let endpoint = v.control.endpoint_for(v.headers, &v.world, signer.as_ref());
    let all = variables(&endpoint, signer.as_ref(), None, true);
    let environment = all.iter().map(|(name, value)| format!("export {name}={value}\n")).collect();
    let here = v.world.name.as_str();
    let worlds = v.control.worlds.all().into_iter().take(SHOWN);
    let worlds = worlds
        .map(|world| {
            let name = world.name.as_str().to_owned();
            let page = format!("/_alimock/?world={}", crate::console::form::encoded(&name));
            WorldRow {
                page,
                endpoint: v.control.endpoint_for(v.headers, &world, None),
                accounts: world.state().accounts.len(),
                requests: world.journal.written(),
                is_here: name == here,
                name,
            }
        })
        .collect();
    let snippets = snippets(&endpoint, signer.as_ref());
    let can_delete = !Arc::ptr_eq(&v.world, v.control.worlds.default_world());
    let latest = table(v, SHOWN);
    let page = Page { v, endpoint, keys, environment, snippets, worlds, latest, error, can_delete };
    let recipes = [
        v.recipe("GET", "", ""),
        v.recipe("GET", "//worlds", ""),
        v.recipe("POST", "/reset", ""),
        v.recipe("POST", "//worlds?name=mine", ""),
        v.recipe("POST", "/fork?name=copy", ""),
        v.recipe("DELETE", "", ""),
    ];
    v.page_with(status, v.t.start_title, &page, &recipes)
}

fn snippets(endpoint: &str, signer: Option<&Signer>) -> Vec<Snippet> {
    let (id, secret) = signer.map_or(("AccessKeyId", "AccessKeySecret"), |one| (&*one.key, &*one.secret));
    let address = endpoint.trim_start_matches("http://");
    let fill = |code: &str| code.replace("$ID", id).replace("$SECRET", secret).replace("$ADDRESS", address);
    [
        ("python", "Python", PYTHON),
        ("node", "Node.js", NODE),
        ("go", "Go", GO),
        ("java", "Java", JAVA),
        ("terraform", "Terraform", TERRAFORM),
        ("cli", "aliyun CLI", CLI),
    ]
    .map(|(id, name, code)| Snippet { id, name, code: fill(code) })
    .into()
}

const PYTHON: &str = r#"from alibabacloud_ram20150501.client import Client
from alibabacloud_tea_openapi.models import Config

client = Client(Config(access_key_id="$ID", access_key_secret="$SECRET",
                       endpoint="$ADDRESS", protocol="http"))
print(client.get_account_alias().body)"#;
const NODE: &str = r#"const { default: Client } = require("@alicloud/ram20150501");
const { $OpenApiUtil } = require("@alicloud/openapi-core");

const client = new Client(new $OpenApiUtil.Config({
  accessKeyId: "$ID", accessKeySecret: "$SECRET", endpoint: "$ADDRESS", protocol: "http" }));
client.getAccountAlias().then((answer) => console.log(answer.body));"#;
const GO: &str = r#"client, err := ram.NewClient(&openapi.Config{
    AccessKeyId: tea.String("$ID"), AccessKeySecret: tea.String("$SECRET"),
    Endpoint: tea.String("$ADDRESS"), Protocol: tea.String("http"),
})
answer, err := client.GetAccountAlias()"#;
const JAVA: &str = r#"Client client = new Client(new Config()
    .setAccessKeyId("$ID").setAccessKeySecret("$SECRET")
    .setEndpoint("$ADDRESS").setProtocol("http"));
System.out.println(client.getAccountAlias().getBody().getAccountAlias());"#;
const TERRAFORM: &str = r#"provider "alicloud" {
  access_key = "$ID"
  secret_key = "$SECRET"
  region     = "cn-hangzhou"
  protocol   = "HTTP"
  endpoints {
    ram = "$ADDRESS"
    sts = "$ADDRESS"
  }
}"#;
const CLI: &str = r"aliyun ram GetAccountAlias --access-key-id $ID --access-key-secret $SECRET \
  --region cn-hangzhou --endpoint $ADDRESS --insecure";
