//! Writer for standard error.
//!
//! A pipe that nobody reads must not block the server, and a full disk must not end it. Lines go into a bounded queue, and a thread writes
//! them. A line that does not fit is dropped and counted. The thread writes the count when it can write again.

use parking_lot::{Condvar, Mutex};
use serde::Serialize;
use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

/// Bytes in the queue.
const CAPACITY: usize = 64 << 10;
/// Longest wait for the queue at the end of the program.
const FLUSH: Duration = Duration::from_secs(1);
/// Pause before the next write to a full pipe in non-blocking mode.
const PAUSE: Duration = Duration::from_millis(20);

static QUEUE: Queue = Queue::new();
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// Queue of lines.
struct Queue {
    state: Mutex<State>,
    /// Signals new lines, and the end of a write.
    changed: Condvar,
}

struct State {
    waiting: Vec<u8>,
    dropped: u64,
    is_writing: bool,
}

impl Queue {
    const fn new() -> Self {
        let state = State { waiting: Vec::new(), dropped: 0, is_writing: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    /// Adds whole lines, or counts them as dropped.
    fn add(&self, lines: &[u8]) {
        let mut state = self.state.lock();
        if state.waiting.len() + lines.len() > CAPACITY {
            state.dropped += count(lines);
            return;
        }
        // The thread only sleeps while nothing waits.
        let is_first = state.waiting.is_empty();
        state.waiting.extend_from_slice(lines);
        drop(state);
        if is_first {
            self.changed.notify_all();
        }
    }

    /// Writes queued lines to `out`. Does not return.
    fn write_all_to(&self, out: &mut impl Write) {
        let mut taken = Vec::new();
        let mut state = self.state.lock();
        loop {
            while state.waiting.is_empty() {
                state.is_writing = false;
                self.changed.notify_all();
                self.changed.wait(&mut state);
            }
            state.is_writing = true;
            std::mem::swap(&mut state.waiting, &mut taken);
            let dropped = std::mem::take(&mut state.dropped);
            drop(state);
            let mut lost = write_lines(out, &taken);
            // The dropped lines came after the queued ones, so their count follows.
            if dropped > 0 && (lost > 0 || write_lines(out, dropped_line(dropped).as_bytes()) > 0) {
                lost += dropped;
            }
            taken.clear();
            state = self.state.lock();
            state.dropped += lost;
        }
    }

    /// Waits until the queue is empty, at most `limit`.
    fn flush(&self, limit: Duration) {
        let mut state = self.state.lock();
        while state.is_writing || !state.waiting.is_empty() {
            if self.changed.wait_for(&mut state, limit).timed_out() {
                return;
            }
        }
    }
}

/// Lines in a text; the last may lack its end.
fn count(lines: &[u8]) -> u64 {
    lines.split_inclusive(|byte| *byte == b'\n').count() as u64
}

/// Writes lines. Returns the number of lost lines.
fn write_lines(out: &mut impl Write, mut lines: &[u8]) -> u64 {
    while !lines.is_empty() {
        match out.write(lines) {
            Ok(0) => return count(lines),
            Ok(written) => lines = &lines[written..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // Another process set the pipe to non-blocking mode.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::park_timeout(PAUSE),
            Err(_) => return count(lines),
        }
    }
    0
}

fn dropped_line(dropped: u64) -> String {
    let message = format!("log lines dropped: {dropped}; standard error was full or not read");
    if IS_JSON.load(Relaxed) {
        format!(
            "{{\"level\":\"WARN\",\"fields\":{{\"message\":\"{message}\"}},\"target\":\"alimock::log\"}}\n"
        )
    } else {
        format!(" WARN {message}\n")
    }
}

/// The queue of this program; its thread starts with the first line.
fn queue() -> &'static Queue {
    static STARTED: OnceLock<()> = OnceLock::new();
    STARTED.get_or_init(|| {
        let write = || QUEUE.write_all_to(&mut io::stderr());
        // Without the thread, lines are dropped and the server still answers.
        let _ = std::thread::Builder::new().name("log".to_owned()).stack_size(128 << 10).spawn(write);
    });
    &QUEUE
}

/// One JSON record, as `tracing` writes them.
pub(super) fn json(level: &str, target: &str, fields: &impl Serialize) -> String {
    #[derive(Serialize)]
    struct Line<'a, T> {
        level: &'a str,
        fields: &'a T,
        target: &'a str,
    }
    serde_json::to_string(&Line { level, fields, target }).expect("a record is plain data") + "\n"
}

/// Queues a text for standard error. Never blocks, never fails.
pub(super) fn say(text: &str) {
    queue().add(text.as_bytes());
}

/// Sets the format of the line that counts dropped lines.
pub(super) fn set_json(is_json: bool) {
    IS_JSON.store(is_json, Relaxed);
}

/// Waits up to a second for the queue to empty.
pub(super) fn flush() {
    queue().flush(FLUSH);
}

/// The writer that `tracing` uses.
#[derive(Clone, Copy)]
pub(super) struct Lines;

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        queue().add(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reports panics through the queue: the standard library's report blocks on a full pipe.
pub(super) fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        say(&format!("{panic}\n"));
        if std::thread::current().name() == Some("main") {
            flush();
        }
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    /// An end that takes nothing until it is opened, and then fails so many times.
    #[derive(Clone, Default)]
    struct Pipe(Arc<(Mutex<Inner>, Condvar)>);

    #[derive(Default)]
    struct Inner {
        is_open: bool,
        fails: u32,
        text: Vec<u8>,
    }

    impl Pipe {
        fn open(&self) {
            self.0.0.lock().is_open = true;
            self.0.1.notify_all();
        }

        fn text(&self) -> String {
            String::from_utf8(self.0.0.lock().text.clone()).unwrap()
        }
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut inner = self.0.0.lock();
            while !inner.is_open {
                self.0.1.wait(&mut inner);
            }
            if inner.fails > 0 {
                inner.fails -= 1;
                return Err(io::ErrorKind::StorageFull.into());
            }
            // A pipe takes what fits.
            let part = bytes.len().min(1000);
            inner.text.extend_from_slice(&bytes[..part]);
            Ok(part)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn started(pipe: &Pipe) -> &'static Queue {
        let queue: &'static Queue = Box::leak(Box::new(Queue::new()));
        let mut out = pipe.clone();
        std::thread::spawn(move || queue.write_all_to(&mut out));
        queue
    }

    #[test]
    fn lines_that_do_not_fit_are_dropped_and_counted_and_memory_stays_bounded() {
        let pipe = Pipe::default();
        let queue = started(&pipe);
        let line = [&[b'x'; 99][..], b"\n"].concat();

        for _ in 0..100_000 {
            queue.add(&line);
        }
        let waiting = queue.state.lock().waiting.capacity();
        pipe.open();
        queue.flush(Duration::from_secs(60));
        queue.add(b"again\n");
        queue.flush(Duration::from_secs(60));

        assert!(waiting <= 2 * CAPACITY, "{waiting}");
        let text = pipe.text();
        let whole = text.lines().filter(|line| line.len() == 99).count();
        let told: usize = text
            .lines()
            .filter_map(|line| line.strip_prefix(" WARN log lines dropped: ")?.split_once(';'))
            .map(|(count, _)| count.parse::<usize>().unwrap())
            .sum();
        assert_eq!(whole + told, 100_000);
        assert!(whole >= CAPACITY / 100 && text.contains("again\n"), "{whole}");
    }

    #[test]
    fn lines_that_cannot_be_written_are_counted_and_told_when_they_can() {
        let pipe = Pipe::default();
        let queue = started(&pipe);
        pipe.0.0.lock().fails = 1;
        pipe.open();

        queue.add(b"one\ntwo\n");
        queue.flush(Duration::from_secs(60));
        queue.add(b"three\n");
        queue.flush(Duration::from_secs(60));

        let told = " WARN log lines dropped: 2; standard error was full or not read\n";
        assert_eq!(pipe.text(), format!("three\n{told}"));
    }
}
