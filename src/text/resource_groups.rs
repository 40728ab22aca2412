//! Names of resource groups, and conditions of rules that move resources between them.

use crate::text::{Flaw, Scalar, covers, text};
use compact_str::CompactString;
use serde_json::Value;

text! {
    /// Name of a rule: 1 to 128 letters, digits, hyphens and underscores. UNCERTAIN: pages have examples with spaces, so alimock accepts
    /// them. Source: www.alibabacloud.com/help/en/resource-management/resource-group/user-guide/auto-group-of-custom-rules
    RuleName, 1..=128, |c| !c.is_control();

    /// Description of a rule: 1 to 512 characters. Source: as for [`RuleName`].
    RuleDescription, 1..=512, |_| true;
}

/// Declares texts that say by themselves what is wrong with them.
macro_rules! checked {
    ($($(#[$doc:meta])* $name:ident $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(CompactString);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Scalar for $name {
            fn parse(text: &str) -> Result<Self, Flaw> {
                let check: fn(&str) -> Option<Flaw> = $check;
                check(text).map_or_else(|| Ok(Self(text.into())), Err)
            }
        }
    )*};
}

checked! {
    /// Identifier of a resource group: 2 to 50 of `[A-Za-z0-9-]`, first a letter. Source: page of `CreateResourceGroup`; the Chinese page
    /// says 3 to 50.
    ResourceGroupName |text| match text.chars().count() {
        2..=50 => {
            let is_good = text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            (!is_good).then_some(Flaw::InvalidChars)
        }
        _ => Some(Flaw::Length),
    };

    /// Display name of a resource group: 1 to 50 characters. Source: page of `CreateResourceGroup`.
    ResourceGroupTitle |text| match text.chars().count() {
        1..=50 => text.contains(char::is_control).then_some(Flaw::Value),
        _ => Some(Flaw::Length),
    };

    /// Id of a resource group, `rg-` and letters, digits and hyphens. UNCERTAIN: at most 50 characters; ids of today have 18.
    ResourceGroupId |text| {
        let is_good = |rest: &str| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        (text.len() > 50 || !text.strip_prefix("rg-").is_some_and(is_good)).then_some(Flaw::Value)
    };
}

/// Condition on a resource, one JSON object: a comparison, or `children` joined by `and` or `or`.
///
/// Source: page of `CreateAutoGroupingRule`. UNCERTAIN: the operators beyond those of the page, and the form of lists.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupingCondition {
    text: CompactString,
    tree: Tree,
}

#[derive(Debug, Clone, PartialEq)]
enum Tree {
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Compare { path: CompactString, operator: Operator, desired: CompactString },
}

/// Comparison of a property with the expected value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals,
    EqualsAny,
    NotEqualsAll,
    Match,
    Tags,
}

/// Property with the resource group of a resource.
const GROUP: &str = "$.resourceGroupId";

impl GroupingCondition {
    /// The condition as sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns `true` if a resource meets the condition. `property` returns a property by its path, if the resource has it.
    pub fn holds(&self, property: &dyn Fn(&str) -> Option<String>) -> bool {
        self.tree.holds(property)
    }

    /// Returns the resource group that the condition names, if it names one and nothing else.
    pub fn target(&self) -> Option<&str> {
        self.tree.target()
    }
}

impl Tree {
    fn read(value: &Value) -> Option<Self> {
        let word = |name: &str| value.get(name).and_then(Value::as_str);
        if let Some(children) = value.get("children") {
            let children = children.as_array()?.iter().map(Self::read).collect::<Option<Vec<_>>>()?;
            return match word("operator")? {
                _ if children.is_empty() => None,
                "and" => Some(Self::All(children)),
                "or" => Some(Self::Any(children)),
                _ => None,
            };
        }
        let operator = match word("operator")? {
            "StringEquals" => Operator::Equals,
            "StringEqualsAny" => Operator::EqualsAny,
            "NotStringEqualsAll" => Operator::NotEqualsAll,
            "StringMatch" => Operator::Match,
            "TagMatchAll" => Operator::Tags,
            _ => return None,
        };
        let path = word("featurePath").filter(|path| path.starts_with("$."))?;
        let is_of_resource = word("featureSource").is_none_or(|source| source == "RESOURCE");
        let desired = match value.get("desired")? {
            Value::String(text) => text.as_str().into(),
            other => other.to_string().into(),
        };
        is_of_resource.then(|| Self::Compare { path: path.into(), operator, desired })
    }

