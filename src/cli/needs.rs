//! `alimock run --policy-out` and `--policy-check`: the permissions that the calls of a command need.

use crate::cli::{log, policy};
use crate::policy::{Context, Document, Question, Verdict, basic, least};
use crate::world::needs::{Need, Needs};
use clap::Args;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Options for the needs of a command.
#[derive(Args, Debug)]
pub(super) struct NeedsOptions {
    /// Write the least policy that allows the command's calls to this file
    #[arg(long, env = "ALIMOCK_POLICY_OUT", value_name = "FILE")]
    policy_out: Option<PathBuf>,
    /// Report the command's calls that the policy in this file would refuse, with exit code 3
    #[arg(long, env = "ALIMOCK_POLICY_CHECK", value_name = "FILE")]
    policy_check: Option<PathBuf>,
}

/// The recorder of a run, and the policy to check.
pub(super) struct Recording<'a> {
    options: &'a NeedsOptions,
    pub(super) needs: Option<&'static Needs>,
    policy: Option<Document>,
}

impl NeedsOptions {
    /// Reads the policy to check. Records only if a flag asks for it.
    pub(super) fn start(&self) -> Result<Recording<'_>, String> {
        let policy = self.policy_check.as_deref().map(policy::document).transpose()?;
        let is_wanted = self.policy_out.is_some() || policy.is_some();
        // The worlds keep it until the program ends.
        let needs = is_wanted.then(|| &*Box::leak(Box::default()));
        Ok(Recording { options: self, needs, policy })
    }
}

/// A need with the number of calls and the condition keys of the first one.
type Counted = (Need, usize, Context);

impl Recording<'_> {
    /// Writes the policies and reports refusals. Returns `false` if the policy to check refuses a call.
    pub(super) fn finish(&self) -> Result<bool, String> {
        let Some(needs) = self.needs else { return Ok(true) };
        let Some(first) = needs.first() else {
            log::say("policy: no call needs a permission\n");
            return Ok(true);
        };
        let (own, others): (Vec<_>, Vec<_>) =
            needs.all().into_iter().partition(|(need, ..)| need.who == first);
        if let Some(file) = &self.options.policy_out {
            write_policies(file, &own, &others)?;
        }
        let (Some(policy), Some(file)) = (&self.policy, &self.options.policy_check) else { return Ok(true) };
        let (text, refused) = check(policy, &own);
        let count: usize = own.iter().map(|(_, calls, _)| calls).sum();
        log::say(&format!(
            "{text}policy {}: refuses {refused} of {count} calls of {first}\n",
            file.display()
        ));
        for who in identities(&others) {
            log::say(&format!("policy {}: not for the calls of {who}\n", file.display()));
        }
        Ok(refused == 0)
    }
}

/// Writes a policy for the first identity, and one beside it for each other: `policy.role-ops.json`.
fn write_policies(file: &Path, own: &[Counted], others: &[Counted]) -> Result<(), String> {
    write(file, own)?;
    for who in identities(others) {
        let (stem, name) = (file.file_stem().unwrap_or_default(), short(who));
        let mut beside = format!("{}.{name}", stem.to_string_lossy());
        if let Some(end) = file.extension() {
            let _ = write!(beside, ".{}", end.to_string_lossy());
        }
        let needs: Vec<_> = others.iter().filter(|(need, ..)| need.who == who).cloned().collect();
        write(&file.with_file_name(beside), &needs)?;
    }
    Ok(())
}

fn write(file: &Path, needs: &[Counted]) -> Result<(), String> {
    let Some(text) = policy_for(needs) else { return Ok(()) };
    std::fs::write(file, text).map_err(|error| format!("cannot write `{}`: {error}", file.display()))?;
    log::say(&format!("policy written to {}: for {}\n", file.display(), needs[0].0.who));
    Ok(())
}

/// The least policy for needs of one identity. `None` if they need no permission.
fn policy_for(needs: &[Counted]) -> Option<String> {
    let mut pairs = Vec::new();
    for (need, ..) in needs.iter().filter(|(need, ..)| !need.is_free) {
        // The UID belongs to alimock; the policy is for another account.
        let uid = need.who.split(':').nth(3).filter(|uid| !uid.is_empty());
        let generic = |arn: &String| match uid {
            Some(uid) => arn.replacen(&format!(":{uid}:"), ":*:", 1),
            None => arn.clone(),
        };
        pairs.extend(need.resources.iter().map(|arn| (need.action.as_str(), generic(arn))));
    }
    (!pairs.is_empty()).then(|| least(pairs.iter().map(|(action, arn)| (*action, arn.as_str()))))
}

/// The least policy for the recorded calls of the identity whose ARN ends in `who`, by default of the first caller.
#[cfg(feature = "mcp")]
pub(super) fn least_policy(needs: &Needs, who: Option<&str>) -> Result<String, String> {
    let all = needs.all();
    let first = needs.first().ok_or("no call needs a permission yet")?;
    let who = match who {
        None => first,
        Some(end) => identities(&all).find(|arn| arn.ends_with(end)).map(Into::into).ok_or_else(|| {
            format!(
                "nobody with `{end}` has made a call; these have: {}",
                identities(&all).collect::<Vec<_>>().join(", ")
            )
        })?,
    };
    let own: Vec<_> = all.iter().filter(|(need, ..)| need.who == who).cloned().collect();
    policy_for(&own).ok_or_else(|| format!("the calls of {who} need no permission"))
}

/// ARNs of the identities, each once.
fn identities(needs: &[Counted]) -> impl Iterator<Item = &str> {
    // Needs are sorted by identity.
    needs.chunk_by(|(one, ..), (next, ..)| one.who == next.who).map(|chunk| chunk[0].0.who.as_str())
}

/// Part of an ARN that fits into the name of a file: `role-ops`.
fn short(arn: &str) -> String {
    let name = arn.rsplit(':').next().unwrap_or_default();
    name.chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '-' }).collect()
}

/// Returns a line for each need that the policy does not allow, and the number of refused calls.
fn check(policy: &Document, needs: &[Counted]) -> (String, usize) {
    let (mut out, mut refused) = (String::new(), 0);
    for (need, calls, context) in needs {
        let verdict = |arn: &String| basic([policy], &Question::new(&need.action, arn, context));
        let is_refused = |verdict: Verdict| match verdict {
            Verdict::Allow => false,
            Verdict::ImplicitDeny => !need.is_free,
            Verdict::ExplicitDeny => true,
        };
        let found = need.resources.iter().map(|arn| (arn, verdict(arn))).find(|(_, one)| is_refused(*one));
        if let Some((arn, verdict)) = found {
            let _ = writeln!(out, "refused {} on {arn}: {} (calls: {calls})", need.action, verdict.name());
            refused += calls;
        }
    }
    (out, refused)
}
