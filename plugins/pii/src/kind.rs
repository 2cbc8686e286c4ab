//! What can be found.

/// A kind of personal data, by the names that Presidio gave them, or of secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// An address of e-mail.
    Email,
    /// A telephone number.
    Phone,
    /// The number of a payment card.
    Card,
    /// An international bank account number.
    Iban,
    /// An internet address, version 4 or 6.
    Ip,
    /// A social security number of the United States.
    Ssn,
    /// An access key of Amazon's cloud.
    AwsKey,
    /// A token of GitHub or GitLab.
    GitToken,
    /// A token of Slack.
    SlackToken,
    /// A key for a model's API, such as those of OpenAI and Anthropic.
    ModelKey,
    /// A key of another service that is known by its beginning.
    ServiceKey,
    /// A signed JSON web token.
    Jwt,
    /// A block with a private key.
    PrivateKey,
    /// A password within an address, as in `postgres://user:password@host`.
    UrlPassword,
    /// Random characters that are given a name such as `password` or `api_key`.
    Assigned,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Email,
        Self::Phone,
        Self::Card,
        Self::Iban,
        Self::Ip,
        Self::Ssn,
        Self::AwsKey,
        Self::GitToken,
        Self::SlackToken,
        Self::ModelKey,
        Self::ServiceKey,
        Self::Jwt,
        Self::PrivateKey,
        Self::UrlPassword,
        Self::Assigned,
    ];

    /// A stable word for machines: `pii:TYPE` or `secret:KIND`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Email => "pii:EMAIL_ADDRESS",
            Self::Phone => "pii:PHONE_NUMBER",
            Self::Card => "pii:CREDIT_CARD",
            Self::Iban => "pii:IBAN_CODE",
            Self::Ip => "pii:IP_ADDRESS",
            Self::Ssn => "pii:US_SSN",
            Self::AwsKey => "secret:aws-key",
            Self::GitToken => "secret:git-token",
            Self::SlackToken => "secret:slack-token",
            Self::ModelKey => "secret:model-key",
            Self::ServiceKey => "secret:service-key",
            Self::Jwt => "secret:jwt",
            Self::PrivateKey => "secret:private-key",
            Self::UrlPassword => "secret:url-password",
            Self::Assigned => "secret:assigned",
        }
    }

    /// The code without its family, such as `EMAIL_ADDRESS` or `aws-key`.
    pub fn name(self) -> &'static str {
        let code = self.code();
        code.split_once(':').map_or(code, |(_, name)| name)
    }

    /// Whether it gives access to something, and does not tell of somebody.
    pub fn is_secret(self) -> bool {
        self.code().starts_with("secret:")
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Email => "an e-mail address",
            Self::Phone => "a telephone number",
            Self::Card => "the number of a payment card",
            Self::Iban => "a bank account number",
            Self::Ip => "an internet address",
            Self::Ssn => "a social security number",
            Self::AwsKey => "an access key of AWS",
            Self::GitToken => "a token of GitHub or GitLab",
            Self::SlackToken => "a token of Slack",
            Self::ModelKey => "a key for a model's API",
            Self::ServiceKey => "a key of a service",
            Self::Jwt => "a signed web token",
            Self::PrivateKey => "a private key",
            Self::UrlPassword => "a password in an address",
            Self::Assigned => "what looks like a password or key",
        }
    }
}
