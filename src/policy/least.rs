//! The least policy that allows given calls.

use crate::text::covers;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// Maximum number of resources that differ only in their last part. More of them become one pattern, because a policy has a maximum
/// length.
const MOST_SIBLINGS: usize = 10;

/// Returns the JSON of a policy that allows these actions on these resources: statements by product, actions with equal resources in one
/// statement.
pub fn least<'a>(needed: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut by_action = BTreeMap::<_, BTreeSet<_>>::new();
    for (action, resource) in needed {
        let is_arn = resource.starts_with("acs:");
        by_action.entry(action).or_default().insert(if is_arn { resource } else { "*" });
    }
    let mut statements = BTreeMap::<_, Vec<_>>::new();
    for (action, resources) in by_action {
        let product = action.split(':').next().unwrap_or_default();
        statements.entry((product, folded(&resources))).or_default().push(action);
    }
    let statement = |((_, resources), actions): ((&str, Vec<String>), Vec<&str>)| json!({"Effect": "Allow", "Action": actions, "Resource": resources});
    let statements: Vec<_> = statements.into_iter().map(statement).collect();
    let document = json!({"Version": "1", "Statement": statements});
    serde_json::to_string_pretty(&document).expect("a policy is plain data") + "\n"
}

/// Removes what another pattern covers, and makes one pattern of many siblings.
fn folded(resources: &BTreeSet<&str>) -> Vec<String> {
    let mut siblings = BTreeMap::<_, usize>::new();
    for parent in resources.iter().filter_map(|one| parent(one)) {
        *siblings.entry(parent).or_default() += 1;
    }
    let fold = |one: &&str| match parent(one).filter(|parent| siblings[parent] > MOST_SIBLINGS) {
        Some(parent) => format!("{parent}*"),
        None => (*one).to_owned(),
    };
    let patterns: BTreeSet<_> = resources.iter().map(fold).collect();
    let is_covered = |one: &String| patterns.iter().any(|other| other != one && covers(other, one));
    patterns.iter().filter(|one| !is_covered(one)).cloned().collect()
}

/// The part of an ARN before its last name: `acs:ram:*:*:user/`.
fn parent(arn: &str) -> Option<&str> {
    arn.rfind('/').map(|at| &arn[..=at])
}

#[cfg(test)]
mod tests {
    use super::least;
    use crate::policy::{Context, Document, Kind, Question, Verdict, basic};
    use serde_json::{Value, json};

    fn made(needed: &[(&str, &str)]) -> Value {
        let text = least(needed.iter().copied());
        let document = Document::parse(&text, Kind::Permission).unwrap();
        let context = Context::default();
        for (action, resource) in needed {
            assert_eq!(basic([&document], &Question::new(action, resource, &context)), Verdict::Allow);
        }
        serde_json::from_str::<Value>(&text).unwrap()["Statement"].clone()
    }

    #[test]
    fn actions_with_equal_resources_share_a_statement_and_a_pattern_replaces_what_it_covers() {
        let users = made(&[
            ("ram:ListUsers", "acs:ram:*:*:user/*"),
            ("ram:GetUser", "acs:ram:*:*:user/*"),
            ("ram:GetUser", "acs:ram:*:*:user/alice"),
            ("ecs:DescribeRegions", "*"),
        ]);

        let expected = json!([
            {"Effect": "Allow", "Action": ["ecs:DescribeRegions"], "Resource": ["*"]},
            {"Effect": "Allow", "Action": ["ram:GetUser", "ram:ListUsers"], "Resource": ["acs:ram:*:*:user/*"]},
        ]);
        assert_eq!(users, expected);
    }

    #[test]
    fn many_siblings_become_a_pattern_and_few_do_not() {
        let objects = |count: usize| (0..count).map(|n| format!("acs:oss:*:*:b/{n}")).collect::<Vec<_>>();
        let resources = |count: usize| {
            let objects = objects(count);
            let needed: Vec<_> = objects.iter().map(|one| ("oss:GetObject", one.as_str())).collect();
            made(&needed)[0]["Resource"].clone()
        };
        assert_eq!(resources(10), json!(objects(10).into_iter().collect::<Vec<_>>()));
        assert_eq!(resources(11), json!(["acs:oss:*:*:b/*"]));
    }
}
