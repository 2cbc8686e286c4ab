//! What is called wrong, what is not, and what is left alone.

use super::reply::Reply;

/// What comes out and what is said, of each statement that is wrong.
fn wrong(line: &str) -> Vec<(f64, f64)> {
    let mut reply = Reply::default();
    reply.line(line, 0, true);
    reply
        .hits
        .iter()
        .map(|(_, computed, said)| (*computed, *said))
        .collect()
}

#[test]
fn what_is_wrong_is_told() {
    for (line, computed, said) in [
        ("5 + 5 = 1000", 10.0, 1000.0),
        ("1000 + 1 = 1006", 1001.0, 1006.0),
        ("12 * 250 = 3010", 3000.0, 3010.0),
        ("So she has 60 - 12 = 49 candles remaining.", 48.0, 49.0),
        ("- 5 + 3 = 9", 8.0, 9.0),
        ("1) 5 + 3 = 9", 8.0, 9.0),
        ("The total is 5 + 3 = **9**.", 8.0, 9.0),
        ("\\(5 \\times 3 = \\boxed{16}\\)", 15.0, 16.0),
        ("| eggs | 5 + 3 = 9 | fresh |", 8.0, 9.0),
        ("3 hours/day * 7 days = 25 hours", 21.0, 25.0),
        ("20% * 80 = 18", 16.0, 18.0),
        ("7 / 2 = 4", 3.5, 4.0),
        ("It makes <<12*250=3010>>3010 pages", 3000.0, 3010.0),
        ("x = 3 + 4 = 8", 7.0, 8.0),
        ("$5 + $3 = $9", 8.0, 9.0),
        ("7 * 13 ≈ 120", 91.0, 120.0),
    ] {
        assert_eq!(wrong(line), [(computed, said)], "{line}");
    }
}

#[test]
fn what_is_right_passes_as_people_write_it() {
    for line in [
        "10 / 3 = 3.33",
        "2.49 * 3 = 7.5",
        "5 / 20 = 25%",
        "0.25 * 100 = 25%",
        "The percentage is 10 / 40 = 25",
        "20 percent * 80 = 16",
        "7 * 13 ≈ 90",
        "365 * 24 = about 9000",
        "3 + 4 = 7 (2 left over)",
        "3 + 4 = 7 [2]",
        "123456789 * 987654321 = 121932631112635269",
        "the sum: 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15 + 16 + 17 + 18 + 19 + 20 + 21 + 22 + 23 \
         + 24 + 25 + 26 + 27 + 28 + 29 + 30 = 465",
    ] {
        assert_eq!(wrong(line), [], "{line}");
    }
}

#[test]
fn signs_that_are_not_read_leave_their_side_alone() {
    for line in [
        "3² + 4² = 25",
        "So 2^3 + 1 = 9",
        "2**3 + 1 = 9",
        "2 ** 3 + 1 = 9",
        "√16 + 2 = 6",
        "sqrt(16) + 2 = 6",
        "\\sqrt{16} + 2 = 6",
        "\\frac{3}{4} * 8 = 6",
        "5! + 1 = 121",
        "|3 - 5| = 2",
        "|3 - 5| + 4 * 2 = 10",
        "[3 + 4] * 2 = 14",
        "½ * 8 + 1 = 5",
        "3 1/2 + 1 = 4 1/2",
        "3 + 4 >= 6",
        "3 + 4 != 6",
        "2 * π * 3 + 1 = 19.85",
        "10:30 + 45 = 11:15",
        "2,5 * 2 = 5",
        "1.000 + 500 = 1.500",
        "1 000 + 500 = 1 500",
        "2 (3 + 4) = 14",
        "pages 3–5 = 3 pages",
    ] {
        assert_eq!(wrong(line), [], "{line}");
    }
}

#[test]
fn a_line_beyond_the_longest_is_cut_between_statements() {
    let mut arithmetic = super::Arithmetic::default();
    let text = format!("{} 1 + 2 + 3 + 4 = 10. 1 + 2 = 4.", "so.".repeat(681));
    text.char_indices().for_each(|(at, ch)| arithmetic.push(ch, at as u32));
    arithmetic.end_line();
    let place = |(place, _, _): &(wording::Bytes, f64, f64)| &text[place.start as usize..place.end as usize];
    assert_eq!(arithmetic.reply.hits.iter().map(place).collect::<Vec<_>>(), ["4"]);
}

#[test]
fn units_that_must_be_converted_are_left_alone() {
    for line in [
        "1 hour + 30 minutes = 90 minutes",
        "30 minutes + 30 minutes = 1 hour",
        "60 minutes * 2 = 2 hours",
        "45 minutes * 2 = 1 hour and 30 minutes",
        "12 months + 6 months = 1 year and 6 months",
        "25 cents * 8 = $2",
        "3 feet + 6 inches = 42 inches",
        "2pm - 11am = 3 hours",
    ] {
        assert_eq!(wrong(line), [], "{line}");
    }
}

#[test]
fn words_that_are_part_of_what_is_said_leave_it_alone() {
    for line in [
        "7 / 2 = 3 remainder 1",
        "7 / 2 = 3, remainder 1",
        "17 mod 5 + 1 = 3",
        "twice 5 + 3 = 13",
        "5 times 3 + 1 = 16",
        "negative 3 + 5 = 2",
        "2 dozen + 6 = 30 eggs",
        "2 million / 4 = 500,000",
        "the average of 5 + 7 = 6",
        "the price + 5 * 2 = 20",
        "income - 5 + 3 = 8",
        "20 + 10 = 3 * price",
        "Total - 5 + 3 = 8",
    ] {
        assert_eq!(wrong(line), [], "{line}");
    }
}

#[test]
fn any_line_can_be_read() {
    let pieces = [
        "3", "12.5", "1.000", "0", "007", " ", " ", "=", "≈", "+", "-", "–", "*", "**", "/", "(", ")", "|", "[", "%",
        "$", "²", "\\", "{", "\\frac", "\\text{", "<<", ">>", "é", "hour", " minutes", " and ", "x", "π", "，", ",",
        ".", ":", "!", "#### ", "个", "twice ",
    ];
    let mut state = 7_u64;
    for _ in 0..20_000 {
        let mut line = String::new();
        for _ in 0..24 {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            line.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        let mut reply = Reply::default();
        reply.line(&line, 0, true);
        for (place, _, _) in &reply.hits {
            assert!(line.get(place.start as usize..place.end as usize).is_some(), "{line}");
        }
    }
}
