public import SecurityCore
import SecurityStore
import SecurityTokens

/// What keeps a request from being answered as it should.
enum SiteError: Error {
    /// A mail needs a link, and neither SERVER_NAME nor LIBSECURITY_PUBLIC_URL says to where.
    case noPublicURL
    /// The account was deleted meanwhile.
    case accountGone
    /// The random generator failed.
    case noRandomness
}

/// One site: its policy, and everything that answering for it needs. Immutable, so that all threads share it; another
/// configuration is another site.
public final class Site: Sendable {
    let policy: Policy
    let web: WebPolicy
    let templates: OwnTemplates
    let pages: PageRenderer
    let mailer: Mailer
    let stores: StorePool
    let rules: ProtectedRules
    let log: SiteLog
    let metrics: Metrics
    let routes: RouteTable
    let basicGrants = BasicGrants()
    private let unlistedProxies = UnlistedProxies()
    /// The OpenAPI description in YAML.
    let description: [UInt8]

    /// The site of a valid policy and its settings. What it counts goes on where the site before it stopped.
    public init(policy: Policy, settings: Settings, log: SiteLog, metrics: Metrics = Metrics()) throws {
        self.policy = policy
        web = try WebPolicy(settings, policy: policy)
        if web.linkBase == nil, let key = web.features.keyThatMailsLinks {
            throw InvalidConfiguration(
                key,
                "mails links, and nothing says where they lead: set LIBSECURITY_PUBLIC_URL, such as"
                    + " \"https://id.example.org\", or SERVER_NAME")
        }
        templates = try OwnTemplates(
            folder: web.templateFolder,
            names: web.pageTemplates + MailName.allCases.flatMap { [$0.textTemplate, $0.htmlTemplate] })
        pages = try PageRenderer(own: templates)
        mailer = try Mailer(settings)
        stores = StorePool(policy.database)
        rules = ProtectedRules(web.protected)
        routes = RouteTable(web, policy)
        description = Array(APIDescription(web: web, policy: policy, routes: routes).document.yaml.utf8)
        self.log = log
        self.metrics = metrics
    }

    /// The site of a configuration file, or everything that is wrong with it.
    public static func load(file: String, log: SiteLog) throws -> Site {
        let (reading, settings) = try PolicyReader.readAll(file: file)
        guard let policy = reading.policy, let settings else { throw InvalidConfiguration(reading.errors) }
        return try Site(policy: policy, settings: settings, log: log)
    }

    var environment: Environment { .system }

    var sessionCookies: SessionCookie {
        SessionCookie(key: policy.secrets.secretKey, fallbacks: policy.secrets.fallbackKeys)
    }

    var rememberCookies: RememberCookie? {
        RememberCookie(key: policy.secrets.secretKey, fallbacks: policy.secrets.fallbackKeys)
    }

    var csrfSerializer: TimedSerializer {
        TimedSerializer(
            Signer(
                key: policy.secrets.csrfKey ?? policy.secrets.secretKey, fallbacks: policy.secrets.fallbackKeys,
                salt: policy.tokens.csrf.salt))
    }

    var hasher: PasswordHasher {
        PasswordHasher(policy: policy.passwords, salt: policy.secrets.passwordSalt, random: environment.random)
    }

    var stylesheetPath: RequestPath { RequestPath(web.url("SECURITY_STATIC_FOLDER_URL") + "/style.css") }

    static let healthPath = RequestPath("/healthz")

    /// Tells the administrator, once for each address, of a proxy whose clients cannot be told apart.
    func nameUnlistedProxy(_ peer: String, _ request: WebRequest) {
        guard unlistedProxies.isFirst(peer) else { return }
        log.warning(
            "a proxy at \(peer) forwards requests, and LIBSECURITY_PROXY_FIX does not say how to read whose they are: guesses are"
                + " limited by account alone; set LIBSECURITY_PROXY_FIX = { x_for = 1, trusted = [\"\(peer)\"] }",
            request: request)
    }

    /// Mails of this site about a request.
    func mail(_ exchange: Exchange) -> AccountMails { AccountMails(exchange: exchange) }
}

/// A configuration that cannot be used.
public struct InvalidConfiguration: Error, CustomStringConvertible {
    /// What is wrong, in the order of lines.
    public let diagnostics: [Diagnostic]

    /// What is wrong with a file.
    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    /// One key that cannot be as it is, and why.
    init(_ key: String, _ flaw: String) {
        self.init([Diagnostic(configuration: key, "\(key) \(flaw)")])
    }

    /// One line for each.
    public var description: String { diagnostics.map { $0.description }.joined(separator: "\n") }
}

extension Diagnostic {
    /// What is wrong with a key that only the service reads.
    init(configuration key: String, _ message: String) {
        self.init(severity: .error, path: "security.toml", line: nil, key: key, message: message)
    }
}

/// Where a site writes what happened.
public struct SiteLog: Sendable {
    /// How grave a line is.
    public enum Level: Sendable {
        case notice, warning, error
    }

    private let write: @Sendable (Level, String, String) -> Void

    /// A log that hands over level, line and the request's id.
    public init(_ write: @escaping @Sendable (_ level: Level, _ line: String, _ request: String) -> Void) {
        self.write = write
    }

    /// A decision. Mail addresses and phone numbers stay out of the log: the account's id names it as well.
    func audit(_ record: AuditRecord, request: WebRequest) {
        var record = record
        let isName = record.user.map { name in
            !name.utf8.contains(0x40) && name.utf8.contains { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
        }
        if isName != true { record.user = nil }
        write(.notice, record.line, request.id)
    }

    /// Something that happened, and that names nobody.
    func notice(_ line: String, request: WebRequest) { write(.notice, line, request.id) }

    /// Something that an administrator should mend.
    func warning(_ line: String, request: WebRequest) { write(.warning, line, request.id) }

    /// Something that needs an administrator.
    func error(_ line: String, request: WebRequest) { write(.error, line, request.id) }
}
