import SecurityCore
import SecurityStore
import SecurityTokens

/// One request on its way to an answer: what was asked, who asks, and what the answer will set.
///
/// Requirements (tests name the number):
/// 1. An exchange lives on one thread and for one request; nothing of an account is remembered beyond it.
/// 2. Whoever it speaks for is found once and does not change but by ``signIn(_:remember:)`` and ``signOut()``.
/// 3. A failure of the database or of randomness is an answer of status 503 or 500, never a success.
final class Exchange {
    let site: Site
    let request: WebRequest
    let now: Instant
    let submission: Submission
    let cookies: RequestCookies
    let query: [(name: ByteText, value: String)]
    let wantsJSON: Bool
    var session: FlaskSession
    /// When the session's cookie was signed; nil = there is none.
    let sessionSignedAt: Int64?
    var setCookies: [SetCookie] = []
    /// Whether a CSRF token was checked and found good, so that forms need not ask again.
    var isCSRFSettled = false
    /// What a reverse proxy asks about; nil = this request itself.
    var originalTarget: String?
    private let originalSession: FlaskSession
    /// Whether its thread may be held up, by a lock of the database or by a write.
    let mayWait: Bool
    /// Whether it failed at what could succeed if it waited, so that its answer is none.
    var mustWait = false
    private var openStore: (any AccountDirectory)?
    private var foundCaller: Account??
    private var csrfToken: String?
    private var openTranslations: Translations?
    /// Messages whose first attempt this request makes.
    var waitingMessages: [Int64] = []

    init(site: Site, request: WebRequest, mayWait: Bool = true) {
        self.site = site
        self.mayWait = mayWait
        self.request = request
        submission = Submission(request)
        now = site.environment.now()
        cookies = RequestCookies(request)
        query = PercentCoding.pairs(request.rawQuery.utf8).map { pair in
            (ByteText(String(decoding: pair.name, as: UTF8.self)), String(decoding: pair.value, as: UTF8.self))
        }
        wantsJSON = MediaType.wantsJSON(request)
        let cookie = cookies[site.web.session.name].map { Array($0.utf8) } ?? []
        if case .valid(let session, let signedAt, _) = site.sessionCookies.read(
            cookie.span, maxAge: site.policy.tokens.sessionMaxAgeSeconds, now: now)
        {
            self.session = session
            sessionSignedAt = signedAt
        } else {
            session = FlaskSession()
            sessionSignedAt = nil
        }
        originalSession = session
    }

    /// The account database, opened at first use.
    func store() throws(StoreError) -> any AccountDirectory {
        if let openStore { return openStore }
        let store = try site.stores.take(mayWait: mayWait)
        openStore = store
        return store
    }

    /// Gives the account database back; nothing of this request may ask it any more.
    func close() {
        guard let store = openStore else { return }
        openStore = nil
        site.stores.giveBack(store)
    }

    /// Makes and judges tokens.
    func tokens() throws(StoreError) -> AccountTokens {
        AccountTokens(policy: site.policy, store: try store(), environment: site.environment)
    }

    /// The method; HEAD is answered as GET without its body.
    var method: String { request.method == "HEAD" ? "GET" : request.method }

    /// A parameter of the query.
    func parameter(_ name: String) -> String? { query.first { $0.name == ByteText(name) }?.value }

    // MARK: Where it comes from

    /// The client's address, by the trusted proxies.
    var clientAddress: String? { site.web.proxies.client(of: request) }

    /// Where it comes from, as far as that can be seen.
    private(set) lazy var place: ClientPlace = {
        let place = ClientPlace(request, site.web.proxies)
        if !place.isSeen, let peer = request.peer { site.nameUnlistedProxy(peer, request) }
        return place
    }()

    /// Where guesses from here are counted.
    var origin: Origin { place.origin }

    /// Whether the client speaks HTTPS. Its own word for it makes the checks stricter, and buys nothing.
    var isSecure: Bool {
        if request.isTLS { return true }
        guard site.web.proxies.trusts(request) else { return false }
        return ProxyPolicy.saysHTTPS(request)
    }

    /// The request's own authority.
    var host: String { request.header("host") ?? site.web.serverName ?? "localhost" }

    /// Path and query of what is asked for.
    var wantedTarget: String { originalTarget ?? request.target }

    /// LIBSECURITY_ORIGIN_CHECK: false for a request that a page of another site sent (Origin, Sec-Fetch-Site).
    var hasOwnOrigin: Bool {
        guard site.web.checksOrigin, site.web.csrf.methods.contains(request.method) else { return true }
        if request.header("sec-fetch-site") == "cross-site" { return false }
        guard let origin = request.header("origin"), origin != "null" else { return true }
        guard let authority = TargetURL(origin).authority.map({ ByteText($0) }) else { return false }
        return authority == ByteText(host)
            || authority == site.web.linkBase.flatMap { TargetURL($0).authority }.map { ByteText($0) }
    }

    // MARK: Texts

