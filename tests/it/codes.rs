//! Every error code that is documented for an action that runs, provoked.
//!
//! The cases are data that anybody can extend, `codes/*.yaml`; `codes/README.md` says how. What is documented stands in
//! `tests/data/codes.json` (from docs/evidence/ram.md section 5, docs/evidence/sts.md, docs/evidence/ims.md section 4 and
//! docs/evidence/resource-directory.md section 4), status and text of each code in
//! `codes/texts*.yaml` (from docs/evidence/ram.md section 4, docs/evidence/sts.md, docs/evidence/resource-directory.md section 5).

use crate::support::steps::{Call, Play, Step};
use crate::support::{Lab, Reply, xml};
use alimock::world::By;
use alimock::world::settings::{AccountRules, Quotas};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

const NEVER_SET: &str = "a key without a policy is answered {} (docs/evidence/ims.md 4.4)";

/// Documented codes that no call can bring, and why.
const BEYOND: &[(&str, &str, &str)] = &[
    (
        "CreateServiceLinkedRole",
        "InvalidParameter.Description.NotAllowed",
        "no page says which service wants no description",
    ),
    (
        "CreateServiceLinkedRole",
        "LimitExceeded.Role",
        "docs/evidence/ram.md section 3: these roles are never refused",
    ),
    (
        "ResourceManager.CreateServiceLinkedRole",
        "InvalidParameter.Description.NotAllowed",
        "no page says which service wants no description",
    ),
    (
        "ResourceManager.CreateServiceLinkedRole",
        "LimitExceeded.Role",
        "docs/evidence/ram.md section 3: these roles are never refused",
    ),
    ("DecodeDiagnosticMessage", "NotSupport", "every caller is one of the three that are supported"),
    ("Sts.AssumeRole", "InvalidParameter.SerialNumber", "about a parameter that no list of parameters has"),
    ("Sts.AssumeRole", "InvalidParameter.TokenCode", "about a parameter that no list of parameters has"),
    ("Ims.GetAccessKeyPolicy", "EntityNotExist.AccessKeyPolicy", NEVER_SET),
    ("Ims.SetAccessKeyPolicy", "EntityNotExist.AccessKeyPolicy", NEVER_SET),
    (
        "Ims.GetSAMLProvider",
        "EntityNotExist.SAMLProviderError",
        "an older spelling, which Terraform looked for before 2024",
    ),
    (
        "Ims.GetUserMFAInfo",
        "EntityNotExist.User.MFADevice",
        "without a device, `IsMFAEnable` is false (UNCERTAIN, docs/evidence/ims.md 4.6)",
    ),
    (
        "GetAccountAlias",
        "EntityNotExist",
        "without an alias the UID is answered (UNCERTAIN, docs/evidence/ram.md 5.10)",
    ),
];

/// What is documented about one action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    pub codes: Vec<String>,
    /// Facts about it that nobody has seen.
    pub uncertain: Vec<String>,
}

/// A way to provoke a code.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    /// Calls before, by root unless they say otherwise.
    #[serde(default)]
    given: Vec<Value>,
    /// Parameters of the call that is refused.
    #[serde(default)]
    call: Map<String, Value>,
    /// Who makes it.
    #[serde(default = "root")]
    by: String,
    /// The call has a body of this kind.
    content_type: Option<String>,
    /// What accounts may hold, as a scenario has it.
    quotas: Option<Quotas>,
    /// Rules about accounts, as a scenario has them.
    rules: Option<AccountRules>,
    /// Instead of what `texts.yaml` says.
    status: Option<u16>,
    /// Instead of what `texts.yaml` says.
    message: Option<String>,
    /// Only something wrong within the service brings it: a rule of `faults` does, here as in a scenario.
    #[serde(default)]
    fault: bool,
    /// The code is none that is documented for the action.
    #[serde(default)]
    extra: bool,
}

fn root() -> String {
    "root".to_owned()
}

/// All cases of one code of one action.
struct Provoked {
    /// `users.yaml`.
    file: String,
    /// `CreateUser`, `Sts.AssumeRole`.
    action: String,
    code: String,
    cases: Vec<Case>,
}

impl Provoked {
    fn place(&self) -> String {
        format!("{}: {}: {}", self.file, self.action, self.code)
    }
}

