import SecurityCore
import SecurityTokens

/// LIBSECURITY_PROTECTED: pages of our own, and the answers to reverse proxies that ask who may see theirs.
struct ProtectedFlow {
    let exchange: Exchange
    private var site: Site { exchange.site }

    // MARK: Our own pages

    func page(_ rule: ProtectedRule) throws -> WebResponse {
        try admitted(by: rule) { _ in
            if exchange.wantsJSON, let json = rule.json { return exchange.jsonDocument(JSONValue(json)) }
            if rule.isPlain { return .html(rule.content ?? "") }
            return try PageBuilder(exchange).content(rule.content ?? "")
        }
    }

    /// Runs `body` for whoever a rule lets in.
    private func admitted(
        by rule: ProtectedRule, _ body: (Account?) throws -> WebResponse
    ) throws -> WebResponse {
        guard !rule.mechanisms.isEmpty else {
            let account = try exchange.caller()
            return try isPermitted(account, rule) ? try body(account) : exchange.unauthorized()
        }
        let freshness = rule.freshWithin.map { within in
            FreshnessPolicy(within: within, grace: rule.freshGrace ?? site.policy.freshness.grace)
        }
        return try exchange.authenticated(by: rule.mechanisms, freshness: freshness, realm: rule.realm) { caller in
            try isPermitted(caller.account, rule) ? try body(caller.account) : exchange.unauthorized()
        }
    }

    private func isPermitted(_ account: Account?, _ rule: ProtectedRule) throws -> Bool {
        let asksRoles = !rule.rolesRequired.isEmpty || !rule.rolesAccepted.isEmpty
        let asksPermissions = !rule.permissionsRequired.isEmpty || !rule.permissionsAccepted.isEmpty
        guard asksRoles || asksPermissions else { return true }
        guard let account else { return false }
        let roles = Set(try exchange.store().roleNames(ofAccount: account.id).map { ByteText($0) })
        guard rule.rolesRequired.allSatisfy(roles.contains),
            rule.rolesAccepted.isEmpty || rule.rolesAccepted.contains(where: roles.contains)
        else { return false }
        guard asksPermissions else { return true }
        let held = Set(
            try exchange.store().roles().filter { roles.contains(ByteText($0.name)) }
                .flatMap { $0.permissions.map { ByteText($0) } })
        return rule.permissionsRequired.allSatisfy(held.contains)
            && (rule.permissionsAccepted.isEmpty || rule.permissionsAccepted.contains(where: held.contains))
    }

    // MARK: /authz

    /// The answer to a reverse proxy (nginx `auth_request`, Caddy `forward_auth`, Traefik ForwardAuth).
    ///
    /// | what | answer |
    /// | --- | --- |
    /// | from a proxy that is not listed, both sets of headers, one missing or malformed | 400 |
    /// | a path that two programs may read in two ways | 400 |
    /// | no rule for the path, or another one where case or a slash at the end does not count | 403 |
    /// | a rule that lets the caller in | 200 with X-Auth-User, X-Auth-Email, X-Auth-Roles |
    /// | not signed in, or not permitted | as a page of our own; a redirect is 401 with its Location where nginx asks, which takes no
    ///   redirect from here |
    func authorize() throws -> WebResponse {
        guard let original = ForwardedRequest(exchange.request, site.web.proxies) else {
            return .text(
                "Bad Request: X-Forwarded-Method and -Uri, or X-Original-Method and -URI, of a listed proxy",
                status: 400)
        }
        guard let rule = site.rules.rule(for: original.path), rule.methods.contains(original.method) else {
            return exchange.unauthorized()
        }
        exchange.originalTarget = original.target
        var response = try admitted(by: rule) { account in
            var response = WebResponse(status: 200)
            let roles = try account.map { try exchange.store().roleNames(ofAccount: $0.id).sorted() } ?? []
            response.headers = [
                HeaderField("X-Auth-User", try account.map { Header.safe(try exchange.userName(of: $0)) } ?? ""),
                HeaderField("X-Auth-Email", account.map { Header.safe($0.email) } ?? ""),
                HeaderField("X-Auth-Roles", roles.map { Header.safeItem($0) }.joined(separator: ",")),
            ]
            return response
        }
        if original.isNginx, response.status == 302 { response.status = 401 }
        return response
    }
}

/// Values of header fields.
enum Header {
    /// A text in visible ASCII; other bytes percent-encoded, so that no name can forge a field.
    static func safe(_ text: String) -> String {
        PercentCoding.encode(text, safe: "!#$&'()*+,/:;=?@[]|~^`{}\"<> ")
    }

    /// The same of one text in a list with commas, so that no name reads as two.
    static func safeItem(_ text: String) -> String {
        PercentCoding.encode(text, safe: "!#$&'()*+/:;=?@[]|~^`{}\"<> ")
    }
}

/// The request that a reverse proxy asks about.
struct ForwardedRequest {
    let method: String
    /// Path and query.
    let target: String
    /// Whether it is told in the way of nginx (X-Original-*).
    let isNginx: Bool
    /// The path, which is judged alone: two programs may read a query as they like.
    let path: RequestPath

    /// Nil unless exactly one set of headers is there, whole and well-formed, from a proxy that is listed.
    init?(_ request: WebRequest, _ proxies: ProxyPolicy) {
        guard !proxies.peers.isEmpty, proxies.trusts(request) else { return nil }
        let sets = [("x-forwarded-method", "x-forwarded-uri"), ("x-original-method", "x-original-uri")]
        let present = sets.filter { pair in
            request.headers.contains { $0.name == pair.0 } || request.headers.contains { $0.name == pair.1 }
        }
        guard present.count == 1, let names = present.first else { return nil }
        let methods = request.headers.filter { $0.name == names.0 }
        let targets = request.headers.filter { $0.name == names.1 }
        guard methods.count == 1, targets.count == 1, let method = methods.first?.value,
            let target = targets.first?.value,
            !method.isEmpty, method.utf8.allSatisfy({ (0x41...0x5A).contains($0) }),
            target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            let path = RequestPath(unambiguous: ByteText(target).cut(at: 0x3F).before)
        else { return nil }
        self.method = method
        self.target = target
        self.path = path
        isNginx = names.0 == "x-original-method"
    }
}

/// The rules of LIBSECURITY_PROTECTED. The longest match wins, an exact path before a prefix; no match lets nobody in.
struct ProtectedRules: Sendable {
    private let rules: [ProtectedRule]

    init(_ rules: [ProtectedRule]) {
        self.rules = rules
    }

    /// The rule of a path. Nil when there is none, and when a program that takes no notice of case, or of a slash at the end, would
    /// find the path under a rule that says more of it: which of the two counts is not ours to guess.
    func rule(for path: RequestPath) -> ProtectedRule? {
        let loose = path.loosely
        var found: (weight: Int, rule: ProtectedRule)?
        var mostLoose = 0
        for rule in rules {
            if let weight = rule.weight(for: path), weight > found?.weight ?? 0 { found = (weight, rule) }
            mostLoose = max(mostLoose, rule.looseWeight(for: loose))
        }
        guard let found, found.weight >= mostLoose else { return nil }
        return found.rule
    }
}

extension JSONValue {
    /// A value of the configuration.
    init(_ value: SettingValue) {
        switch value {
        case .text(let text): self = .text(text)
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .bool(let value): self = .bool(value)
        case .list(let elements): self = .array(elements.map { JSONValue($0) })
        case .table(let entries): self = .object(entries.map { JSONMember($0.name, JSONValue($0.value)) })
        }
    }
}
