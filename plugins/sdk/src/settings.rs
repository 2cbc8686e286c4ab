//! Settings: read from JSON with the path of what is wrong, and described as JSON Schema.
use serde_json::Deserializer;

use crate::{Policy, SettingsError};

/// Makes a policy from its settings in JSON.
pub(crate) fn configure<P: Policy>(json: &str) -> Result<P, Vec<SettingsError>> {
    // Serde would take a list for a struct, field by field; no operator means that.
    if !json.trim_start().starts_with('{') {
        return Err(vec![SettingsError::new("", "expected a JSON object, such as `{}`")]);
    }
    let mut reader = Deserializer::from_str(json);
    let settings = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        // The root's path is written `.`; the contract writes it as nothing.
        let path = Some(error.path().to_string())
            .filter(|path| path != ".")
            .unwrap_or_default();
        vec![SettingsError::new(path, words(&error.into_inner()))]
    })?;
    reader
        .end()
        .map_err(|error| vec![SettingsError::new("", words(&error))])?;
    P::new(settings)
}

/// An error without its line and column: they are those of JSON that the host made of what the operator wrote.
fn words(error: &serde_json::Error) -> String {
    let words = error.to_string();
    let end = words.rfind(" at line ").unwrap_or(words.len());
    words[..end].to_owned()
}

/// The JSON Schema of a policy's settings.
#[cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]
pub(crate) fn schema<P: Policy>() -> String {
    schemars::schema_for!(P::Settings).as_value().to_string()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{About, NoSettings, about};

    #[derive(Debug, Default, PartialEq, Deserialize, schemars::JsonSchema)]
    #[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
    struct Settings {
        rules: Vec<Rule>,
    }

    #[derive(Debug, PartialEq, Deserialize, schemars::JsonSchema)]
    #[serde(deny_unknown_fields, rename_all = "kebab-case")]
    struct Rule {
        min_tokens: u32,
    }

    #[derive(Debug, PartialEq)]
    struct Ruled(Settings);

    impl Policy for Ruled {
        type Settings = Settings;
        const ABOUT: About = about!("For the tests of settings.");
        fn new(settings: Settings) -> Result<Self, Vec<SettingsError>> {
            Ok(Self(settings))
        }
    }

    #[derive(Debug, PartialEq)]
    struct Bare;

    impl Policy for Bare {
        type Settings = NoSettings;
        const ABOUT: About = about!("Takes no settings.");
        fn new(_: NoSettings) -> Result<Self, Vec<SettingsError>> {
            Ok(Self)
        }
    }

    #[test]
    fn well_formed_settings_reach_the_policy() {
        let policy = configure::<Ruled>(r#"{"rules": [{"min-tokens": 4}]}"#).unwrap();
        assert_eq!(policy.0.rules, [Rule { min_tokens: 4 }]);
    }

    #[test]
    fn an_ill_typed_setting_is_named_by_its_path() {
        let errors = configure::<Ruled>(r#"{"rules": [{"min-tokens": 1}, {"min-tokens": "many"}]}"#).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].path, "rules[1].min-tokens");
        assert_eq!(errors[0].message, "invalid type: string \"many\", expected u32");
    }

    #[test]
    fn a_misspelt_setting_is_refused_with_the_names_that_exist() {
        let errors = configure::<Ruled>(r#"{"rule": []}"#).unwrap_err();
        assert_eq!(errors[0].path, "rule");
        assert!(errors[0].message.contains("expected `rules`"), "{}", errors[0].message);
    }

    #[test]
    fn something_wrong_with_the_whole_has_an_empty_path() {
        for json in ["[]", "{} {}", ""] {
            let errors = configure::<Bare>(json).unwrap_err();
            assert_eq!(errors[0].path, "", "{json}");
        }
    }

    #[test]
    fn a_policy_without_settings_takes_an_empty_object_and_nothing_else() {
        assert_eq!(configure::<Bare>("{}"), Ok(Bare));
        assert_eq!(configure::<Bare>(r#"{"x": 1}"#).unwrap_err()[0].path, "x");
    }

    #[test]
    fn the_schema_names_the_settings_as_operators_write_them() {
        let schema = schema::<Ruled>();
        assert!(
            schema.contains("\"rules\"") && schema.contains("\"min-tokens\""),
            "{schema}"
        );
    }
}
