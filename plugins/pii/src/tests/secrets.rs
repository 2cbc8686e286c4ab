//! Keys and passwords: which are found, and what only speaks of them.

use super::found;

#[test]
fn keys_of_services_are_told_by_their_beginnings() {
    let body = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    for (beginning, name) in [
        ("ghp_", "git-token"),
        ("xoxb-", "slack-token"),
        ("sk-", "model-key"),
        ("sk_live_", "service-key"),
    ] {
        let text = format!("the key {beginning}{body}, kept safe");
        assert_eq!(found(&text), [(name, format!("{beginning}{body}").as_str())]);
    }
    let token = format!("eyJ{body}.eyJ{body}.{body}");
    assert_eq!(found(&token), [("jwt", token.as_str())]);
}

#[test]
fn a_private_key_is_one_block_and_a_mention_of_one_is_none() {
    let key = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIB\n7a/Q+x==\n-----END EC PRIVATE KEY-----";
    assert_eq!(found(&format!("Here:\n{key}\nDone")), [("private-key", key)]);
    let cut = "-----BEGIN PRIVATE KEY-----\nMHcCAQEEIB\n7a/Q";
    assert_eq!(found(cut), [("private-key", cut)]);
    assert_eq!(
        found("It begins with -----BEGIN PRIVATE KEY-----\nand then come lines. Mail ada@lovelace.org."),
        [("EMAIL_ADDRESS", "ada@lovelace.org")]
    );
}

#[test]
fn keys_of_letters_alone_are_found() {
    let token = "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";
    assert_eq!(found(token), [("model-key", token)]);
    assert_eq!(found(&format!("my token {token} fails")), [("model-key", token)]);
    let key = "AKIAQXNWRTKZBHKJPWMC";
    assert_eq!(found(&format!("use {key} here")), [("aws-key", key)]);
    for name in [
        "hf_hub_download_with_progress_and_retries",
        "hf_transformers_are_the_best_libraryx",
    ] {
        assert_eq!(found(name), []);
    }
}

#[test]
fn a_credential_in_a_header_is_found_without_its_scheme() {
    let key = "8f3k2m9x7q4w1z6t5r0y";
    for text in [
        format!("Authorization: Bearer {key}"),
        format!("curl -H \"Authorization: Bearer {key}\" https://api.lovelace.org"),
        format!("{{\"authorization\": \"bearer {key}\"}}"),
        format!("headers = {{'Authorization': 'Token {key}'}}"),
    ] {
        assert_eq!(found(&text), [("assigned", key)], "{text}");
    }
    assert_eq!(found("Authorization: Bearer YOUR_TOKEN_1234567890"), []);
}

#[test]
fn webhooks_and_connection_strings_are_found() {
    let hook = "https://hooks.slack.com/services/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";
    assert_eq!(found(&format!("post to <{hook}>")), [("slack-token", hook)]);
    assert_eq!(
        found("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX"),
        []
    );
    let token = "xoxe.xoxp-1-Mi0yLTc4OTAxMjM0NTY3ODkwLTk4NzY1NDMyMTA";
    assert_eq!(found(token), [("slack-token", token)]);
    let key = "p4J8vX2mQ9sL6wZ1cB7nR5tY3kH0gF8dA2eU6iO4yT1qW9xV5zM7bN3jK8lS0rP6hG4fD2cE1aI9uY7oT5wQ3==";
    let line =
        format!("DefaultEndpointsProtocol=https;AccountName=lovelace;AccountKey={key};EndpointSuffix=core.windows.net");
    assert_eq!(found(&line), [("assigned", key)]);
}

#[test]
fn a_private_key_of_openpgp_is_one_block_with_its_headers() {
    let key = "-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: GnuPG v2\n\nlQOYBF3k\nQx/7+w==\n=njUN\n-----END PGP PRIVATE KEY BLOCK-----";
    assert_eq!(found(&format!("Mine is\n{key}\nand yours?")), [("private-key", key)]);
    assert_eq!(
        found("-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQENBF3k\n-----END PGP PUBLIC KEY BLOCK-----"),
        []
    );
}
