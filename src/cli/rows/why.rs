//! `alimock why`: a request, the reason of its outcome, and what to do.

use crate::cli::rows::show::safe;
use serde_json::Value;
use std::fmt::Write;

/// Characters on each side of the first difference.
const AROUND: usize = 40;

/// Parameters that are shown otherwise, or that say nothing to people.
const FRAME: [&str; 7] =
    ["AccessKeyId", "Action", "Version", "Format", "Signature", "SignatureMethod", "SignatureVersion"];

/// Styles of a terminal.
struct Paint {
    strong: &'static str,
    good: &'static str,
    bad: &'static str,
    plain: &'static str,
}

const COLOURED: Paint = Paint { strong: "\x1b[1m", good: "\x1b[32m", bad: "\x1b[1;31m", plain: "\x1b[0m" };
const UNCOLOURED: Paint = Paint { strong: "", good: "", bad: "", plain: "" };

/// Returns the explanation of a request as text.
pub(super) fn shown(answer: &Value, is_coloured: bool) -> String {
    let paint = if is_coloured { COLOURED } else { UNCOLOURED };
    let mut out = String::new();
    let record = &answer["request"];
    if record.is_object() {
        head(&mut out, record, &paint);
        signature(&mut out, &record["signature"], &paint);
        permission(&mut out, answer, &paint);
        cause(&mut out, answer, &paint);
    } else {
        out.push_str("no refused call\n");
    }
    let advice: Vec<_> =
        answer["advice"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !advice.is_empty() {
        title(&mut out, "to do", &paint);
        for step in advice {
            let _ = writeln!(out, "  {}", safe(step));
        }
    }
    out
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn title(out: &mut String, name: &str, paint: &Paint) {
    let _ = writeln!(out, "\n{}{name}{}", paint.strong, paint.plain);
}

fn head(out: &mut String, record: &Value, paint: &Paint) {
    let is_refused = record["code"].is_string();
    let (colour, outcome) = if is_refused { (paint.bad, "refused") } else { (paint.good, "answered") };
    let operation = crate::world::journal::operation(
        record["product"].as_str(),
        text(record, "action"),
        text(record, "path"),
    );
    let at = record["step"].as_str().map(|step| format!(" at the step `{step}`")).unwrap_or_default();
    let (plain, status, who) = (paint.plain, &record["status"], safe(text(record, "who")));
    let _ = writeln!(out, "{colour}{status} {}{plain} by {who}: {outcome}{at}", safe(&operation));
    if is_refused {
        let (code, message) = (safe(text(record, "code")), safe(text(record, "message")));
        let _ = writeln!(out, "{colour}{code}{plain}: {message}");
    }
    title(out, "request", paint);
    let mut line = |name: &str, value: String| _ = writeln!(out, "  {name:<10}  {value}");
    line("id", safe(text(record, "requestId")));
    line("time", format!("{} (gateway clock)", safe(text(record, "gatewayAt"))));
    let [method, path, host, style, version] =
        ["method", "path", "host", "style", "version"].map(|name| safe(text(record, name)));
    line("sent", format!("{method} {path} to {host} as {style}, version {version}"));
    if let Some(key) = record["accessKeyId"].as_str() {
        line("key", safe(key));
    }
    let parameters = record["params"].as_array().into_iter().flatten();
    for parameter in parameters.filter(|one| !FRAME.contains(&text(one, "name"))) {
        line("parameter", format!("{}={}", safe(text(parameter, "name")), safe(text(parameter, "value"))));
    }
    for unseen in record["unseen"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        line("not seen", safe(unseen));
    }
}

/// The texts that server and client signed, and the place where they begin to differ.
fn signature(out: &mut String, signature: &Value, paint: &Paint) {
    let Some(server) = signature["server"].as_str() else { return };
    title(out, "signature", paint);
    let _ = writeln!(out, "  {}{}{}", paint.bad, safe(text(signature, "cause")), paint.plain);
    let block = |out: &mut String, name: &str, text: &str| {
        let _ = writeln!(out, "  {name}");
        text.split('\n').for_each(|line| _ = writeln!(out, "    {}", safe(line)));
    };
    block(out, "text that the server signs:", server);
    let Some(client) = signature["client"].as_str() else { return };
    block(out, "text that the client signed:", client);
    let Some(byte) = signature["firstDifference"].as_u64().and_then(|byte| usize::try_from(byte).ok()) else {
        return;
    };
    let _ = writeln!(out, "  first difference, at byte {byte}:");
    let (of_server, indent) = window(server, byte);
    let (of_client, _) = window(client, byte);
    let _ = writeln!(out, "    server  {of_server}\n    client  {of_client}");
    let _ = writeln!(out, "            {:indent$}{}^{}", "", paint.bad, paint.plain);
}

/// The part of a line around a byte, and the number of characters before it.
fn window(text: &str, byte: usize) -> (String, usize) {
    let byte = text.floor_char_boundary(byte);
    let (before, after) = text.split_at(byte);
    let before = before.rsplit('\n').next().unwrap_or_default();
    let after = after.split('\n').next().unwrap_or_default();
    let skipped = before.chars().count().saturating_sub(AROUND);
    let mut start: String = if skipped > 0 { "...".to_owned() } else { String::new() };
    start.push_str(&safe(&before.chars().skip(skipped).collect::<String>()));
    let end = if after.chars().count() > AROUND { "..." } else { "" };
    let end = safe(&after.chars().take(AROUND).collect::<String>()) + end;
    (format!("{start}{end}"), start.chars().count())
}

/// The decision, and each statement of the caller.
fn permission(out: &mut String, answer: &Value, paint: &Paint) {
    let decision = &answer["request"]["decision"];
    let Some(is_allowed) = decision["allowed"].as_bool() else { return };
    title(out, "permission", paint);
    let colour = if is_allowed { paint.good } else { paint.bad };
    let _ = writeln!(out, "  {colour}{}{}", safe(text(decision, "reason")), paint.plain);
    if decision["action"].is_string() {
        let [action, resource] = ["action", "resource"].map(|name| safe(text(decision, name)));
        let _ = writeln!(out, "  {action} on {resource}");
    }
    let now = &answer["permission"];
    let Some(statements) = now["statements"].as_array() else { return };
    if now["decision"]["allowed"] != decision["allowed"] {
        let _ = writeln!(out, "  by the policies of now: {}", safe(text(&now["decision"], "reason")));
    }
    if statements.is_empty() {
        out.push_str("  the caller has no policy\n");
    }
    for one in statements {
        let applies = one["applies"] == true;
        let colour = match (applies, text(one, "effect")) {
            (false, _) => "",
            (true, "Allow") => paint.good,
            (true, _) => paint.bad,
        };
        let name = one["policy"]["policy"].as_str().unwrap_or_else(|| text(one, "policyType"));
        let [effect, why] = ["effect", "why"].map(|name| safe(text(one, name)));
        let plain = if applies { paint.plain } else { "" };
        let _ = writeln!(
            out,
            "  {colour}{effect:<5}{plain} {}, statement {}: {why}",
            safe(name),
            one["statement"]
        );
    }
}

/// The requirement of a gate that is not met, rules, and what the client was not told.
fn cause(out: &mut String, answer: &Value, paint: &Paint) {
    let record = &answer["request"];
    if let Some(unmet) = record["unmet"].as_str() {
        title(out, "gate", paint);
        let _ = writeln!(out, "  the account does not meet `{}`", safe(unmet));
    } else if let Some(note) = record["note"].as_str()
        && !record["signature"].is_object()
    {
        title(out, "cause", paint);
        let _ = writeln!(out, "  {}", safe(note));
    }
    let faults = record["faults"].as_array().map_or(&[][..], Vec::as_slice);
    if !faults.is_empty() {
        title(out, "rules", paint);
    }
    for fault in faults {
        let rule = answer["rules"].as_array().into_iter().flatten().find(|rule| rule["id"] == fault["id"]);
        let rule = rule.map_or("it is not there any more".to_owned(), |rule| {
            safe(&format!("match {}, do {}", rule["match"], rule["do"]))
        });
        let _ =
            writeln!(out, "  `{}`, call {} that it matched: {rule}", safe(text(fault, "name")), fault["hit"]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_a_part_of_one_line() {
        assert_eq!(window("GET\na=1&b=2\nx", 8), ("a=1&b=2".to_owned(), 4));
        let (shown, indent) = window(&"é".repeat(100), 101);
        assert_eq!((shown.chars().count(), indent), (86, 43));
        assert_eq!(window("ab", 9), ("ab".to_owned(), 2));
    }
}
