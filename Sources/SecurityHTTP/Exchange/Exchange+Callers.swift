import SecurityCore
import SecurityStore
import SecurityTokens

/// Who asks, by each of the ways in which a request may say so, and the answers to those who may not go on.
extension Exchange {
    /// Somebody, and how they said who they are.
    struct Caller {
        let account: Account
        let mechanism: Mechanism
    }

    /// The first of the allowed mechanisms that names somebody, in the order token, session, basic.
    func authenticate(_ allowed: [Mechanism]) throws -> Caller? {
        for mechanism in Mechanism.allCases where allowed.contains(mechanism) {
            let account =
                switch mechanism {
                case .token: try tokenCaller()
                case .session: try caller()
                case .basic: try basicCaller()
                }
            guard let account else { continue }
            setCaller(account)
            return Caller(account: account, mechanism: mechanism)
        }
        return nil
    }

    /// SECURITY_TOKEN_AUTHENTICATION_KEY in JSON or the query, else SECURITY_TOKEN_AUTHENTICATION_HEADER.
    private func tokenCaller() throws(StoreError) -> Account? {
        var token = parameter(site.web.tokenKey) ?? request.header(ByteText(site.web.tokenHeader).lowered.string)
        if submission.isJSON, let member = submission[site.web.tokenKey]?.string?.string { token = member }
        guard let token, !token.isEmpty else { return nil }
        let bytes = Array(token.utf8)
        let finding = try tokens().check(.authentication, bytes.span)
        return finding.verdict == .valid ? finding.account : nil
    }

    /// `Authorization: Basic` (RFC 7617). The decision is that of /login: an account that may not sign in there is nobody here, and
    /// so is one whose second factor is due, which cannot be asked here.
    private func basicCaller() throws -> Account? {
        guard let header = request.header("authorization"), ByteText(header).lowered.has(prefix: "basic ") else {
            return nil
        }
        let encoded = Array(header.utf8.dropFirst(6).filter { $0 != 0x20 && $0 != 0x3D })
        guard let decoded = Base64.standard.decode(encoded.span) else { return nil }
        let colon = decoded.withBytes { bytes in bytes.indices.first { bytes[$0] == 0x3A } }
        guard let colon else { return nil }
        let name = decoded.withBytes { bytes in String(decoding: (0..<colon).map { bytes[$0] }, as: UTF8.self) }
        let password = decoded.withBytes { bytes in Secret(copying: bytes.extracting(droppingFirst: colon + 1)) }
        let check = try basicCheck(.application(name), password)
        return check.step == .granted ? check.account : nil
    }

    /// Runs `body` for somebody who may go on: authenticated, fresh where `freshness` asks for it, and with a CSRF token where the
    /// mechanism needs one. Anybody else gets the library's answer.
    func authenticated(
        by allowed: [Mechanism], freshness: FreshnessPolicy? = nil, realm: String? = nil,
        _ body: (Caller) throws -> WebResponse
    ) throws -> WebResponse {
        guard let caller = try authenticate(allowed) else { return unauthenticated(allowed, realm: realm) }
        if let freshness, !isFresh(within: freshness.within, grace: freshness.grace, by: caller.mechanism) {
            return try notFresh(caller.account)
        }
        if let flaw = checkCSRF(after: caller.mechanism) { return site.refusal(self, flaw) }
        return try body(caller)
    }

    /// 401, or the way to the sign-in page.
    func unauthenticated(_ allowed: [Mechanism], realm: String? = nil) -> WebResponse {
        var response: WebResponse
        if site.web.features.answersPlainUnauthenticated {
            response = .html(Exchange.plainUnauthenticated, status: 401)
        } else if wantsJSON {
            response = failure(.unauthenticated, status: 401)
        } else if allowed.contains(.basic) {
            response = .html(HTMLText.escaped(text(.unauthenticated)), status: 401)
        } else {
            flash(.login)
            let next = PercentCoding.encode(wantedTarget)
            let login = url("SECURITY_LOGIN_URL")
            return redirect(login + (ByteText(login).holds(0x3F) ? "&" : "?") + "next=" + next)
        }
        if allowed.contains(.basic) {
            // What would end the quoted string, or the field.
            let bytes = (realm ?? site.web.realm).utf8.filter { $0 > 0x1F && $0 != 0x7F && $0 != 0x22 && $0 != 0x5C }
            let realm = String(decoding: bytes, as: UTF8.self)
            response.headers.append(HeaderField("WWW-Authenticate", "Basic realm=\"\(realm)\""))
        }
        return response
    }

    private static let plainUnauthenticated = """
        <h1>Unauthorized</h1>
        <p>The server could not verify that you are authorized to access the URL requested. You either supplied the wrong \
        credentials (e.g. a bad password), or your browser doesn't understand how to supply the credentials required.</p>
        """

    /// 401 with `reauth_required`, or the way to the page that asks for the password once more.
    func notFresh(_ account: Account) throws -> WebResponse {
        if wantsJSON {
            return failure(
                .reauthenticationRequired, status: 401,
                [
                    JSONMember("has_webauthn_verify_credential", .bool(false)),
                    JSONMember("reauth_required", .bool(true)),
                    JSONMember("unified_signin_enabled", .bool(site.web.features.unifiedSignIn)),
                ])
        }
        flash(.reauthenticationRequired)
        let key = site.web.features.unifiedSignIn ? "SECURITY_US_VERIFY_URL" : "SECURITY_VERIFY_URL"
        let whole = (isSecure ? "https://" : "http://") + host + wantedTarget
        return redirect(url(key) + "?next=" + PercentCoding.encode(whole))
    }

    /// 403, or the way that SECURITY_UNAUTHORIZED_VIEW names.
    func unauthorized() -> WebResponse {
        if wantsJSON { return failure(.unauthorized, status: 403) }
        guard let target = view("SECURITY_UNAUTHORIZED_VIEW") else {
            return site.errorPage(self, status: 403, text(.unauthorized))
        }
        flash(.unauthorized)
        return redirect(target)
    }

    /// The answer to somebody who is signed in where only others may come; nil for the others.
    func anonymousOnly() throws(StoreError) -> WebResponse? {
        guard try caller() != nil else { return nil }
        if wantsJSON { return failure(.anonymousUserRequired, status: 400) }
        return redirect(firstView("SECURITY_POST_LOGIN_VIEW"))
    }
}
