//! Settings that cannot be used, and what is said of them.

use super::*;

#[test]
fn an_unknown_setting_is_named_with_its_line() {
    let error = Settings::from_toml("[[models]]\nname = \"a\"\nprize = 1\n")
        .unwrap_err()
        .to_string();
    assert!(error.contains("line 3") && error.contains("prize"), "{error}");
}

#[test]
fn an_ill_typed_setting_says_what_was_expected() {
    let error = Settings::from_toml("[[models]]\nname = \"a\"\nwindow = \"large\"\n")
        .unwrap_err()
        .to_string();
    assert!(error.contains("u32") && error.contains("line 3"), "{error}");
}

#[test]
fn no_model_is_an_error_and_a_missing_price_is_not() {
    assert!(matches!(Settings::from_toml(""), Err(SettingsError::NoModels)));
    let settings = Settings::from_toml("[[models]]\nname = \"a\"\n").unwrap();
    assert_eq!(settings.models[0].input_price, None);
    let negative = Settings::from_toml("[[models]]\nname = \"a\"\ninput-price = -1.0\n");
    assert!(negative.unwrap_err().to_string().contains("-1"));
}

#[test]
fn only_a_checker_holds_a_stream_back_and_within_bounds() {
    let base = "[[models]]\nname = \"a\"\n[[slots]]\nname = \"s\"\npolicy = \"p\"\n";
    let refusal = |more: &str| Settings::from_toml(&format!("{base}{more}")).unwrap_err().to_string();
    let router = refusal("kind = \"router\"\nhold-back = { tokens = 4 }\n");
    assert!(router.contains("only a checker"), "{router}");
    let long = refusal("kind = \"checker\"\nhold-back = { tokens = 65537 }\n");
    assert!(long.contains("at most 65536 tokens"), "{long}");
}

#[test]
fn a_slot_without_a_policy_or_with_two_sources_is_refused() {
    let base = "[[models]]\nname = \"a\"\n[[slots]]\nname = \"r\"\nkind = \"router\"\n";
    assert!(Settings::from_toml(base).unwrap_err().to_string().contains("neither"));
    let both = format!("{base}policy = \"x\"\n[[slots.arms]]\nname = \"one\"\npolicy = \"y\"\n");
    assert!(Settings::from_toml(&both).unwrap_err().to_string().contains("both"));
}

#[test]
fn limits_and_windows_of_nothing_are_refused_and_so_are_arms_of_one_name() {
    let refusal = |text: &str| Settings::from_toml(text).unwrap_err().to_string();
    let model = "[[models]]\nname = \"a\"\n";
    let instances = refusal(&format!("{model}[sandbox]\ninstances = 0\n"));
    assert!(instances.contains("`sandbox.instances` is 0"), "{instances}");
    let window = refusal(&format!("{model}window = 0\n"));
    assert!(window.contains("models[0]: a window of 0"), "{window}");
    let health = refusal(&format!(
        "{model}health = {{ state = \"healthy\", error-rate = 7.0 }}\n"
    ));
    assert!(health.contains("an error-rate of 7"), "{health}");
    let arm = "[[slots.arms]]\nname = \"one\"\npolicy = \"p\"\n";
    let arms = refusal(&format!(
        "{model}[[slots]]\nname = \"s\"\nkind = \"router\"\n{arm}{arm}"
    ));
    assert!(arms.contains("slot `s` has an arm whose name `one`"), "{arms}");
}
