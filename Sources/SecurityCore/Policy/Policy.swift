/// One site's whole policy, typed: what a valid `security.toml` says, with Flask-Security's defaults for what it
/// leaves out.
///
/// A value exists only if the file was valid: there is no half-read policy.
public final class Policy {
    /// The keys that sign and encrypt.
    public let secrets: PolicySecrets
    /// How passwords are hashed and judged.
    public let passwords: PasswordPolicy
    /// Which factors a login needs.
    public let factors: FactorPolicy
    /// How one-time codes are made and checked.
    public let totp: TOTPPolicy
    /// How a typed identity becomes an account.
    public let identities: [IdentityAttribute]
    /// Who may log in on hosts.
    public let hosts: HostPolicy
    /// How guesses are slowed down.
    public let throttle: ThrottlePolicy
    /// How long a completed factor counts.
    public let freshness: FreshnessPolicy
    /// Where the accounts are.
    public let database: DatabaseLocation
    /// Whether sign-ins are recorded in the account (SECURITY_TRACKABLE).
    public let isTrackable: Bool
    /// Whether users may change their passwords (SECURITY_CHANGEABLE).
    public let isChangeable: Bool
    /// Whether `securityctl` takes passwords as arguments (LIBSECURITY_CLI_PASSWORD_ARGUMENT).
    public let allowsPasswordArgument: Bool
    /// What usernames may be.
    public let usernames: UsernamePolicy
    /// What mail addresses and phone numbers may be.
    public let addresses: AddressPolicy
    /// How tokens and cookies are signed, and how long they are good.
    public let tokens: TokenPolicy
    /// What people are told, and in which languages.
    public let messages: MessageCatalogue

    /// Puts a policy together; ``PolicyReader`` is who does so.
    public init(
        secrets: PolicySecrets, passwords: PasswordPolicy, factors: FactorPolicy, totp: TOTPPolicy,
        identities: [IdentityAttribute], hosts: HostPolicy, throttle: ThrottlePolicy, freshness: FreshnessPolicy,
        database: DatabaseLocation, isTrackable: Bool, isChangeable: Bool, allowsPasswordArgument: Bool,
        usernames: UsernamePolicy = UsernamePolicy(), tokens: TokenPolicy = TokenPolicy(),
        addresses: AddressPolicy = AddressPolicy(), messages: MessageCatalogue = MessageCatalogue()
    ) {
        self.secrets = secrets
        self.passwords = passwords
        self.factors = factors
        self.totp = totp
        self.identities = identities
        self.hosts = hosts
        self.throttle = throttle
        self.freshness = freshness
        self.database = database
        self.isTrackable = isTrackable
        self.isChangeable = isChangeable
        self.allowsPasswordArgument = allowsPasswordArgument
        self.usernames = usernames
        self.addresses = addresses
        self.tokens = tokens
        self.messages = messages
    }
}

// Nothing in a policy changes after it was made: its values, and the secrets that it shares, are only read.
extension Policy: @unchecked Sendable {}
