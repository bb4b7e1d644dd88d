/// One entry of SECURITY_USER_IDENTITY_ATTRIBUTES.
public struct IdentityAttribute: Equatable, Sendable {
    /// A column of table `user`: one of Flask-Security's, or one that the application added.
    public struct Column: RawRepresentable, Hashable, Sendable {
        /// The name in the table.
        public let rawValue: String

        /// A column of any name; ``isAcceptable`` tells whether it may come out of a file.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// `email`.
        public static let email = Column(rawValue: "email")
        /// `username`.
        public static let username = Column(rawValue: "username")
        /// `us_phone_number`.
        public static let phone = Column(rawValue: "us_phone_number")
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
    /// SECURITY_USERNAME_ALLOWED_CHARS: what Unicode categories may begin with, such as `L` or `Nd`; empty = no rule.
    public var allowedCategories = ["L", "N"]

    /// Flask-Security's defaults.
    public init() {}
}

extension IdentityAttribute.Column {
    /// Columns that hold secrets, keys or states: whoever knew such a value would name an account by it.
    private static let unfit: Set<ByteText> = [
        "id", "active", "password", "fs_uniquifier", "fs_token_uniquifier", "fs_webauthn_user_handle", "confirmed_at",
        "tf_primary_method", "tf_totp_secret", "us_totp_secrets", "mf_recovery_codes", "login_count",
    ]

    /// Whether the name is an identifier (letters, digits, `_`; at most 63) of a column that may identify an account.
    public var isAcceptable: Bool {
        let bytes = rawValue.utf8
        guard let first = bytes.first, bytes.count <= 63, !(0x30...0x39).contains(first) else { return false }
        let isIdentifier = bytes.allSatisfy { byte in
            byte == 0x5F || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte)
        }
        return isIdentifier && !IdentityAttribute.Column.unfit.contains(ByteText(rawValue).lowered)
    }

    /// The mapper that an attribute gets when it names none.
    var usualMapper: IdentityAttribute.Mapper {
        switch self {
        case .email: .email
        case .username: .username
        case .phone: .phone
        default: .identity
        }
    }
}
