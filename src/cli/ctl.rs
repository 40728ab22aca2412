//! `alimock ctl`: calls the control API.

use crate::cli::client::{EndpointOption, nobody, send};
use crate::cli::{USAGE, fail, runtime, say};
use crate::control::calls;
use bytes::Bytes;
use clap::builder::BoolishValueParser;
use clap::{Args, ValueEnum};
use http::{Method, Response, Uri, header};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::process::ExitCode;
use std::time::Duration;

/// Maximum time until a response begins.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Args, Debug)]
pub(super) struct CtlOptions {
    #[command(flatten)]
    endpoint: EndpointOption,
    /// World for a path that does not start with a slash
    #[arg(long, env = "ALIMOCK_WORLD", default_value = "default", value_name = "WORLD")]
    world: String,
    /// List all calls, and call nothing
    #[arg(long, env = "ALIMOCK_LIST", value_parser = BoolishValueParser::new())]
    list: bool,
    /// HTTP method
    #[arg(value_enum, ignore_case = true, required_unless_present = "list")]
    method: Option<Verb>,
    /// Path: `/worlds`, or relative to the world: `clock/advance`. `--list` shows all
    #[arg(required_unless_present = "list")]
    path: Option<String>,
    /// Request body: text, - for standard input, or @FILE for a file
    body: Option<String>,
}

/// HTTP method of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
enum Verb {
    /// Read.
    Get,
    /// Create, or do.
    Post,
    /// Replace.
    Put,
    /// Change a part.
    Patch,
    /// Delete.
    Delete,
}

impl From<Verb> for Method {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Get => Self::GET,
            Verb::Post => Self::POST,
            Verb::Put => Self::PUT,
            Verb::Patch => Self::PATCH,
            Verb::Delete => Self::DELETE,
        }
    }
}

pub(super) fn run(options: &CtlOptions) -> ExitCode {
    let (false, Some(method), Some(short)) = (options.list, options.method, &options.path) else {
        let line = |[method, path, says]: [String; 3]| format!("{method:<6} {path:<64} {says}\n");
        return say(calls().into_iter().map(line).collect::<String>().as_bytes());
    };
    let path = full_path(&options.world, short);
    if let Err(error) = path.parse::<Uri>() {
        return fail(USAGE, &format!("`{short}` is not a valid path: {error}"));
    }
    let body = match options.body.as_deref().map(read).transpose() {
        Ok(body) => body.unwrap_or_default(),
        Err(message) => return fail(USAGE, &message),
    };
    call(&options.endpoint, method.into(), &path, body)
}

/// Calls the control API, and prints the answer.
pub(super) fn call(endpoint: &EndpointOption, method: Method, path: &str, body: Bytes) -> ExitCode {
    let done = runtime().block_on(async {
        let url = endpoint.url();
        let answer = tokio::time::timeout(PATIENCE, send(url, endpoint.token(), method, path, body));
        let answer = answer.await.unwrap_or_else(|_| Err("no response in time".to_owned()));
        print(answer.map_err(|error| nobody(url, &error))?).await
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(1, &message),
    }
}

/// Path to send: below `/_alimock`, and below the world unless it starts with a slash.
fn full_path(world: &str, path: &str) -> String {
    match path.strip_prefix('/') {
        Some(_) if path.starts_with("/_alimock/") => path.to_owned(),
        Some(_) => format!("/_alimock{path}"),
        None => format!("/_alimock/worlds/{world}/{path}"),
    }
}

fn read(body: &str) -> Result<Bytes, String> {
    let mut bytes = Vec::new();
    match body.strip_prefix('@') {
        Some(file) => std::fs::File::open(file)
            .and_then(|mut file| file.read_to_end(&mut bytes))
            .map_err(|error| format!("cannot read `{file}`: {error}"))?,
        None if body == "-" => std::io::stdin()
            .read_to_end(&mut bytes)
            .map_err(|error| format!("cannot read standard input: {error}"))?,
        None => return Ok(Bytes::from(body.to_owned())),
    };
    Ok(bytes.into())
}

/// Calls the control API, and returns the body of the answer or the error text.
pub(super) async fn answer(
    endpoint: &EndpointOption,
    method: Method,
    path: &str,
    body: Bytes,
) -> Result<Bytes, String> {
    let url = endpoint.url();
    let sent = tokio::time::timeout(PATIENCE, send(url, endpoint.token(), method, path, body)).await;
    let sent = sent.unwrap_or_else(|_| Err("no response in time".to_owned()));
    whole(good(sent.map_err(|error| nobody(url, &error))?).await?).await
}

/// Returns a successful response, or the error text of another one.
pub(super) async fn good(answer: Response<Incoming>) -> Result<Response<Incoming>, String> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    let body = whole(answer).await?;
    Err(refusal(&body).unwrap_or_else(|| format!("{status}: {}", String::from_utf8_lossy(&body))))
}

