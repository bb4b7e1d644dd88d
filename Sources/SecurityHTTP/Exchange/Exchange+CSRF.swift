import SecurityCore
import SecurityTokens

/// Why a CSRF token is not accepted, in Flask-WTF's words.
enum CSRFFlaw: String, Error {
    case missing = "The CSRF token is missing."
    case sessionMissing = "The CSRF session token is missing."
    case expired = "The CSRF token has expired."
    case invalid = "The CSRF token is invalid."
    case mismatch = "The CSRF tokens do not match."
    case referrerMissing = "The referrer header is missing."
    case referrerMismatch = "The referrer does not match the host."
}

/// Checks of CSRF tokens, by what is set up:
///
/// | set-up | when | from |
/// | --- | --- | --- |
/// | off | never | |
/// | forms only | each form | its field, or the key in JSON |
/// | CSRFProtect | before any view | the field of a form, or a header |
/// | CSRFProtect without WTF_CSRF_CHECK_DEFAULT | after authentication by one of the mechanisms; for anonymous callers unless they are ignored | likewise |
extension Exchange {
    /// The check before any view.
    func checkCSRFBeforeView() -> CSRFFlaw? {
        let policy = site.web.csrf
        guard policy.isEnabled, policy.isProtecting, policy.checksEveryView, policy.methods.contains(request.method)
        else {
            return nil
        }
        return protect()
    }

    /// The check after somebody was authenticated by `mechanism`.
    func checkCSRF(after mechanism: Mechanism) -> CSRFFlaw? {
        let policy = site.web.csrf
        guard policy.isEnabled, policy.isProtecting, !isCSRFSettled, !policy.mechanisms.isEmpty else { return nil }
        guard policy.mechanisms.contains(mechanism) else {
            isCSRFSettled = true
            return nil
        }
        return policy.methods.contains(request.method) ? protect() : nil
    }

    /// The check of an endpoint for anybody; what it finds wrong, the form will tell.
    func checkCSRFOfAnybody() throws(StoreError) {
        let policy = site.web.csrf
        guard policy.isEnabled, policy.isProtecting, !isCSRFSettled else { return }
        if policy.ignoresAnonymous, try caller() == nil {
            isCSRFSettled = true
        } else if policy.methods.contains(request.method) {
            _ = protect()
        }
    }

    /// A form's own check, unless it was settled before or anonymous callers need none.
    func checkCSRFOfForm() throws(StoreError) -> CSRFFlaw? {
        guard site.web.csrf.isEnabled, !isCSRFSettled else { return nil }
        if site.web.csrf.ignoresAnonymous, try caller() == nil { return nil }
        return flaw(of: submission.text(site.web.csrf.field))
    }

    /// Flask-WTF's `protect()`: the token of a form's field or a header, and over HTTPS the referrer.
    private func protect() -> CSRFFlaw? {
        let policy = site.web.csrf
        var token = submission.isJSON ? nil : submission[policy.field]?.string
        if token == nil {
            token = policy.headers.lazy.compactMap { self.request.header($0) }.first.map { JSONString($0) }
        }
        if let flaw = flaw(of: token) { return flaw }
        if isSecure, policy.checksReferrer {
            guard let referrer = request.header("referer"), !referrer.isEmpty else { return .referrerMissing }
            let url = TargetURL(referrer)
            guard url.scheme == "https", url.authority.map({ ByteText($0) }) == ByteText(host) else {
                return .referrerMismatch
            }
        }
        isCSRFSettled = true
        return nil
    }

    private func flaw(of token: JSONString?) -> CSRFFlaw? {
        guard let token, !token.equals("") else { return .missing }
        guard let expected = session.csrfToken else { return .sessionMissing }
        return token.withBytes { bytes in
            switch site.csrfSerializer.loads(bytes, maxAge: site.web.csrf.timeLimit, now: now) {
            case .valid(let payload): payload.value.string == expected ? nil : .mismatch
            case .expired: .expired
            case .refused: .invalid
            }
        }
    }

    /// SECURITY_CSRF_COOKIE_NAME: hands the token to scripts, by what the session's `fs_cc` says.
    func handleCSRFCookie() throws(StoreError) {
        guard let rule = site.web.csrf.cookie else { return }
        var state = ""
        if case .string(let text) = session["fs_cc"] { state = text.string ?? "" }
        if state.isEmpty, cookies[site.web.remember.name] != nil, try caller() != nil { state = "set" }
        switch state {
        case "": return
        case "clear":
            session["fs_cc"] = nil
            setCookies.append(.removal(of: rule.name, rule.attributes))
            return
        case "set": session["fs_cc"] = .string(JSONString("sent"))
        default:
            let isStale = cookies[rule.name].map { flaw(of: JSONString($0)) != nil } ?? false
            guard site.web.csrf.refreshesCookie || (site.web.csrf.timeLimit != nil && isStale) else { return }
        }
        setCookies.append(
            SetCookie(
                name: rule.name, value: csrfTokenText(), expires: nil, maxAge: nil, attributes: rule.attributes))
    }
}
