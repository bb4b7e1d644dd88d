import SecurityCore
import SecurityStore
import SecurityTokens

extension Site: WebHandler {
    /// See ``WebHandler``.
    public func lane(method: String, path: String, headers: [HeaderField]) -> Lane {
        lane(method, RequestPath(decoding: ByteText(path).cut(at: 0x3F).before), headers)
    }

    private func lane(_ method: String, _ path: RequestPath, _ headers: [HeaderField]) -> Lane {
        // Basic authentication hashes whatever is asked.
        if headers.contains(where: { $0.name == "authorization" && ByteText($0.value).lowered.has(prefix: "basic") }) {
            return .hashing
        }
        guard method == "POST", let found = routes.find(path) else { return .light }
        return found.route.hashes ? .hashing : .light
    }

    /// See ``WebHandler``.
    public func respond(to request: WebRequest) -> WebResponse {
        let path = RequestPath(decoding: request.rawPath)
        if path == Site.healthPath { return health() }
        return answer(Exchange(site: self, request: request), at: path)
    }

    /// Whether a peer is a proxy that LIBSECURITY_PROXY_FIX lists by its address.
    public func isListedProxy(_ peer: String) -> Bool { web.proxies.peers.contains { $0.contains(peer) } }

    /// The address for which a listed proxy asks; nil where none says it.
    public func forwardedClient(_ headers: [HeaderField], peer: String?) -> String? {
        guard web.proxies.hops > 0, !web.proxies.peers.isEmpty else { return nil }
        let request = WebRequest(
            method: "GET", target: "/", headers: headers, body: SharedSecret(utf8: ""), peer: peer, isTLS: false, id: ""
        )
        guard web.proxies.trusts(request), request.header("x-forwarded-for") != nil else { return nil }
        return ClientPlace(request, web.proxies).text
    }

    /// By whom a request waits for a thread: requests of one origin wait behind each other, and /healthz behind nobody.
    public func queueName(of request: WebRequest) -> String {
        let isProbe = RequestPath(decoding: request.rawPath) == Site.healthPath
        return isProbe ? "healthz" : ClientPlace(request, web.proxies).text
    }

    /// See ``WebHandler``. Tried for what only reads, and for nothing that may hash: not for links, whose tokens hold a hash.
    public func respondAtOnce(to request: WebRequest) -> WebResponse? {
        guard request.method == "GET" || request.method == "HEAD" else { return nil }
        let path = RequestPath(decoding: request.rawPath)
        guard path != Site.healthPath, lane(request.method, path, request.headers) == .light,
            routes.find(path)?.token.isEmpty != false
        else { return nil }
        let exchange = Exchange(site: self, request: request, mayWait: false)
        let response = answer(exchange, at: path)
        return exchange.mustWait ? nil : response
    }

    private func answer(_ exchange: Exchange, at path: RequestPath) -> WebResponse {
        let request = exchange.request
        if path == stylesheetPath {
            return WebResponse(
                status: 200,
                headers: [
                    HeaderField("Content-Type", "text/css; charset=utf-8"),
                    HeaderField("Cache-Control", "public, max-age=3600"),
                    HeaderField("X-Content-Type-Options", "nosniff"),
                ], body: PackageResources.style_css)
        }
        // RFC 9112 section 3.2.
        guard request.headers.filter({ $0.name == "host" }).count == 1 else {
            return secured(.text("Bad Request: there must be one Host field\n", status: 400))
        }
        defer { exchange.close() }
        var response = answer(exchange, path)
        do {
            try finish(exchange, &response)
        } catch {
            response = failed(exchange, error)
        }
        if request.method == "HEAD" { response.body = [] }
        if request.isTLS, web.sendsSecurityHeaders {
            response.headers.append(HeaderField("Strict-Transport-Security", "max-age=31536000"))
        }
        return secured(response)
    }