pub fn here(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(below)
}

#[track_caller]
pub fn read_yaml<T: DeserializeOwned>(path: &Path) -> T {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The names that a name in a file stands for. `Directory.GetFolder` stands for that action of each product that runs it.
pub fn doors(name: &str) -> Vec<String> {
    let Some(action) = name.strip_prefix("Directory.") else { return vec![name.to_owned()] };
    let names = ["ResourceDirectoryMaster", "ResourceManager"].map(|code| format!("{code}.{action}"));
    let found: Vec<_> = names.into_iter().filter(|one| Call::new(one, Map::new(), "root").is_ok()).collect();
    assert!(!found.is_empty(), "no product runs {name}");
    found
}

/// The rows of a file about `Directory`, for one product.
fn through(value: &Value, door: &str) -> Value {
    let (product, _) = door.split_once('.').expect("a name has its product");
    let text = ["\"", "{", ":"].iter().fold(value.to_string(), |text, before| {
        text.replace(&format!("{before}Directory."), &format!("{before}{product}."))
    });
    serde_json::from_str(&text).expect("names of products need no escapes")
}

/// What is documented: product, action.
pub fn known() -> BTreeMap<String, BTreeMap<String, Known>> {
    serde_json::from_str(include_str!("../data/codes.json"))
        .expect("tests/data/codes.json is what it should be")
}

/// The codes that an action, as cases name it, is documented to have.
fn known_of<'a>(known: &'a BTreeMap<String, BTreeMap<String, Known>>, action: &str) -> &'a [String] {
    let (product, action) = action.split_once('.').unwrap_or(("Ram", action));
    known.get(product).and_then(|actions| actions.get(action)).map_or(&[], |known| &known.codes)
}

fn provoked() -> Vec<Provoked> {
    let mut files: Vec<_> =
        fs::read_dir(here("it/codes")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ext| ext == "yaml"));
    let others = ["texts.yaml", "texts-directory.yaml", "texts-resource-manager.yaml", "world.yaml"];
    files.retain(|path| others.iter().all(|other| !path.ends_with(other)));
    files.sort();
    let known = known();
    let mut all = Vec::new();
    for path in files {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let actions: BTreeMap<String, BTreeMap<String, Value>> = read_yaml(&path);
        let actions = actions.into_iter().flat_map(|(name, codes)| {
            let doors_of = doors(&name);
            let of = move |door: String| {
                let is_own = door == name;
                let said = |value: &Value| if is_own { value.clone() } else { through(value, &door) };
                let codes: BTreeMap<_, _> =
                    codes.iter().map(|(code, one)| (code.clone(), said(one))).collect();
                (door, codes)
            };
            doors_of.into_iter().map(of).collect::<Vec<_>>()
        });
        for (action, codes) in actions {
            for (code, cases) in codes {
                let is_shared = action.starts_with("Resource") && file.starts_with("directory");
                let cases = match cases {
                    Value::Array(cases) => cases,
                    one => vec![one],
                };
                let read = |case| {
                    serde_json::from_value(case)
                        .unwrap_or_else(|error| panic!("{file}: {action}: {code}: {error}"))
                };
                let mut cases: Vec<Case> = cases.into_iter().map(read).collect();
                // A code may be documented for one of the two products alone.
                let documented = known_of(&known, &action).contains(&code);
                cases.iter_mut().filter(|_| is_shared && !documented).for_each(|case| case.extra = true);
                all.push(Provoked { file: file.clone(), action: action.clone(), code, cases });
            }
        }
    }
    all
}

/// The documented codes that cases provoke: action as cases name it, code.
pub fn provoked_codes() -> BTreeSet<(String, String)> {
    let documented = |one: &Provoked| one.cases.iter().any(|case| !case.extra);
    provoked().into_iter().filter(documented).map(|one| (one.action, one.code)).collect()
}

type Table = BTreeMap<String, (u16, Option<String>)>;

/// Status and text of codes.
struct Texts {
    all: Table,
    /// Those of the two products of the directory, before the others.
    directory: Table,
    /// Those of the other operations of ResourceManager: of cases in `resource-manager*.yaml`, before the others.
    resource_manager: Table,
}

