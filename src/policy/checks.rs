//! Checks of a policy document: one row for each error. The API, the check of scenarios and every other reader use these rows.
//! Source: docs/evidence/policy.md section 1.

/// An error of the official policy check.
#[derive(Debug, PartialEq, Eq)]
pub struct Check {
    /// Error code of the official check.
    pub id: &'static str,
    /// Message of `MalformedPolicyDocument`; each `{}` stands for what is wrong.
    pub text: &'static str,
    /// Grade of the text: `C` seen in an answer, `P` on an official page, `I` inferred.
    pub grade: char,
}

/// A mistake in a policy; its text is the message of `MalformedPolicyDocument`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Malformed {
    /// The check that failed.
    pub check: &'static Check,
    /// Message.
    pub text: String,
    /// Names of fields and numbers of items that lead to the mistake, from the outermost on.
    pub path: Vec<String>,
}

impl Malformed {
    /// Returns the mistake as one in this field or item.
    pub(super) fn within(mut self, step: impl ToString) -> Self {
        self.path.insert(0, step.to_string());
        self
    }
}

impl Check {
    /// Returns the error about `what`.
    pub(super) fn about<const N: usize>(&'static self, what: [&str; N]) -> Malformed {
        let text = what.iter().fold(self.text.to_owned(), |text, one| text.replacen("{}", one, 1));
        Malformed { check: self, text, path: Vec::new() }
    }

    /// Returns the error.
    pub(super) fn found(&'static self) -> Malformed {
        self.about([])
    }
}

const fn check(id: &'static str, grade: char, text: &'static str) -> Check {
    Check { id, text, grade }
}

// The codes are those of the official check. Its one text that was seen in an answer (Missing action), and the Chinese solutions on its
// page, are those of AWS Access Analyzer with the words of RAM: the other texts follow that pattern.

pub(super) static JSON_SYNTAX: Check =
    check("Json syntax error", 'I', "Fix the JSON syntax error at line {} column {}.");
pub(super) static DATA_TYPE: Check = check(
    "Data type mismatch",
    'I',
    "The value of the field {} does not match the expected JSON data type {}.",
);
// Seen in 2022 for a missing element, before the policy check existed.
pub(super) static MISSING_VERSION: Check =
    check("Missing version", 'C', "The policy document is invalid. apsara::AnyCast: can't cast from v to Ss");
pub(super) static VERSION: Check =
    check("Invalid version", 'I', "The version {} is not valid. Use one of the following versions: 1");
pub(super) static ELEMENT: Check =
    check("Invalid policy element", 'I', "The policy element {} is not valid.");
pub(super) static MISSING_STATEMENT: Check =
    check("Missing statement", 'I', "Add a statement to the policy document.");
pub(super) static MISSING_EFFECT: Check = check(
    "Missing effect",
    'I',
    "Add an Effect element to the policy statement with a value of Allow or Deny.",
);
pub(super) static EFFECT: Check =
    check("Invalid effect", 'I', "The effect {} is not valid. Use Allow or Deny.");
pub(super) static MISSING_ACTION: Check =
    check("Missing action", 'C', "Add an Action or NotAction element to the policy statement.");
pub(super) static MISSING_RESOURCE: Check =
    check("Missing resource", 'I', "Add a Resource or NotResource element to the policy statement.");
pub(super) static MISSING_PRINCIPAL: Check =
    check("Missing principal", 'I', "Add a Principal element to the policy statement.");
pub(super) static COMBINATION: Check = check(
    "Unsupported element combination",
    'I',
    "The policy elements {} and {} can not be used in the same statement. Remove one of these elements.",
);
pub(super) static PRINCIPAL_KEY: Check =
    check("Invalid principal key", 'I', "The principal key {} is not valid.");
pub(super) static ACTION_FORMAT: Check = check(
    "Invalid action format",
    'I',
    "The action format is not valid. Use the format <ram-code>:<action-name>.",
);
pub(super) static ARN_PREFIX: Check =
    check("Invalid ARN prefix", 'I', "Add the required prefix (acs) to the resource ARN.");
pub(super) static ARN_FIELD: Check = check(
    "Missing ARN field",
    'I',
    "Resource ARNs must include at least 5 fields in the following structure: acs:<ram-code>:<region>:<account-id>:<relative-id>",
);
pub(super) static OPERATOR: Check = check(
    "Invalid condition operator",
    'I',
    "The condition operator {} is not valid. Use a valid condition operator.",
);
// Seen in 2026-09: docs/evidence/policy.md section 1.
pub(super) static OPERATOR_OF_PRESENCE: Check =
    check("Unsupported condition operator", 'C', "The condition operator 'IfExists/Null' is not supported");
pub(super) static KEY_FORMAT: Check = check(
    "Invalid condition key format",
    'I',
    "The condition key format is not valid. Use the format <ram-code>:<condition-key>.",
);
pub(super) static NO_VALUES: Check =
    check("Empty array condition", 'I', "There are no values for the condition key {}. Specify conditions.");
pub(super) static MULTIPLE_BOOLEAN: Check = check(
    "Invalid condition multiple Boolean",
    'I',
    "The condition key does not support multiple Boolean values. Use a single Boolean value.",
);

/// All checks.
pub static CHECKS: [&Check; 21] = [
    &JSON_SYNTAX,
    &DATA_TYPE,
    &MISSING_VERSION,
    &VERSION,
    &ELEMENT,
    &MISSING_STATEMENT,
    &MISSING_EFFECT,
    &EFFECT,
    &MISSING_ACTION,
    &MISSING_RESOURCE,
    &MISSING_PRINCIPAL,
    &COMBINATION,
    &PRINCIPAL_KEY,
    &ACTION_FORMAT,
    &ARN_PREFIX,
    &ARN_FIELD,
    &OPERATOR,
    &OPERATOR_OF_PRESENCE,
    &KEY_FORMAT,
    &NO_VALUES,
    &MULTIPLE_BOOLEAN,
];

/// `*`, or `<ram-code>:<action-name>`; both may have wildcards.
pub(super) fn action(text: &str) -> Result<(), Malformed> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*' | '?');
    let is_name = |c: char| is_word(c) || matches!(c, '.' | ':' | '/');
    let good = |(code, name): (&str, &str)| {
        !code.is_empty() && code.chars().all(is_word) && !name.is_empty() && name.chars().all(is_name)
    };
    let is_good = is_everything(text) || text.split_once(':').is_some_and(good);
    if is_good { Ok(()) } else { Err(ACTION_FORMAT.found()) }
}

/// `*`, or an ARN of five fields.
pub(super) fn resource(text: &str) -> Result<(), Malformed> {
    if is_everything(text) {
        return Ok(());
    }
    let fields = text.strip_prefix("acs:").ok_or_else(|| ARN_PREFIX.found())?;
    if fields.split(':').count() < 4 { Err(ARN_FIELD.found()) } else { Ok(()) }
}

/// `<ram-code>:<condition-key>`. The key of a tag has any characters.
pub(super) fn condition_key(text: &str) -> Result<(), Malformed> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let good = |(code, key): (&str, &str)| !code.is_empty() && code.chars().all(is_word) && !key.is_empty();
    if text.split_once(':').is_some_and(good) { Ok(()) } else { Err(KEY_FORMAT.found()) }
}

fn is_everything(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b == b'*')
}
