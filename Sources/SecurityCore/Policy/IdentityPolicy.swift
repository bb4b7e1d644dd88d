/// One entry of SECURITY_USER_IDENTITY_ATTRIBUTES.
public struct IdentityAttribute: Equatable, Sendable {
    /// The columns that may identify an account.
    public enum Column: String, Sendable {
        case email
        case username
        case phone = "us_phone_number"
    }

    /// Flask-Security's mapper functions by name.
    public enum Mapper: String, Sendable {
        case email = "uia_email_mapper"
        case phone = "uia_phone_mapper"
        case username = "uia_username_mapper"
        /// The text as it is.
        case identity = "uia_identity_mapper"
    }

    /// The column that is searched.
    public var column: Column
    /// Turns a typed text into what the column holds, or into nothing when it cannot be of this kind.
    public var mapper: Mapper
    /// Whether the search ignores case.
    public var caseInsensitive: Bool

    /// An entry of three parts.
    public init(column: Column, mapper: Mapper, caseInsensitive: Bool) {
        self.column = column
        self.mapper = mapper
        self.caseInsensitive = caseInsensitive
    }
}

/// What usernames may be (SECURITY_USERNAME_*).
public struct UsernamePolicy: Equatable, Sendable {
    /// SECURITY_USERNAME_ENABLE: accounts may have a username, and may be looked up by it.
    public var isEnabled = false
    /// SECURITY_USERNAME_REQUIRED: every new account needs one.
    public var isRequired = false
    /// SECURITY_USERNAME_MIN_LENGTH, in code points after normalisation; inclusive.
    public var minimumLength = 4
    /// SECURITY_USERNAME_MAX_LENGTH; inclusive.
    public var maximumLength = 32
    /// SECURITY_USERNAME_NORMALIZE_FORM, or SECURITY_INPUT_NORMALIZE_FORM since 5.9; nil = as typed.
    public var normalization: NormalizationForm? = .nfkd

    /// Flask-Security's defaults.
    public init() {}
}
