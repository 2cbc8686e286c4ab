//! scratch
use pointsman_policy::{Policy, Router, testing};
use router_rules::Rules;
fn main() {
    let t = std::time::Instant::now();
    let policy: Rules = testing::configure("{}").unwrap();
    println!("new {:?}", t.elapsed());
    for text in [
        "hello there!",
        "Find the degree for the given field extension Q(sqrt(2), sqrt(3), sqrt(18)) over Q.\nA. 0\nB. 4\nC. 2\nD. 6\nAnswer:",
        "The weather in the north of the country has been rather unstable during the last few weeks, with showers and a cold wind from the sea that kept most people at home. Could you tell me a story about a sailor who has to go out anyway, and meets somebody that he has not seen for many years? Make it warm and a little sad, please, and not longer than a page.",
    ] {
        let turn = testing::turn().user(text).candidates(["small", "large"]).build();
        let c = policy.route(&turn).unwrap();
        for _ in 0..3 {
            let n = 20000;
            let t = std::time::Instant::now();
            for _ in 0..n {
                std::hint::black_box(policy.route(&turn).unwrap());
            }
            println!("{} {:?}", c.reasons[0].code, t.elapsed() / n);
        }
        let t = std::time::Instant::now();
        for _ in 0..20000 {
            std::hint::black_box((
                turn.candidates(),
                turn.messages(0, 1),
                turn.text(0),
                turn.limits(),
                turn.tokens(),
                turn.tools(),
            ));
        }
        println!("   reads {:?}", t.elapsed() / 20000);
    }
}