    /// The reader's language.
    var translations: Translations {
        if let openTranslations { return openTranslations }
        let header = request.headerList("accept-language").flatMap { LanguagePreferences(acceptLanguage: $0) }
        let preferences = header.flatMap { $0.locales.isEmpty ? nil : $0 }
        let opened = site.policy.messages.translations(for: preferences)
        openTranslations = opened
        return opened
    }

    /// The name of the reader's language, for the page.
    var language: String {
        let header = request.headerList("accept-language").flatMap { LanguagePreferences(acceptLanguage: $0) }
        let locales = header.map { $0.locales } ?? []
        return (locales.isEmpty ? site.policy.messages.defaultLanguage.locales : locales).first?.language ?? "en"
    }

    /// A message in the reader's language.
    func text(_ message: Message) -> String { site.policy.messages.text(message, in: translations) }

    /// One of Flask-Security's messages.
    func text(_ key: MessageKey, _ arguments: Message.Argument...) -> String {
        text(Message(key, arguments: arguments))
    }

    /// A text of a page or a mail, with values for its placeholders.
    func label(_ text: PageText, _ values: Message.Argument...) -> String {
        // A sentence is looked up in the catalogues as it is.
        values.reduce(self.text(Message(sentence: text.rawValue))) { text, value in
            ByteText(text).replacing(ByteText("%(\(value.name))s"), with: ByteText(value.value)).string
        }
    }

    /// Leaves a message for the next page.
    func flash(_ key: MessageKey, _ arguments: Message.Argument...) {
        flash(Message(key, arguments: arguments), key)
    }

    /// The same, of a message that was put together before.
    func flash(_ message: Message, _ key: MessageKey) {
        guard site.web.features.flashes else { return }
        var waiting: [SessionValue] = []
        if case .list(let list) = session["_flashes"] { waiting = list }
        let level = site.policy.messages.level(of: key).rawValue
        let text = text(message)
        waiting.append(.tuple([.string(JSONString(level)), .string(JSONString(text))]))
        session["_flashes"] = .list(waiting)
    }

    /// The messages that wait, which are shown now.
    func takeFlashes() -> [Flash] {
        guard case .list(let waiting) = session["_flashes"] else { return [] }
        session["_flashes"] = nil
        return waiting.compactMap { entry in
            let parts: [SessionValue]
            switch entry {
            case .tuple(let values), .list(let values): parts = values
            default: return nil
            }
            guard parts.count == 2, case .string(let category) = parts[0], let category = category.string else {
                return nil
            }
            switch parts[1] {
            case .string(let text), .markup(let text):
                return text.string.map { Flash(category: category, text: $0) }
            default: return nil
            }
        }
    }

    // MARK: Who asks

    /// Who is signed in by session or remember cookie; nil = nobody.
    func caller() throws(StoreError) -> Account? {
        if let foundCaller { return foundCaller }
        let account = try sessionCaller()
        foundCaller = .some(account)
        return account
    }

    /// Takes somebody for the caller of this request: by a token, a password, or because the account was read anew.
    func setCaller(_ account: Account?) { foundCaller = .some(account) }

    // MARK: CSRF

    /// The CSRF token of this session, signed now.
    func csrfTokenText() -> String {
        if let csrfToken { return csrfToken }
        if session.csrfToken == nil {
            guard let random = site.environment.random(20) else { return "" }
            session["csrf_token"] = .string(JSONString(random.withBytes { Hex.text($0) }))
        }
        let value = session.csrfToken.map { JSONValue.string($0) } ?? .null
        let token = site.csrfSerializer.dumps(value, at: now).text
        csrfToken = token
        return token
    }

    /// Forgets the token: the session has a new owner.
    func dropCSRFToken() {
        session["csrf_token"] = nil
        csrfToken = nil
    }

    /// Runs changes of the database as one transaction: all of them, messages included, or none.
    func atomically(_ body: () throws -> Void) throws {
        var failure: (any Error)?
        do {
            try store().together { () throws(StoreError) in
                do {
                    try body()
                } catch {
                    failure = error
                    // Any error undoes the transaction; which one it was is told below.
                    throw StoreError.missingAccount(id: 0)
                }
            }
        } catch {
            waitingMessages = []
            throw failure ?? error
        }
    }

    /// Changes an account and writes the mail that tells its owner, as one transaction; the account as it is then.
    func change(
        _ account: Account, _ body: () throws -> Void, telling tell: (Account) throws -> Void
    ) throws -> Account {
        var changed: Account?
        try atomically {
            try body()
            guard let account = try store().account(id: account.id) else { throw SiteError.accountGone }
            try tell(account)
            changed = account
        }
        guard let changed else { throw SiteError.accountGone }
        return changed
    }

    // MARK: The end

    /// Whether the session changed since it came in.
    var sessionChanged: Bool { session != originalSession }

    /// Whether there was a session to begin with.
    var hadSession: Bool { !originalSession.members.isEmpty }
}