/// Returns the next bytes of a response; `None` at its end.
pub(super) async fn next(answer: &mut Response<Incoming>) -> Result<Option<Bytes>, String> {
    while let Some(frame) = answer.body_mut().frame().await {
        if let Ok(data) = frame.map_err(|error| lost(&error))?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

async fn whole(answer: Response<Incoming>) -> Result<Bytes, String> {
    Ok(answer.into_body().collect().await.map_err(|error| lost(&error))?.to_bytes())
}

fn lost(error: &hyper::Error) -> String {
    format!("the connection closed before the end of the response: {error}")
}

/// Prints a response, or returns the error text.
async fn print(answer: Response<Incoming>) -> Result<(), String> {
    let mut answer = good(answer).await?;
    let is_events =
        answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
    if is_events {
        while let Some(data) = next(&mut answer).await? {
            if write(&data)? == Reader::Gone {
                break;
            }
        }
        return Ok(());
    }
    let body = whole(answer).await?;
    let pretty = std::io::stdout().is_terminal().then(|| pretty(&body)).flatten();
    write(pretty.as_deref().unwrap_or(&body)).map(|_| ())
}

/// The reader of standard output.
#[derive(PartialEq, Eq)]
pub(super) enum Reader {
    Reads,
    /// It closed the pipe (`| head`). This is not a failure.
    Gone,
}

/// Writes to standard output at once.
pub(super) fn write(bytes: &[u8]) -> Result<Reader, String> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(Reader::Reads),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Reader::Gone),
        Err(error) => Err(format!("cannot write to standard output: {error}")),
    }
}

/// Indents JSON and keeps the order of the fields; a `Value` would sort them.
fn pretty(body: &[u8]) -> Option<Vec<u8>> {
    serde_json::from_slice::<IgnoredAny>(body).ok()?;
    let (mut out, mut depth, mut in_text, mut is_escaped) = (Vec::new(), 0, false, false);
    let line = |out: &mut Vec<u8>, depth: usize| {
        out.push(b'\n');
        out.resize(out.len() + 2 * depth, b' ');
    };
    for &byte in body {
        if in_text {
            out.push(byte);
            in_text = byte != b'"' || is_escaped;
            is_escaped = byte == b'\\' && !is_escaped;
            continue;
        }
        let is_first = matches!(out.iter().rfind(|byte| !byte.is_ascii_whitespace()), Some(b'{' | b'['));
        match byte {
            _ if byte.is_ascii_whitespace() => {}
            b'}' | b']' => {
                depth -= 1;
                if !is_first {
                    line(&mut out, depth);
                }
                out.push(byte);
            }
            _ => {
                if is_first {
                    line(&mut out, depth);
                }
                out.push(byte);
                match byte {
                    b'{' | b'[' => depth += 1,
                    b',' => line(&mut out, depth),
                    b':' => out.push(b' '),
                    _ => in_text = byte == b'"',
                }
            }
        }
    }
    out.push(b'\n');
    Some(out)
}

/// Error message of the control API, with its hint.
fn refusal(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Refused {
        error: Inner,
    }
    #[derive(Deserialize)]
    struct Inner {
        message: String,
        hint: Option<String>,
    }
    let Refused { error } = serde_json::from_slice(body).ok()?;
    let hint = error.hint.map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    Some(error.message + &hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_about_the_world_unless_it_begins_with_a_slash() {
        for (path, full) in [
            ("clock/advance", "/_alimock/worlds/w/clock/advance"),
            ("requests?limit=1", "/_alimock/worlds/w/requests?limit=1"),
            ("/worlds", "/_alimock/worlds"),
            ("/_alimock/worlds", "/_alimock/worlds"),
        ] {
            assert_eq!(full_path("w", path), full);
        }
    }

    #[test]
    fn a_terminal_gets_json_with_its_fields_in_their_order() {
        let text = pretty(br#"{"b":[1,{"c":"\"{, }\\"}], "a":[],"d":{}}"#).unwrap();
        let expected = r#"{
  "b": [
    1,
    {
      "c": "\"{, }\\"
    }
  ],
  "a": [],
  "d": {}
}
"#;
        assert_eq!(String::from_utf8(text).unwrap(), expected);
        assert_eq!(pretty(b"<xml/>"), None);
    }
}
