//! Requests that name no action: which action a method and a path are, and what it needs permission for.

/// Requests of a product, as rows of a table. Of the rows that fit a request, the one with most literal parts counts.
#[derive(Debug)]
pub struct Paths(Vec<Row>);

/// A row: method, path with names of parameters in braces, perhaps one query parameter, and what the request is.
#[derive(Debug)]
struct Row {
    method: &'static str,
    parts: Vec<&'static str>,
    query: Option<(&'static str, &'static str)>,
    action: &'static str,
    permission: &'static str,
    resources: &'static str,
}

/// Meaning of a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Meaning<'a> {
    /// Action.
    pub action: &'static str,
    /// Action in policies.
    pub permission: &'static str,
    /// Resources in policies, relative to region and account.
    pub resources: Vec<String>,
    /// Parameters in the path.
    pub params: Vec<(&'static str, &'a str)>,
}

impl Paths {
    /// Reads a table. The columns of a line are method, path, action, action in policies (`=` for the same), and
    /// resources, separated by commas. The last two may be missing.
    pub(super) fn new(table: &'static str) -> Self {
        Self::of_lines(table.lines())
    }

    /// Reads the lines of a table.
    pub(super) fn of_lines(lines: impl Iterator<Item = &'static str>) -> Self {
        Self(lines.map(Row::new).collect())
    }

    /// Returns the meaning of a request. `query` returns the value of a query parameter.
    pub fn meaning<'a>(
        &self,
        method: &str,
        path: &'a str,
        query: impl Fn(&str) -> Option<&'a str>,
    ) -> Option<Meaning<'a>> {
        let sent: Vec<&str> = parts(path).collect();
        let fitting = self.0.iter().filter(|row| row.fits(method, &sent, &query));
        Some(fitting.max_by_key(|row| row.literals())?.meaning(&sent))
    }
}

/// The parts of a path.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

/// Returns the parameter that a part of a path or resource names: `Name` of `{Name}`.
fn param(part: &'static str) -> Option<&'static str> {
    part.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.is_empty())
}

/// Tells if a part stands for any text.
fn is_any(part: &str) -> bool {
    part.starts_with(['{', '*'])
}

impl Row {
    fn new(line: &'static str) -> Self {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (method, path, action, permission, resources) = match columns[..] {
            [method, path, action] => (method, path, action, "=", ""),
            [method, path, action, permission, resources] => (method, path, action, permission, resources),
            _ => panic!("a row has three or five columns: {line}"),
        };
        let (path, query) =
            path.split_once('?').map_or((path, None), |(path, query)| (path, query.split_once('=')));
        let permission = if permission == "=" { action } else { permission };
        Self { method, parts: parts(path).collect(), query, action, permission, resources }
    }

    fn fits<'a>(&self, method: &str, sent: &[&'a str], query: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.method == method
            && self.parts.len() == sent.len()
            && self.parts.iter().zip(sent).all(|(own, part)| is_any(own) || own == part)
            && self.query.is_none_or(|(name, value)| query(name) == Some(value))
    }

    /// Returns the number of parts that stand for themselves.
    fn literals(&self) -> usize {
        self.parts.iter().filter(|part| !is_any(part)).count() + usize::from(self.query.is_some())
    }

    fn meaning<'a>(&self, sent: &[&'a str]) -> Meaning<'a> {
        let pairs = self.parts.iter().zip(sent);
        let params: Vec<_> = pairs.filter_map(|(own, part)| Some((param(own)?, *part))).collect();
        let named = |part: &'static str| {
            let value = param(part).and_then(|name| params.iter().find(|(one, _)| *one == name));
            value.map_or(part, |(_, value)| value)
        };
        let filled = |resource: &'static str| resource.split('/').map(named).collect::<Vec<_>>().join("/");
        let resources = self.resources.split(',').filter(|one| !one.is_empty()).map(filled).collect();
        Meaning { action: self.action, permission: self.permission, resources, params }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_with_most_literal_parts_is_the_meaning() {
        let paths = Paths::new(
            "GET /things/{Thing} GetThing = thing/{Thing},thing/*\n\
             GET /things/{Thing}?type=log GetLogs ReadLogs thing/{Thing}/log\n\
             GET /* GetAny",
        );
        let asked = |method, path, kind| paths.meaning(method, path, |_| kind);

        let logs = asked("GET", "/things/a", Some("log")).unwrap();
        assert_eq!((logs.action, logs.permission), ("GetLogs", "ReadLogs"));
        let thing = asked("GET", "/things/a/", None).unwrap();
        assert_eq!((thing.action, thing.permission), ("GetThing", "GetThing"));
        assert_eq!(thing.resources, ["thing/a", "thing/*"]);
        assert_eq!(thing.params, [("Thing", "a")]);
        assert_eq!(asked("PUT", "/things/a", None), None);
        assert_eq!(asked("GET", "/things", None).unwrap().action, "GetAny");
        assert_eq!(asked("GET", "/", None), None);
    }
}