    fn holds(&self, property: &dyn Fn(&str) -> Option<String>) -> bool {
        match self {
            Self::All(children) => children.iter().all(|child| child.holds(property)),
            Self::Any(children) => children.iter().any(|child| child.holds(property)),
            Self::Compare { path, operator, desired } => {
                let actual = property(path);
                let actual = actual.as_deref();
                match operator {
                    Operator::Equals => actual == Some(desired.as_str()),
                    Operator::EqualsAny => list(desired).iter().any(|one| actual == Some(one)),
                    Operator::NotEqualsAll => list(desired).iter().all(|one| actual != Some(one)),
                    Operator::Match => actual.is_some_and(|actual| {
                        covers(desired, actual)
                            || !desired.contains(['*', '?']) && actual.contains(desired.as_str())
                    }),
                    // No resource of alimock has tags that these rules see.
                    Operator::Tags => false,
                }
            }
        }
    }

    fn target(&self) -> Option<&str> {
        match self {
            Self::Compare { path, operator: Operator::Equals, desired } if path == GROUP => Some(desired),
            Self::All(children) | Self::Any(children) => match &children[..] {
                [only] => only.target(),
                _ => None,
            },
            Self::Compare { .. } => None,
        }
    }
}

/// Expected values: a JSON array of texts, or texts with commas between them.
fn list(desired: &str) -> Vec<String> {
    serde_json::from_str(desired).unwrap_or_else(|_| desired.split(',').map(str::to_owned).collect())
}

impl Scalar for GroupingCondition {
    fn parse(text: &str) -> Result<Self, Flaw> {
        let value: Value = serde_json::from_str(text).map_err(|_| Flaw::Value)?;
        Ok(Self { text: text.into(), tree: Tree::read(&value).ok_or(Flaw::Value)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(path: &str, operator: &str, desired: &str) -> String {
        format!(
            r#"{{"desired":"{desired}","featurePath":"$.{path}","featureSource":"RESOURCE","operator":"{operator}"}}"#
        )
    }

    fn holds(condition: &str) -> bool {
        let property = |path: &str| (path == "$.resourceName").then(|| "web-1".to_owned());
        GroupingCondition::parse(condition).unwrap().holds(&property)
    }

    #[test]
    fn a_condition_is_a_comparison_or_a_tree_of_them() {
        assert!(holds(&leaf("resourceName", "StringEquals", "web-1")));
        assert!(holds(&leaf("resourceName", "StringEqualsAny", "db-1,web-1")));
        assert!(!holds(&leaf("resourceName", "NotStringEqualsAll", "db-1,web-1")));
        assert!(
            holds(&leaf("resourceName", "StringMatch", "web-*"))
                && holds(&leaf("resourceName", "StringMatch", "eb"))
        );
        assert!(
            !holds(&leaf("vpcId", "StringEquals", "web-1")) && !holds(&leaf("tags", "TagMatchAll", "{}"))
        );
        let both = |word: &str| {
            let (good, bad) =
                (leaf("resourceName", "StringMatch", "web*"), leaf("resourceName", "StringEquals", "x"));
            format!(r#"{{"children":[{good},{bad}],"operator":"{word}"}}"#)
        };
        assert!(holds(&both("or")) && !holds(&both("and")));
        for bad in
            ["", "[]", "{}", r#"{"children":[],"operator":"and"}"#, &both("xor"), &leaf("a", "Nothing", "b")]
        {
            assert_eq!(GroupingCondition::parse(bad), Err(Flaw::Value), "{bad}");
        }
    }

    #[test]
    fn a_target_is_one_group() {
        let target = |text: &str| GroupingCondition::parse(text).unwrap().target().map(str::to_owned);
        let group = leaf("resourceGroupId", "StringEquals", "rg-1");
        assert_eq!(target(&group).as_deref(), Some("rg-1"));
        assert_eq!(target(&format!(r#"{{"children":[{group}],"operator":"and"}}"#)).as_deref(), Some("rg-1"));
        assert_eq!(target(&format!(r#"{{"children":[{group},{group}],"operator":"or"}}"#)), None);
        assert_eq!(target(&leaf("resourceName", "StringEquals", "rg-1")), None);
    }

    #[test]
    fn names_of_groups_begin_with_a_letter_and_ids_with_rg() {
        assert_eq!(ResourceGroupName::parse("1a").unwrap_err(), Flaw::InvalidChars);
        assert_eq!(ResourceGroupName::parse("a").unwrap_err(), Flaw::Length);
        assert!(ResourceGroupName::parse("my-project").is_ok());
        assert!(ResourceGroupId::parse("rg-acfm2sohr74abcd").is_ok());
        for bad in ["", "rg-", "rg", "1234567890123456", "rg-a b"] {
            assert_eq!(ResourceGroupId::parse(bad).unwrap_err(), Flaw::Value, "{bad}");
        }
    }
}