    private func answer(_ exchange: Exchange, _ path: RequestPath) -> WebResponse {
        guard let found = routes.find(path), !found.route.isFlow || web.servesFlows(at: exchange.host) else {
            return errorPage(exchange, status: 404, exchange.label(.notFound))
        }
        guard found.route.methods.contains(exchange.method) || found.route.methods.contains(exchange.request.method)
        else {
            var response = errorPage(exchange, status: 405, exchange.label(.methodNotAllowed))
            response.headers.append(HeaderField("Allow", found.route.methods.joined(separator: ", ")))
            return response
        }
        if found.route.isFlow { _ = exchange.place }
        do {
            guard exchange.submission.isReadable || !found.route.isFlow else {
                return errorPage(exchange, status: 400, exchange.text(.apiError))
            }
            if !exchange.hasOwnOrigin { return errorPage(exchange, status: 403, exchange.text(.unauthorized)) }
            // /logout needs no token, as in Flask-Security 5.0: whoever forges it gains nothing.
            if path != RequestPath(web.url("SECURITY_LOGOUT_URL")), let flaw = exchange.checkCSRFBeforeView() {
                return refusal(exchange, flaw)
            }
            return try found.route.answer(exchange, found.token)
        } catch {
            return failed(exchange, error)
        }
    }

    /// The answer to a request without a good CSRF token.
    func refusal(_ exchange: Exchange, _ flaw: CSRFFlaw) -> WebResponse {
        errorPage(exchange, status: 400, flaw.rawValue)
    }

    /// A page that says what is wrong; plain text when even that fails.
    func errorPage(_ exchange: Exchange, status: Int, _ text: String) -> WebResponse {
        do {
            return try PageBuilder(exchange).error(text, status: status)
        } catch {
            exchange.mustWait = !exchange.mayWait
            return .text(text, status: status)
        }
    }

    private func failed(_ exchange: Exchange, _ error: any Error) -> WebResponse {
        exchange.mustWait = !exchange.mayWait
        if exchange.mayWait { log.error("request failed: \(error)", request: exchange.request) }
        var response = errorPage(
            exchange, status: error is SiteError ? 500 : 503, exchange.label(.unavailable))
        if response.status == 503 { response.headers.append(HeaderField("Retry-After", "5")) }
        return response
    }

    /// Cookies and what tells caches about them.
    private func finish(_ exchange: Exchange, _ response: inout WebResponse) throws {
        try exchange.sendWaitingMessages()
        try exchange.handleCSRFCookie()
        if exchange.sessionChanged || (web.sessionRefreshes && exchange.session["_permanent"] == .bool(true)) {
            exchange.setCookies.append(sessionCookie(exchange))
        }
        for cookie in exchange.setCookies { response.headers.append(HeaderField("Set-Cookie", cookie.header)) }
        response.headers.append(HeaderField("Vary", "Cookie"))
    }

    private func sessionCookie(_ exchange: Exchange) -> SetCookie {
        guard !exchange.session.members.isEmpty else { return .removal(of: web.session.name, web.session.attributes) }
        let value = sessionCookies.write(exchange.session, at: exchange.now).text
        let isPermanent = exchange.session["_permanent"] == .bool(true)
        return SetCookie(
            name: web.session.name, value: value,
            expires: isPermanent ? exchange.now.seconds + policy.tokens.sessionMaxAgeSeconds : nil, maxAge: nil,
            attributes: web.session.attributes)
    }

    /// The headers of everything that is made for one reader.
    private func secured(_ response: WebResponse) -> WebResponse {
        var response = response
        response.headers.append(HeaderField("Cache-Control", "private, no-store"))
        guard web.sendsSecurityHeaders else { return response }
        response.headers += [
            HeaderField(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
                    + "frame-ancestors 'none'"),
            HeaderField("X-Content-Type-Options", "nosniff"), HeaderField("X-Frame-Options", "DENY"),
            HeaderField("Referrer-Policy", "same-origin"), HeaderField("Cross-Origin-Opener-Policy", "same-origin"),
        ]
        return response
    }

    /// Whether the database can be read, and nothing more: everybody may ask, and a number would tell what others do here. Asked by
    /// programs: no cookie, no page.
    private func health() -> WebResponse {
        do {
            try probe()
            return .text("ok\n")
        } catch {
            return .text("the account database cannot be read\n", status: 503)
        }
    }
}
