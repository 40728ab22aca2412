//! Calls of the control API that do what a page does: "do this from a test".

use crate::control::Control;
use crate::world::World;
use http::HeaderMap;

/// One call in three notations.
pub(crate) struct Recipe {
    /// Method and path, as docs/control-api.md names them.
    pub(crate) call: String,
    /// For a shell.
    pub(crate) curl: String,
    /// The command of alimock.
    pub(crate) alimock: String,
    /// For Python, without packages.
    pub(crate) python: String,
}

impl Recipe {
    /// Writes a call. `path` is below the world, or below `/_alimock` if it begins with `//`.
    pub(crate) fn new(
        control: &Control,
        headers: &HeaderMap,
        world: &World,
        method: &'static str,
        path: &str,
        body: &str,
    ) -> Self {
        let endpoint = control.reached(headers);
        let path = match path.strip_prefix('/').filter(|rest| rest.starts_with('/')) {
            Some(path) => path.to_owned(),
            None => format!("/worlds/{}{path}", world.name.as_str()),
        };
        let url = format!("{endpoint}/_alimock{path}");
        let has_token = control.access.pass().is_some();
        let (mut curl, mut alimock) = ("curl".to_owned(), format!("alimock ctl {method} '{path}'"));
        if method != "GET" {
            curl += &format!(" -X {method}");
        }
        if has_token {
            curl += " -H \"Authorization: Bearer $ALIMOCK_CONTROL_TOKEN\"";
        }
        curl += &format!(" '{url}'");
        let mut python = String::from("import json, os, urllib.request\n");
        let mut data = "None".to_owned();
        if !body.is_empty() {
            let quoted = body.replace('\'', "'\\''");
            curl += &format!(" -d '{quoted}'");
            alimock += &format!(" '{quoted}'");
            data = format!("{}.encode()", serde_json::to_string(body).unwrap_or_default());
        }
        let header = if has_token {
            ", headers={\"Authorization\": \"Bearer \" + os.environ[\"ALIMOCK_CONTROL_TOKEN\"]}"
        } else {
            ""
        };
        python += &format!(
            "request = urllib.request.Request(\"{url}\", data={data}, method=\"{method}\"{header})\n\
             with urllib.request.urlopen(request) as response:\n    print(response.read().decode())"
        );
        Self { call: format!("{method} {path}"), curl, alimock, python }
    }
}
