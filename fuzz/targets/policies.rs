//! Policy documents, patterns and questions.
//!
//! Input: action, resource, a pattern and a word for it, one a line; then a document.

#![no_main]

use alimock::policy::{Context, Document, Kind, Principal, Question, Verdict, basic};
use alimock::text::covers;
use libfuzzer_sys::{Corpus, fuzz_target};

const DENY: &str = r#"{"Version":"1","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}"#;

/// A slow version of `covers`: the matches of each prefix of the pattern, one after the other.
fn slowly(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for wanted in pattern.chars() {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match wanted {
                '*' => reached[..=at].contains(&true),
                wanted => at > 0 && reached[at - 1] && (wanted == '?' || wanted == text[at - 1]),
            };
        }
        reached = next;
    }
    reached[text.len()]
}

fuzz_target!(|text: &str| -> Corpus {
    let mut lines = text.splitn(5, '\n');
    let mut line = || lines.next();
    let (Some(action), Some(resource), Some(pattern), Some(word)) = (line(), line(), line(), line()) else {
        return Corpus::Reject;
    };
    let document = line().unwrap_or_default();
    if pattern.len() < 200 && word.len() < 200 {
        assert_eq!(covers(pattern, word), slowly(pattern, word), "{pattern:?} {word:?}");
    }
    let mut context = Context::default();
    context.set_one("acs:SourceIp", word);
    context.set("acs:CurrentTime", [pattern.to_owned(), word.to_owned()]);
    let question = Question::new(action, resource, &context);

    if let Ok(document) = Document::parse(document, Kind::Permission) {
        let deny = Document::parse(DENY, Kind::Permission).expect("it is a policy");
        let alone = basic([&document], &question);
        assert_eq!(basic([&document, &document], &question), alone, "said twice");
        assert_eq!(basic([&document, &deny], &question), Verdict::ExplicitDeny, "a deny wins");
        assert_eq!(basic([&deny, &document], &question), Verdict::ExplicitDeny, "in any order");
        assert!(document.judge(&question).count() > 0, "a policy has a statement");
    }
    if let Ok(document) = Document::parse(document, Kind::Trust) {
        for principal in [Principal::Ram(resource), Principal::Service(word), Principal::Federated(pattern)] {
            let question = Question::to_assume(principal, &context);
            let _ = document.judge(&question).count();
        }
    }
    Corpus::Keep
});
