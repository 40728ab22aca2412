//! Actions of requests that name none: a ROA request of the older generation has only a method and a path.
//!
//! `roa.txt` has a line for each product and version, and below it a method, a path and an action. A part in braces or `*`
//! stands for any text.
//!
//! Source: aliyun/alibaba-cloud-sdk-go (2026-02-11) and packages aliyun-python-sdk-cr 4.1.2, aliyun-python-sdk-ros 3.6.1,
//! aliyun-python-sdk-cs 4.8.1, alibabacloud-cs20151215 7.2.3, alibabacloud-fc-open20210406 2.0.12, alibabacloud-fc20230330 4.8.3.
//! If two of them name a path differently, the older name counts.

use crate::packed;
use crate::services::{Meaning, Paths};
use std::collections::HashMap;
use std::sync::LazyLock;

type Table = HashMap<(&'static str, &'static str), Paths>;

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let text: &'static str = Box::leak(packed::unpacked(packed::ROA).into_boxed_str());
    let mut rows = HashMap::<_, Vec<_>>::new();
    let mut product = ("", "");
    for line in text.lines() {
        match line.strip_prefix(' ') {
            None => product = line.split_once(' ').expect("a head has code and version"),
            Some(row) => rows.entry(product).or_default().push(row),
        }
    }
    rows.into_iter().map(|(product, rows)| (product, Paths::of_lines(rows.into_iter()))).collect()
});

/// Returns the action of a method and a path.
pub fn action<'a>(product: &'static str, version: &str, method: &str, path: &'a str) -> Option<Meaning<'a>> {
    let paths = TABLE.iter().find(|((code, own), _)| *code == product && *own == version)?.1;
    paths.meaning(method, path, |_| None)
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
