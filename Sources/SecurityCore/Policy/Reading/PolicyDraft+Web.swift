/// Combinations of keys of the service that tell strangers more than they seem to.
extension PolicyDraft {
    /// Warns of them. What the keys mean by themselves is read by the service.
    func judgeWebKeys() {
        judgeGenericAnswers()
        judgeProxies()
    }

    private func judgeGenericAnswers() {
        let generic = "SECURITY_RETURN_GENERIC_RESPONSES"
        guard bool(generic) == true else { return }
        if let first = text("LIBSECURITY_MAIL_FIRST_ATTEMPT"), first.utf8.elementsEqual("request".utf8) {
            report(
                .warning, "LIBSECURITY_MAIL_FIRST_ATTEMPT",
                "is \"request\": an answer that waits for the mail server tells by its time who has an account, in spite of"
                    + " \(generic); write \"worker\"")
        }
        if bool("SECURITY_REGISTERABLE") == true, bool("SECURITY_CONFIRMABLE") != true {
            report(
                .warning, "SECURITY_REGISTERABLE",
                "without SECURITY_CONFIRMABLE signs a new account in at once and a taken address not, which tells who has an"
                    + " account in spite of \(generic)")
        }
    }

    private func judgeProxies() {
        let key = "LIBSECURITY_PROXY_FIX"
        let entries = self[key]?.children ?? []
        let hops = entries.first { $0.key.utf8.elementsEqual("x_for".utf8) }?.integer ?? 0
        let peers = entries.first { $0.key.utf8.elementsEqual("trusted".utf8) }?.children ?? []
        guard hops > 0, peers.isEmpty else { return }
        report(
            .warning, key,
            "has x_for without trusted: X-Forwarded-For of everybody who can connect is believed; name the addresses of the"
                + " proxies in trusted")
    }
}
