//! Requests that name no action: which action a method and a path are, and what it needs permission for.

/// Requests of a product, as rows of a table. The first row that fits a request counts.
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
    /// resources, separated by commas.
    pub(super) fn new(table: &'static str) -> Self {
        Self(table.lines().map(Row::new).collect())
    }

    /// Returns the meaning of a request. `query` returns the value of a query parameter.
    pub fn meaning<'a>(
        &self,
        method: &str,
        path: &'a str,
        query: impl Fn(&str) -> Option<&'a str>,
    ) -> Option<Meaning<'a>> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        self.0.iter().find_map(|row| row.meaning(method, &parts, &query))
    }
}

/// Returns the parameter that a part of a path or resource names: `Name` of `{Name}`.
fn param(part: &'static str) -> Option<&'static str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

impl Row {
    fn new(line: &'static str) -> Self {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let [method, path, action, permission, resources] = columns[..] else {
            panic!("a row has five columns: {line}")
        };
        let (path, query) =
            path.split_once('?').map_or((path, None), |(path, query)| (path, query.split_once('=')));
        let parts = path.split('/').filter(|part| !part.is_empty()).collect();
        let permission = if permission == "=" { action } else { permission };
        Self { method, parts, query, action, permission, resources }
    }

    fn meaning<'a>(
        &self,
        method: &str,
        parts: &[&'a str],
        query: &impl Fn(&str) -> Option<&'a str>,
    ) -> Option<Meaning<'a>> {
        let fits = |(own, part): (&&'static str, &&str)| param(own).is_some() || own == part;
        let is_this = self.method == method
            && self.parts.len() == parts.len()
            && self.parts.iter().zip(parts).all(fits)
            && self.query.is_none_or(|(name, value)| query(name) == Some(value));
        if !is_this {
            return None;
        }
        let pairs = self.parts.iter().zip(parts);
        let params: Vec<_> = pairs.filter_map(|(own, part)| Some((param(own)?, *part))).collect();
        let named = |part: &'static str| {
            let value = param(part).and_then(|name| params.iter().find(|(one, _)| *one == name));
            value.map_or(part, |(_, value)| value)
        };
        let filled = |resource: &'static str| resource.split('/').map(named).collect::<Vec<_>>().join("/");
        let resources = self.resources.split(',').map(filled).collect();
        Some(Meaning { action: self.action, permission: self.permission, resources, params })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_that_fits_is_the_meaning() {
        let paths = Paths::new(
            "GET /things/{Thing}?type=log GetLogs ReadLogs thing/{Thing}/log\n\
             GET /things/{Thing} GetThing = thing/{Thing},thing/*",
        );
        let asked = |method, path, kind| paths.meaning(method, path, |_| kind);

        let logs = asked("GET", "/things/a", Some("log")).unwrap();
        assert_eq!((logs.action, logs.permission), ("GetLogs", "ReadLogs"));
        let thing = asked("GET", "/things/a/", None).unwrap();
        assert_eq!((thing.action, thing.permission), ("GetThing", "GetThing"));
        assert_eq!(thing.resources, ["thing/a", "thing/*"]);
        assert_eq!(thing.params, [("Thing", "a")]);
        assert_eq!(asked("PUT", "/things/a", None), None);
        assert_eq!(asked("GET", "/things", None), None);
    }
}