impl Texts {
    fn read() -> Self {
        let table = |name| read_yaml(&here("it/codes").join(name));
        Self {
            all: table("texts.yaml"),
            directory: table("texts-directory.yaml"),
            resource_manager: table("texts-resource-manager.yaml"),
        }
    }

    /// Those of a code of an action. A `*` in the table stands for the name of a parameter, which the text holds as `{}`.
    fn of(&self, one: &Provoked) -> Option<(u16, Option<String>)> {
        let code = one.code.as_str();
        let own = if one.file.starts_with("resource-manager") {
            self.resource_manager.get(code)
        } else if one.action.starts_with("Resource") {
            self.directory.get(code)
        } else {
            None
        };
        if let Some(found) = own.or_else(|| self.all.get(code)) {
            return Some(found.clone());
        }
        self.all.iter().find_map(|(pattern, (status, text))| {
            let (before, after) = pattern.split_once('*')?;
            let name = code.strip_prefix(before)?.strip_suffix(after).filter(|name| !name.contains('.'))?;
            Some((*status, text.as_ref().map(|text| text.replace("{}", name))))
        })
    }
}

/// The world in which a case takes place, with what it is given.
fn world_of(case: &Case) -> Result<Play, String> {
    let mut play = Play::new(Lab::with_scenario(include_str!("codes/world.yaml")));
    let world = play.lab.world();
    let set: Result<_, Infallible> = world.commit(world.clock.now().resource, By::OURSELVES, |tx| {
        case.quotas.into_iter().for_each(|quotas| tx.set_quotas(quotas));
        case.rules.clone().into_iter().for_each(|rules| tx.set_rules(rules));
        Ok(())
    });
    let Ok(_) = set;
    for step in &case.given {
        play.step(&Step::read(step)?)?;
    }
    Ok(play)
}

/// Carries a case out, in a world of its own.
fn run(one: &Provoked, case: &Case, texts: &Texts) -> Result<(), String> {
    let mut play = world_of(case)?;
    let mut call = Call::new(&one.action, case.call.clone(), &case.by)?;
    call.content_type.clone_from(&case.content_type);
    // A credential for the caller is made before, so that it does not count as a change.
    play.prepare(&call)?;
    if case.fault {
        let action = one.action.rsplit('.').next();
        let rule = json!({"match": {"action": action}, "do": {"error": {"code": one.code}}});
        play.lab.world().faults.add(serde_json::from_value(rule).map_err(|error| error.to_string())?);
    }
    let before = play.lab.world().state().version;

    let reply = play.send(&call)?;

    let table = texts.of(one);
    let (status, text) = table.map_or((None, None), |(status, text)| (Some(status), text));
    let status = case.status.or(status).ok_or("neither the case nor texts.yaml gives its status")?;
    let text = case.message.as_ref().map(|text| play.filled_in(text)).transpose()?.or(text);
    compare_refusal(&reply, &reply.json(), status, &one.code, text.as_deref())?;
    play.xml = true;
    let reply = play.send(&call)?;
    compare_refusal(&reply, &xml::to_json(&reply.body), status, &one.code, text.as_deref())?;
    if play.lab.world().state().version != before {
        return Err("changed the state".into());
    }
    Ok(())
}

/// Compares a refusal with its status, code and, if it is known, message.
fn compare_refusal(
    reply: &Reply,
    body: &Value,
    status: u16,
    code: &str,
    text: Option<&str>,
) -> Result<(), String> {
    if (reply.status, body["Code"].as_str()) != (status, Some(code)) {
        return Err(format!("answers {} {}", reply.status, reply.body));
    }
    match text {
        Some(text) if body["Message"] != text => {
            Err(format!("says {} instead of \"{text}\"", body["Message"]))
        }
        _ => Ok(()),
    }
}

