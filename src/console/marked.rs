//! A copy of a text in which the places of its problems are marked, with the numbers of its lines. `marked_copy.html` shows it.

use crate::scenario::Place;

/// Characters of a longer line: only the part around its first problem is shown.
const WIDTH: usize = 300;
/// Lines of a longer text: only those near a problem are shown.
const WHOLE: usize = 60;
/// Lines before and after a problem.
const NEAR: usize = 2;

/// A piece of a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) is_marked: bool,
}

/// A line of the copy.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) number: usize,
    pub(crate) pieces: Vec<Piece>,
    /// Lines before this one are not shown.
    pub(crate) is_after_gap: bool,
}

/// Copies a text, given as its lines, and marks `places` in it.
pub(crate) fn copy<'a>(lines: impl Iterator<Item = &'a str>, places: &[Place]) -> Vec<Line> {
    let lines: Vec<_> = lines.collect();
    let mut places = places.to_vec();
    places.sort_unstable();
    let is_whole = lines.len() <= WHOLE;
    let is_near = |number: usize| places.iter().any(|place| place.line.abs_diff(number) <= NEAR);
    let mut last = 0;
    let mut shown = Vec::new();
    for (at, text) in lines.iter().enumerate() {
        let number = at + 1;
        if !is_whole && !is_near(number) {
            continue;
        }
        let own: Vec<_> = places.iter().filter(|place| place.line == number).collect();
        shown.push(Line { number, pieces: pieces(text, &own), is_after_gap: number > last + 1 });
        last = number;
    }
    shown
}

/// Cuts a line into pieces, which alternate between plain and marked.
fn pieces(text: &str, places: &[&Place]) -> Vec<Piece> {
    let all: Vec<char> = text.chars().collect();
    let first = places.first().map_or(0, |place| place.column.saturating_sub(1));
    let start = if all.len() > WIDTH { first.min(all.len()).saturating_sub(WIDTH / 3) } else { 0 };
    let end = all.len().min(start + WIDTH);
    let mut pieces = Vec::new();
    let mut push = |range: std::ops::Range<usize>, is_marked| {
        let text: String = all[range].iter().collect();
        if !text.is_empty() {
            pieces.push(Piece { text, is_marked });
        }
    };
    let mut at = start;
    for place in places {
        let from = place.column.saturating_sub(1).clamp(at, end);
        let to = place.column.saturating_sub(1).saturating_add(place.length.max(1)).clamp(from, end);
        push(at..from, false);
        push(from..to, true);
        at = to;
    }
    push(at..end, false);
    // A problem at the end of a line gets a mark of its own.
    if places.iter().any(|place| place.column > all.len()) && end == all.len() {
        pieces.push(Piece { text: "\u{21B5}".to_owned(), is_marked: true });
    }
    let dots = |text: &str| Piece { text: text.to_owned(), is_marked: false };
    if start > 0 {
        pieces.insert(0, dots("..."));
    }
    if end < all.len() {
        pieces.push(dots("..."));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, spots: &[(usize, usize, usize)]) -> String {
        let spots = spots.iter().map(|(line, column, length)| Place {
            line: *line,
            column: *column,
            length: *length,
        });
        let spots: Vec<_> = spots.collect();
        let piece = |piece: &Piece| {
            if piece.is_marked { format!("[{}]", piece.text) } else { piece.text.clone() }
        };
        let line = |line: &Line| {
            let gap = if line.is_after_gap { "~\n" } else { "" };
            format!("{gap}{}:{}", line.number, line.pieces.iter().map(piece).collect::<String>())
        };
        copy(text.lines(), &spots).iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn places_are_marked_by_character_and_the_end_of_a_line_too() {
        assert_eq!(shown("a: 你好\nb", &[(1, 4, 2), (2, 2, 1)]), "1:a: [你好]\n2:b[\u{21B5}]");
        assert_eq!(shown("abcdef", &[(1, 2, 3), (1, 3, 3), (1, 1, 1)]), "1:[a][bcd][e]f");
        assert_eq!(shown("abc", &[(1, 2, usize::MAX), (9, 1, 1)]), "1:a[bc]");
    }

    #[test]
    fn of_a_long_text_only_the_lines_near_a_problem_are_shown() {
        let text = (1..=100).map(|number| format!("l{number}\n")).collect::<String>();
        assert_eq!(shown(&text, &[(50, 1, 1)]), "~\n48:l48\n49:l49\n50:[l]50\n51:l51\n52:l52");
        let long = format!("{}!{}", "x".repeat(1000), "y".repeat(1000));
        let shown = shown(&long, &[(1, 1001, 1)]);
        assert!(shown.starts_with("1:...x") && shown.contains("x[!]y") && shown.ends_with("y..."), "{shown}");
        assert!(shown.len() < 320, "{shown}");
    }
}
