//! Which decisions changed from one build to the next.

use pointsman::{Case, Got};

use super::Came;

/// Changes that are shown; the others are counted.
const SHOWN: usize = 20;

/// What changed since the build before, in words; at first, what differs from what is expected.
pub(super) fn words(cases: &[Case], came: &[Came], before: Option<&[Came]>) -> String {
    let mut out = String::new();
    let before = before.filter(|before| before.len() == came.len());
    let mut shown = 0;
    let mut held = 0;
    let mut changed = 0;
    for (at, (case, now)) in cases.iter().zip(came).enumerate() {
        let differences = match now {
            Ok(got) => got.differences(&case.expected),
            Err(why) => vec![why.clone()],
        };
        held += usize::from(differences.is_empty());
        let was = before.map(|before| &before[at]);
        let tell = match was {
            Some(was) => was != now,
            None => !differences.is_empty(),
        };
        changed += usize::from(was.is_some_and(|was| was != now));
        if !tell {
            continue;
        }
        shown += 1;
        if shown > SHOWN {
            continue;
        }
        let mark = if differences.is_empty() {
            "as expected"
        } else {
            "NOT as expected"
        };
        let name = if case.name.is_empty() {
            format!("case {}", at + 1)
        } else {
            case.name.clone()
        };
        out += &format!("{name}: {mark}\n");
        if let Some(was) = was {
            out += &format!("  was  {}\n  is   {}\n", of(was), of(now));
        }
        for difference in differences {
            out += &format!("  {difference}\n");
        }
    }
    if shown > SHOWN {
        out += &format!("… and {} more\n", shown - SHOWN);
    }
    let since = match before {
        Some(_) => format!("; {changed} changed since the build before"),
        None => String::new(),
    };
    out + &format!("{held} of {} as expected{since}\n", cases.len())
}

fn of(came: &Came) -> String {
    match came {
        Ok(Got(fields)) => serde_json::Value::Object(fields.clone()).to_string(),
        Err(why) => why.clone(),
    }
}
