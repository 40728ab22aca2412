//! Screenshots of the documentation. `UPDATE_SHOTS=1 tests/sdk/run console` takes them anew.

use std::fs;
use std::path::Path;

#[test]
fn every_screenshot_is_small_and_shown_and_every_shown_one_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |page: &str| fs::read_to_string(root.join(page)).unwrap();
    let page = read("docs/console.md");
    let suite = read("tests/sdk/console/test_shots.py");
    let mut names: Vec<_> = fs::read_dir(root.join("docs/images"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= 10, "{names:?}");
    for name in &names {
        let bytes = fs::read(root.join("docs/images").join(name)).unwrap();
        assert!(bytes.len() <= 60 << 10, "{name}: {} bytes", bytes.len());
        assert!(bytes.starts_with(b"\x89PNG"), "{name}");
        let width = u32::from_be_bytes(bytes[16..20].try_into().unwrap());
        assert_eq!(width, 1280, "{name}");
        assert!(page.contains(&format!("](images/{name})")), "{name} is shown nowhere");
        let shot = name.strip_prefix("console-").and_then(|name| name.strip_suffix(".png")).expect(name);
        assert!(suite.contains(&format!("\"{shot}\"")), "{name} is not taken by the suite");
    }
    let shown = |text: &str, before: &str| -> Vec<String> {
        text.split(before).skip(1).map(|rest| rest.split(')').next().unwrap().to_owned()).collect()
    };
    let mut of_page = shown(&page, "](images/");
    of_page.sort();
    assert_eq!(of_page, names);
    let (english, chinese) =
        (shown(&read("README.md"), "](docs/images/"), shown(&read("README.zh-CN.md"), "](docs/images/"));
    assert_eq!((english.len(), &english), (2, &chinese));
    assert!(english.iter().all(|name| names.contains(name)), "{english:?}");
}