#[test]
fn every_case_is_refused_with_its_code_in_both_formats_and_changes_nothing() {
    let texts = Texts::read();
    let known = known();
    let (mut ran, mut wrong) = (0, Vec::new());
    for one in provoked() {
        let documented = known_of(&known, &one.action).contains(&one.code);
        for case in &one.cases {
            ran += 1;
            if documented == case.extra {
                let not = if documented { "" } else { "not " };
                wrong.push(format!("{}: {not}documented in tests/data/codes.json", one.place()));
            }
            if let Err(why) = run(&one, case, &texts) {
                wrong.push(format!("{}: {why}", one.place()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {ran} cases:\n{}", wrong.len(), wrong.join("\n"));
    assert!(ran > 250, "{ran}");
}

#[test]
fn every_documented_code_has_a_case_or_a_reason_why_not() {
    let provoked = provoked_codes();
    let beyond: BTreeSet<_> =
        BEYOND.iter().map(|(action, code, _)| ((*action).to_owned(), (*code).to_owned())).collect();
    let mut documented = BTreeSet::new();
    for (product, actions) in known() {
        for (action, known) in actions {
            let action = if product == "Ram" { action } else { format!("{product}.{action}") };
            if Call::new(&action, Map::new(), "root").is_err() {
                continue; // alimock does not run it
            }
            documented.extend(known.codes.into_iter().map(|code| (action.clone(), code)));
        }
    }

    let without: Vec<_> =
        documented.iter().filter(|one| !provoked.contains(one) && !beyond.contains(one)).collect();

    assert!(without.is_empty(), "neither provoked nor beyond: {without:#?}");
    let idle: Vec<_> =
        beyond.iter().filter(|one| provoked.contains(one) || !documented.contains(one)).collect();
    assert!(idle.is_empty(), "beyond without need: {idle:#?}");
}

/// A wrong parameter alone, by name: cases about its form that need nothing before.
fn misfits<'a>(cases: &'a [Provoked], action: &str) -> Vec<(&'a str, &'a str, &'a Value)> {
    let of_action = cases.iter().filter(|one| one.action == action);
    let misfit = |one: &'a Provoked| {
        let mut words = one.code.strip_prefix("InvalidParameter.")?.split('.');
        let (name, kind) = (words.next()?, words.next());
        let case =
            one.cases.first().filter(|case| !case.extra && case.given.is_empty() && case.by == "root")?;
        // What is not allowed is of a good form: one service refuses it.
        let (name, value) =
            case.call.iter().find(|(param, _)| *param == name && kind != Some("NotAllowed"))?;
        Some((name.as_str(), one.code.as_str(), value))
    };
    of_action.filter_map(misfit).collect()
}

#[test]
fn the_format_of_a_parameter_is_checked_before_the_state_of_the_world() {
    let cases = provoked();
    let (mut ran, mut wrong) = (0, Vec::new());
    let of_form = ["InvalidParameter.", "MissingParameter."];
    for one in cases.iter().filter(|one| !of_form.iter().any(|start| one.code.starts_with(start))) {
        for (name, code, value) in misfits(&cases, &one.action) {
            let Some(case) = one.cases.first().filter(|case| case.by == "root") else { continue };
            let mut params = case.call.clone();
            params.insert(name.to_owned(), value.clone());
            let mut play = world_of(case).unwrap();
            let reply = play.send(&Call::new(&one.action, params, "root").unwrap()).unwrap();
            ran += 1;
            if reply.json()["Code"] != code {
                wrong.push(format!("{} beats {code}: {}", one.place(), reply.body));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {ran}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(ran > 200, "{ran}");
}

#[test]
fn of_two_wrong_parameters_the_first_documented_one_is_reported() {
    let (cases, known) = (provoked(), known());
    let (mut ran, mut wrong) = (0, Vec::new());
    for (action, facts) in &known["Ram"] {
        let rank = |code: &str| facts.codes.iter().position(|one| one == code);
        let misfits = misfits(&cases, action);
        for (first, code, value) in &misfits {
            for (second, later, worse) in misfits.iter().filter(|one| one.0 != *first) {
                if rank(code) > rank(later) {
                    continue;
                }
                let case = cases.iter().find(|one| one.action == *action && one.code == *code).unwrap();
                let mut params = case.cases[0].call.clone();
                params.insert((*first).to_owned(), (*value).clone());
                params.insert((*second).to_owned(), (*worse).clone());
                let mut play = world_of(&case.cases[0]).unwrap();
                let reply = play.send(&Call::new(action, params, "root").unwrap()).unwrap();
                ran += 1;
                if reply.json()["Code"] != *code {
                    wrong.push(format!("{action}: {code} and {later}: {}", reply.body));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {ran}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(ran > 100, "{ran}");
}
