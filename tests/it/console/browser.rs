//! A browser without scripts: it keeps cookies, follows redirects and submits forms.

use crate::support::live::{Live, send_bytes};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// A browser.
pub(super) struct Browser {
    address: SocketAddr,
    /// Host of the pages that it opens.
    pub(super) host: String,
    pub(super) language: &'static str,
    pub(super) cookies: BTreeMap<String, String>,
}

/// A page that it shows.
#[must_use]
pub(super) struct Page {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: String,
    /// Its address, after redirects.
    pub(super) at: String,
}

impl Browser {
    pub(super) fn of(live: &Live) -> Self {
        let (address, host) = (live.address, live.address.to_string());
        Self { address, host, language: "en", cookies: BTreeMap::new() }
    }

    /// Sends a request as it is, and keeps the cookies of the answer.
    pub(super) fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> Page {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies =
            if cookies.is_empty() { String::new() } else { format!("Cookie: {}\r\n", cookies.join("; ")) };
        let host = if headers.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.host) };
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{host}Accept: text/html,*/*;q=0.8\r\nAccept-Language: {}\r\n{cookies}{headers}Connection: close\r\nContent-Length: {}\r\n\r\n{body}",
            self.language,
            body.len()
        );
        let answer = send_bytes(self.address, request.as_bytes());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        for line in head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Page { status, head: head.to_owned(), body: body.to_owned(), at: path.to_owned() }
    }

    /// Opens a page, and follows redirects.
    pub(super) fn get(&mut self, path: &str) -> Page {
        let page = self.send("GET", path, "", "");
        self.follow(page)
    }

    fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..5 {
            if page.status != 303 {
                return page;
            }
            let to = page.header("location").expect("a redirect has a target").to_owned();
            page = self.send("GET", &to, "", "");
        }
        panic!("too many redirects: {}", page.at);
    }

    /// Submits a form of a page: with its token, and these values.
    pub(super) fn submit(&mut self, page: &Page, to: &str, values: &[(&str, &str)]) -> Page {
        let csrf = page.csrf();
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let own = [("csrf", csrf.as_str())];
        let pairs = own.iter().chain(values).map(|(name, value)| format!("{name}={}", encoded(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let origin = format!("Origin: http://{}\r\n", self.host);
        let kind = "Content-Type: application/x-www-form-urlencoded\r\n";
        let page = self.send("POST", to, &format!("{kind}{origin}"), &body);
        self.follow(page)
    }

    /// Opens a page and submits a form that it shows.
    pub(super) fn fill(&mut self, page: &str, to: &str, values: &[(&str, &str)]) -> Page {
        let page = self.get(page);
        assert!(page.body.contains(&format!("action=\"{to}")), "no form leads to {to}: {}", page.body);
        self.submit(&page, to, values)
    }

    /// Logs in.
    #[track_caller]
    pub(super) fn log_in(&mut self, login: &str, password: &str) {
        let values = [("login", login), ("password", password)];
        let page = self.fill("/_alimock/console/login", "/_alimock/console/login", &values);
        assert_eq!((page.status, page.has("who")), (200, true), "{}", page.body);
    }

    /// The browser of the owner of `shop`.
    #[track_caller]
    pub(super) fn of_owner(live: &Live) -> Self {
        let mut browser = Self::of(live);
        browser.log_in("shop@example.com", "Passw0rd!");
        browser
    }
}

impl Page {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let prefix = format!("{name}: ");
        self.head.lines().find_map(|line| line.strip_prefix(&*prefix))
    }

    /// Returns `true` if an element has this test id.
    pub(super) fn has(&self, id: &str) -> bool {
        self.body.contains(&format!("data-testid=\"{id}\""))
    }

    /// The text at the start of the first element with this test id, unescaped.
    #[track_caller]
    pub(super) fn text(&self, id: &str) -> String {
        let mark = format!("data-testid=\"{id}\"");
        let at = self.body.find(&mark).unwrap_or_else(|| panic!("no `{id}`: {}", self.body));
        let rest = &self.body[at..];
        let start = rest.find('>').unwrap() + 1;
        let text = rest[start..].split('<').next().unwrap_or_default();
        let text =
            text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
        text.replace("&#38;", "&")
    }

    /// The token of its first form.
    #[track_caller]
    pub(super) fn csrf(&self) -> String {
        let mark = "name=\"csrf\" value=\"";
        let at = self.body.find(mark).unwrap_or_else(|| panic!("no form: {}", self.body));
        self.body[at + mark.len()..].split('"').next().unwrap().to_owned()
    }

    /// Fails unless the page has this status and shows this text at a test id.
    #[track_caller]
    pub(super) fn assert_shows(&self, status: u16, id: &str, text: &str) {
        assert_eq!((self.status, &*self.text(id)), (status, text), "{}", self.body);
    }
}
