import SecurityCore

/// Where to go next. Nothing that a request says may lead out of the site.
extension Exchange {
    /// Whether a request may name this target: a path of this site, or a URL with exactly its authority. Judged by bytes, since
    /// browsers see delimiters where Characters hide them.
    ///
    /// Flask-Security's rule, and what browsers make of a URL beyond it: they take `\` for `/`, skip blanks and control characters,
    /// and drop characters such as U+FE0F from the name of a host. So an authority is ASCII, and `\` stands behind `?` or `#` only.
    func isAllowed(target: String) -> Bool {
        let text = ByteText(target)
        guard let first = text.utf8.first, first != 0x20, text.holdsOnly({ $0 > 0x1F && $0 != 0x7F }),
            !site.web.redirectPattern.refuses(text)
        else { return false }
        let url = TargetURL(target)
        guard !ByteText(url.authority ?? "").holds(0x5C), !ByteText(url.path).holds(0x5C) else { return false }
        // `///` would be an empty authority, which browsers skip.
        guard let authority = url.authority else { return url.scheme.isEmpty }
        guard ["", "http", "https"].contains(ByteText(url.scheme)) else { return false }
        return isOwn(ByteText(authority).lowered)
    }

    private func isOwn(_ authority: ByteText) -> Bool {
        guard !authority.isEmpty, authority.holdsOnly(Exchange.isAuthorityByte) else { return false }
        if authority == ByteText(host).lowered { return true }
        guard site.web.allowsSubdomains, let name = site.web.serverName.map({ ByteText($0).lowered }) else {
            return false
        }
        if authority == name { return true }
        guard let labels = authority.dropping(suffix: name)?.dropping(suffix: ".") else { return false }
        return labels.parts(at: 0x2E).allSatisfy { label in
            !label.isEmpty && label.holdsOnly { $0 != 0x3A && $0 != 0x5B && $0 != 0x5D }
        }
    }

    /// Letters and digits in lower case, and `-._:[]`: no user name, no percent-encoding, no other script.
    private static func isAuthorityByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x3A, 0x5B, 0x5D: true
        default: false
        }
    }

    /// A configured target: a path or URL, or one of LIBSECURITY_VIEW_NAMES; nil for None.
    func view(_ key: String) -> String? {
        guard let text = site.web.text(key), !text.isEmpty else { return nil }
        return site.web.viewNames[ByteText(text)] ?? text
    }

    /// A configured target with parameters; SECURITY_REDIRECT_HOST replaces its authority in single-page mode.
    func view(_ key: String, adding parameters: [(name: String, value: String)]) -> String? {
        guard let text = view(key) else { return nil }
        var url = TargetURL(text).adding(parameters)
        if let host = site.web.redirectHost { url.authority = host }
        return url.text
    }

    /// The first allowed of `next` in the query, `next` in the form, the configured view, and the application's root.
    func target(after key: String) -> String {
        var candidates = [parameter("next")]
        if !submission.isJSON { candidates.append(submission.plain("next")) }
        for candidate in candidates {
            guard let candidate else { continue }
            // A name of the configuration is a view of the site, as Flask's endpoint names are.
            if let view = site.web.viewNames[ByteText(candidate)] { return view }
            if !candidate.isEmpty, isAllowed(target: candidate) { return candidate }
        }
        return view(key) ?? site.web.applicationRoot
    }

    /// The page with the button of a mailed link, until that is pressed (LIBSECURITY_LINK_CONFIRM): whoever only opens a link, as
    /// mail scanners do, changes nothing and sends nothing. Nil when the link may act.
    func askFirst(_ title: PageText, _ url: String, token: String) throws -> WebResponse? {
        guard site.web.features.linksAskFirst else { return nil }
        var errors = FormErrors()
        if method == "POST" { try checkCSRF(&errors) }
        guard method != "POST" || !errors.isEmpty else { return nil }
        if method == "POST", wantsJSON { return failure(errors) }
        return try PageBuilder(self).confirmLink(title: title, action: self.url(url, token: token), errors)
    }

    /// Where a mailed link leads that was no good: in single-page mode to the view for errors with the message in its query,
    /// else with the message for the next page to `page`.
    func linkRefused(
        _ message: Message, _ key: MessageKey, account: Account?, errors view: String, page: String
    ) throws(StoreError) -> WebResponse {
        if site.web.features.singlePage, let target = try self.view(view, adding: parameters(message, key, account)) {
            return redirect(target)
        }
        flash(message, key)
        return redirect(page)
    }

    /// What a single-page application is told: a message by its level, and whose link it was.
    func parameters(
        _ message: Message, _ key: MessageKey, _ account: Account?
    ) throws(StoreError) -> [(name: String, value: String)] {
        var parameters = [(name: site.policy.messages.level(of: key).rawValue, value: text(message))]
        if let account { parameters += try self.parameters(of: account) }
        return parameters
    }

    /// The first of some configured targets that is set, else the application's root.
    func firstView(_ keys: String...) -> String {
        keys.lazy.compactMap { self.view($0) }.first ?? site.web.applicationRoot
    }

    /// The path of one of our routes.
    func url(_ key: String) -> String { site.web.url(key) }

    /// An absolute link for a mail; its host is the configuration's, never the request's.
    func link(_ path: String) throws -> String {
        guard let base = site.web.linkBase else { throw SiteError.noPublicURL }
        return base + path
    }

    /// A route with a token behind it.
    func url(_ key: String, token: String) -> String {
        RequestPath(url(key)).token(token)
    }
}
