/// What mail addresses may be (SECURITY_EMAIL_VALIDATOR_ARGS: the arguments of email_validator's `validate_email`).
public struct EmailPolicy: Equatable, Sendable {
    /// `allow_smtputf8`: letters beyond ASCII before the `@` (RFC 6531).
    public var allowsSMTPUTF8 = true
    /// `allow_empty_local`: nothing before the `@`.
    public var allowsEmptyLocal = false
    /// `allow_quoted_local`: `"ann lee"@example.org` (RFC 5321 section 4.1.2).
    public var allowsQuotedLocal = false
    /// `allow_domain_literal`: `ann@[192.0.2.1]` (RFC 5321 section 4.1.3).
    public var allowsDomainLiteral = false
    /// `allow_display_name`: `Ann Lee <ann@example.org>`; the name is dropped.
    public var allowsDisplayName = false
    /// `strict`: at most 64 characters before the `@`. email_validator 1.3 is always so strict, 2.4 never by itself.
    public var isStrict = false
    /// `globally_deliverable`: the domain has a dot, and a top-level domain that ends with a letter.
    public var isGloballyDeliverable = true
    /// `test_environment`: `@test` and domains below it, and no question to the DNS.
    public var isTestEnvironment = false
    /// `check_deliverability`: a new address's domain must take mail by its DNS records. Unlike email_validator, off
    /// where the key is absent: an administrator's command must not depend on a network that nobody mentioned. Never at
    /// a login.
    public var checksDeliverability = false
    /// `timeout` of those questions together, in seconds. What nobody answers in time is taken.
    public var timeoutSeconds = 15

    /// email_validator's defaults.
    public init() {}
}
