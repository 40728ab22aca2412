//! Actions of requests that name none: a ROA request of the older generation has only a method and a path.
//!
//! `paths.txt` has a line for each product and version, and below it a method, a path and an action. A part in braces or `*`
//! stands for any text.
//!
//! Source: aliyun/alibaba-cloud-sdk-go (2026-02-11) and packages aliyun-python-sdk-cr 4.1.2, aliyun-python-sdk-ros 3.6.1,
//! aliyun-python-sdk-cs 4.8.1, alibabacloud-cs20151215 7.2.3, alibabacloud-fc-open20210406 2.0.12, alibabacloud-fc20230330 4.8.3.
//! If two of them name a path differently, the older name counts.

use crate::packed;
use std::collections::HashMap;
use std::sync::LazyLock;

struct Row {
    method: &'static str,
    parts: Vec<&'static str>,
    action: &'static str,
}

type Table = HashMap<(&'static str, &'static str), Vec<Row>>;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let text: &'static str = Box::leak(packed::unpacked(packed::PATHS).into_boxed_str());
    let mut table = Table::new();
    let mut product = ("", "");
    for line in text.lines() {
        match line.strip_prefix(' ') {
            None => product = line.split_once(' ').expect("a head has code and version"),
            Some(row) => {
                let mut words = row.split(' ');
                let mut word = || words.next().unwrap_or_default();
                let row = Row { method: word(), parts: parts(word()).collect(), action: word() };
                table.entry(product).or_default().push(row);
            }
        }
    }
    table
});

/// The parts of a path.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

fn is_any(part: &str) -> bool {
    part.starts_with(['{', '*'])
}

/// An action, and the parameters in its path.
#[derive(Debug, PartialEq, Eq)]
pub struct Found<'a> {
    /// The name.
    pub action: &'static str,
    /// Names and values, as sent.
    pub params: Vec<(&'static str, &'a str)>,
}

/// Returns the action of a method and a path. If several fit, the one with most literal parts.
pub fn action<'a>(product: &'static str, version: &str, method: &str, path: &'a str) -> Option<Found<'a>> {
    let rows = TABLE.iter().find(|((code, own), _)| *code == product && *own == version)?.1;
    let sent: Vec<&str> = parts(path).collect();
    let fits = |row: &&Row| {
        let mut pairs = row.parts.iter().zip(&sent);
        row.method == method
            && row.parts.len() == sent.len()
            && pairs.all(|(own, part)| is_any(own) || own == part)
    };
    let row =
        rows.iter().filter(fits).max_by_key(|row| row.parts.iter().filter(|part| !is_any(part)).count())?;
    let name = |part: &'static str| part.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.is_empty());
    let params = row.parts.iter().zip(sent).filter_map(|(own, part)| Some((name(own)?, part))).collect();
    Some(Found { action: row.action, params })
}

/// Returns the name of an action that no table has, by the rule of most products: `GetPermissionsUsers`. Policies are asked
/// about it. UNCERTAIN: the real names.
pub fn name_by_rule(method: &str, path: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    let words = path.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    capital(&method.to_ascii_lowercase()) + &words.map(capital).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_and_a_path_name_an_action() {
        for (product, version, method, path, expected) in [
            ("cr", "2016-06-07", "GET", "/tokens", "GetAuthorizationToken"),
            ("cr", "2016-06-07", "GET", "/tokens/", "GetAuthorizationToken"),
            ("cr", "2016-06-07", "GET", "/repos/team/app/tags", "GetRepoTags"),
            ("CS", "2015-12-15", "GET", "/k8s/c123/user_config", "DescribeClusterUserKubeconfig"),
            ("CS", "2015-12-15", "GET", "/clusters", "DescribeClusters"),
            ("CS", "2015-12-15", "GET", "/api/v1/clusters", "DescribeClustersV1"),
            ("CS", "2015-12-15", "DELETE", "/clusters/c1", "DeleteCluster"),
            ("ROS", "2015-09-01", "GET", "/stacks", "DescribeStacks"),
            ("FC", "2021-04-06", "GET", "/2021-04-06/services/a/functions", "ListFunctions"),
            ("FC", "2023-03-30", "POST", "/2023-03-30/functions/f/invocations", "InvokeFunction"),
        ] {
            let found = action(product, version, method, path);
            assert_eq!(found.map(|found| found.action), Some(expected), "{method} {path}");
        }
        assert_eq!(action("CS", "2015-12-15", "PATCH", "/tokens"), None);
        assert_eq!(action("CS", "2016-12-15", "GET", "/clusters"), None);
        let found = action("cr", "2016-06-07", "DELETE", "/repos/team/app").unwrap();
        assert_eq!(found.params, [("RepoNamespace", "team"), ("RepoName", "app")]);
    }

    #[test]
    fn other_paths_are_named_by_rule() {
        assert_eq!(name_by_rule("GET", "/permissions/users/1"), "GetPermissionsUsers");
        assert_eq!(name_by_rule("POST", "/"), "Post");
    }
}
